import CLanes
import Imaging
import LaneMath

/// Reads eight samples, aligned or not.
@inline(__always) func load(_ p: UnsafePointer<Float>) -> Lanes { UnsafeRawPointer(p).loadUnaligned(as: Lanes.self) }

@inline(__always) func store(_ v: Lanes, _ p: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: Lanes.self)
}

/// 0, 1, ... 7.
@inline(__always) var ramp: Lanes { Lanes(0, 1, 2, 3, 4, 5, 6, 7) }

extension LinearImage {
  /// The planes as pointers.
  func read<R>(_ body: (UnsafePointer<Float>) -> R) -> R {
    samples.withUnsafeBufferPointer { s in
      guard let base = s.baseAddress else { preconditionFailure("a picture has at least one pixel") }
      return body(base)
    }
  }

  mutating func write<R>(_ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    samples.withUnsafeMutableBufferPointer { s in
      guard let base = s.baseAddress else { preconditionFailure("a picture has at least one pixel") }
      return body(base)
    }
  }
}
