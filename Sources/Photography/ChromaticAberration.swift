import CLanes
import Geometry
import Imaging
import LaneMath
import Stage

/// Lateral chromatic aberration: red and blue are drawn a little larger or smaller than green, about the principal point.
/// Between pixels the light runs in straight lines; beyond the picture's edge it is as at the edge.
struct ChromaticAberration {
  private let scale: Vector2
  private let centre: Vector2

  init(_ larger: Vector2, _ camera: Camera) {
    scale = larger
    centre = Vector2(camera.cx, camera.cy)
  }

  func apply(_ light: LinearImage, into out: inout LinearImage) {
    let plane = light.planeSize
    light.read { from in
      out.write { to in
        ChromaticAberration.resample(from, to, light, 1 / (1 + scale.x), centre)
        (to + plane).update(from: from + plane, count: plane)
        ChromaticAberration.resample(from + 2 * plane, to + 2 * plane, light, 1 / (1 + scale.y), centre)
      }
    }
  }

  /// For each place the first of the two samples that it lies between, and how far it is from that one; padded to whole
  /// vectors. Where eight places on from a multiple of eight lie between nine samples in a row, `isEven` is set.
  private struct Steps {
    var first: [Int32] = []
    var share: [Float] = []
    var isEven: [Bool] = []

    init(_ count: Int, _ shrink: Double, _ centre: Double) {
      for i in 0..<(count + 7) & ~7 {
        let place = min(max((Double(i) + 0.5 - centre) * shrink + centre - 0.5, 0), Double(count - 1))
        let at = min(place.rounded(.down), Double(max(count - 2, 0)))
        first.append(Int32(at))
        share.append(Float(place - at))
      }
      for i in Swift.stride(from: 0, to: first.count, by: 8) {
        isEven.append((1..<8).allSatisfy { Int(first[i + $0]) == Int(first[i]) + $0 })
      }
    }
  }

  /// Rows are mixed first, eight pixels at a time, then the pixels of the mixed row.
  private static func resample(
    _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ size: LinearImage, _ shrink: Double,
    _ centre: Vector2
  ) {
    let (width, height, stride) = (size.width, size.height, size.stride)
    let columns = Steps(width, shrink, centre.x)
    let rows = Steps(height, shrink, centre.y)
    // One more than a row, so that the last pixel has a neighbour.
    var mixed = [Float](repeating: 0, count: stride + 8)
    mixed.withUnsafeMutableBufferPointer { mixed in
      columns.share.withUnsafeBufferPointer { shares in
        guard let m = mixed.baseAddress, let shares = shares.baseAddress else { return }
        for y in 0..<height {
          let a = from + Int(rows.first[y]) * stride
          let b = height > 1 ? a + stride : a
          for x in Swift.stride(from: 0, to: width, by: 8) {
            let p = load(a + x)
            store(p + (load(b + x) - p) * rows.share[y], m + x)
          }
          let out = to + y * stride
          for x in Swift.stride(from: 0, to: width, by: 8) {
            if columns.isEven[x &>> 3] {
              let k = Int(columns.first[x])
              let p = load(m + k)
              store(p + (load(m + (k + 1)) - p) * load(shares + x), out + x)
            } else {
              for i in x..<min(x + 8, width) {
                let k = Int(columns.first[i])
                out[i] = m[k] + (m[k + (width > 1 ? 1 : 0)] - m[k]) * shares[i]
              }
            }
          }
        }
      }
    }
  }
}
