import CLanes
import Imaging
import LaneMath

/// Encoded values, 0 to 1, to whole numbers, rounded half up; what is outside is cut off.
enum Quantization {
  static func eight(_ picture: LinearImage) -> [UInt8] { codes(picture) }
  static func sixteen(_ picture: LinearImage) -> [UInt16] { codes(picture) }

  @inline(__always)
  private static func codes<Code: FixedWidthInteger & UnsignedInteger>(_ picture: LinearImage) -> [Code] {
    let (width, height) = (picture.width, picture.height)
    return [Code](unsafeUninitializedCapacity: width * height * 3) { out, count in
      count = width * height * 3
      guard let out = out.baseAddress else { return }
      each(picture, Float(Code.max)) { k, n, r, g, b in
        let p = out + 3 * k
        for i in 0..<n {
          p[3 * i] = Code(truncatingIfNeeded: r[i])
          p[3 * i + 1] = Code(truncatingIfNeeded: g[i])
          p[3 * i + 2] = Code(truncatingIfNeeded: b[i])
        }
      }
    }
  }

  /// Calls `body` with the first pixel's number, how many pixels there are, and their codes.
  @inline(__always)
  private static func each(
    _ picture: LinearImage, _ top: Float, _ body: (Int, Int, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>) -> Void
  ) {
    let (width, height, stride, plane) = (picture.width, picture.height, picture.stride, picture.planeSize)
    @inline(__always) func code(_ p: UnsafePointer<Float>) -> SIMD8<Int32> {
      integers(minimum(maximum(load(p), lanes(0)), lanes(1)) * top + 0.5)
    }
    picture.read { base in
      for y in 0..<height {
        for x in Swift.stride(from: 0, to: width, by: 8) {
          let p = base + (y * stride + x)
          body(y * width + x, min(8, width - x), code(p), code(p + plane), code(p + 2 * plane))
        }
      }
    }
  }
}
