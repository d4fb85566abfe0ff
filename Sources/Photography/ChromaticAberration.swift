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

  /// The two samples that a place lies between, and how far it is from the first.
  private struct Step {
    var first: Int32
    var share: Float
  }

  private static func steps(_ count: Int, _ shrink: Double, _ centre: Double) -> [Step] {
    (0..<count).map { i in
      let place = min(max((Double(i) + 0.5 - centre) * shrink + centre - 0.5, 0), Double(count - 1))
      let first = min(place.rounded(.down), Double(max(count - 2, 0)))
      return Step(first: Int32(first), share: Float(place - first))
    }
  }

  /// Rows are mixed first, eight pixels at a time, then the pixels of the mixed row.
  private static func resample(
    _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ size: LinearImage, _ shrink: Double,
    _ centre: Vector2
  ) {
    let (width, height, stride) = (size.width, size.height, size.stride)
    let columns = steps(width, shrink, centre.x)
    let rows = steps(height, shrink, centre.y)
    // One more than a row, so that the last pixel has a neighbour.
    var mixed = [Float](repeating: 0, count: stride + 8)
    mixed.withUnsafeMutableBufferPointer { mixed in
      columns.withUnsafeBufferPointer { columns in
        guard let m = mixed.baseAddress else { return }
        for y in 0..<height {
          let a = from + Int(rows[y].first) * stride
          let b = height > 1 ? a + stride : a
          for x in Swift.stride(from: 0, to: width, by: 8) {
            let p = load(a + x)
            store(p + (load(b + x) - p) * rows[y].share, m + x)
          }
          let out = to + y * stride
          for x in 0..<width {
            let c = columns[x]
            let p = m[Int(c.first)]
            out[x] = p + (m[Int(c.first) + (width > 1 ? 1 : 0)] - p) * c.share
          }
        }
      }
    }
  }
}
