import Geometry
import Stage

/// The rays through the centres of a camera's pixels, in camera axes. Those of a lens that bends the picture are kept as
/// long as the lens is the same: finding one takes as long as shading its pixel.
struct PixelRays {
  private struct Key: Hashable {
    var projection: Projection
    var intrinsics: SIMD4<Double>
    var width: Int
    var height: Int
  }
  private var key: Key?
  private var bent: [Vector3] = []
  private var camera: Camera
  private var width = 1

  init() {
    camera = Camera(fx: 1, fy: 1, cx: 0, cy: 0, rotation: .identity, translation: Vector3())
  }

  mutating func prepare(_ frame: Frame) {
    let c = frame.camera
    (camera, width) = (c, frame.width)
    guard c.isBent else { return }
    let new = Key(
      projection: c.projection, intrinsics: SIMD4(c.fx, c.fy, c.cx, c.cy), width: frame.width, height: frame.height)
    if new == key { return }
    key = new
    bent.removeAll(keepingCapacity: true)
    bent.reserveCapacity(frame.width * frame.height)
    for y in 0..<frame.height {
      for x in 0..<frame.width {
        bent.append(c.unproject(Vector2(Double(x) + 0.5, Double(y) + 0.5)) ?? Vector3())
      }
    }
  }

  /// Where the ray begins and its direction, of any length; zero where the lens shows nothing.
  @inline(__always)
  func ray(_ x: Int, _ y: Int) -> (origin: Vector3, direction: Vector3) {
    if camera.isBent { return (Vector3(), bent[y * width + x]) }
    let (u, v) = ((Double(x) + 0.5 - camera.cx) / camera.fx, (Double(y) + 0.5 - camera.cy) / camera.fy)
    return camera.isParallel ? (Vector3(u, v, 0), Vector3(0, 0, 1)) : (Vector3(), Vector3(u, v, 1))
  }
}
