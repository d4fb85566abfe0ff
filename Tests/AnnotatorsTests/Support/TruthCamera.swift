// The cameras' formulas once more, with the C library's functions and nothing of the house: what projections are held
// against.

import Foundation
import Geometry
import Stage

enum TruthCamera {
  /// Where a camera sees a point of the world; nil behind it, and outside of what a lens shows.
  static func project(_ camera: Camera, _ world: Vector3) -> Vector2? {
    let r = camera.rotation
    func row(_ v: Vector3, _ t: Double) -> Double { v.x * world.x + v.y * world.y + v.z * world.z + t }
    let (x, y, z) = (
      row(r.row0, camera.translation.x), row(r.row1, camera.translation.y), row(r.row2, camera.translation.z)
    )
    switch camera.projection {
    case .pinhole:
      return z < camera.near ? nil : Vector2(camera.fx * x / z + camera.cx, camera.fy * y / z + camera.cy)
    case .orthographic: return z < camera.near ? nil : Vector2(camera.fx * x + camera.cx, camera.fy * y + camera.cy)
    case .brownConrady(let lens):
      if z < camera.near { return nil }
      let (a, b) = (x / z, y / z)
      let r2 = a * a + b * b
      if r2 > lens.maximumRadius * lens.maximumRadius { return nil }
      let k = lens.k
      let g =
        (1 + k[0] * r2 + k[1] * pow(r2, 2) + k[2] * pow(r2, 3))
        / (1 + k[3] * r2 + k[4] * pow(r2, 2) + k[5] * pow(r2, 3))
      let u = a * g + 2 * lens.p1 * a * b + lens.p2 * (r2 + 2 * a * a)
      let v = b * g + lens.p1 * (r2 + 2 * b * b) + 2 * lens.p2 * a * b
      return Vector2(camera.fx * u + camera.cx, camera.fy * v + camera.cy)
    case .fisheye(let lens):
      if (x * x + y * y + z * z).squareRoot() < camera.near { return nil }
      let angle = Foundation.atan2((x * x + y * y).squareRoot(), z)
      if angle > lens.maximumAngle { return nil }
      var d = angle
      for (i, k) in lens.k.enumerated() { d += k * pow(angle, Double(2 * i + 3)) }
      let turn = Foundation.atan2(y, x)
      return Vector2(camera.fx * d * cos(turn) + camera.cx, camera.fy * d * sin(turn) + camera.cy)
    }
  }
}
