import Geometry
import Stage

@testable import Rasterization

/// What the pixels of any camera see, found without the rasterizer: each pixel's own ray against every triangle, in double
/// precision. Slow; for small pictures of few triangles.
struct LensRayCaster {
  let frame: Frame
  private let triangles: [(instance: Int, triangle: Int, a: Vector3, b: Vector3, c: Vector3)]

  struct Hit {
    var instance: Int
    var triangle: Int
    /// Along the ray, metres.
    var distance: Double
  }

  init(_ frame: Frame) {
    self.frame = frame
    var list: [(instance: Int, triangle: Int, a: Vector3, b: Vector3, c: Vector3)] = []
    for (i, instance) in frame.instances.enumerated() {
      let t = frame.camera.worldToCamera * instance.objectToWorld
      let v = instance.mesh.vertices.map { t * Vector3($0.position) }
      let indices = instance.mesh.indices
      for k in 0..<instance.mesh.triangleCount {
        list.append((i, k, v[Int(indices[3 * k])], v[Int(indices[3 * k + 1])], v[Int(indices[3 * k + 2])]))
      }
    }
    triangles = list
  }

  /// The nearest hit of the ray through a place of the picture; of equal ones the earlier in drawing order.
  func hit(_ place: Vector2) -> Hit? {
    guard let ray = frame.camera.ray(through: place) else { return nil }
    var nearest: Hit?
    for t in triangles {
      let (a, b, c) = (t.a - ray.origin, t.b - ray.origin, t.c - ray.origin)
      let d = ray.direction
      let (u, v, w) = (dot(d, cross(b, c)), dot(d, cross(c, a)), dot(d, cross(a, b)))
      guard (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0) else { continue }
      let n = cross(b - a, c - a)
      let slope = dot(n, d)
      guard slope != 0 else { continue }
      let s = dot(n, a) / slope
      guard s > frame.camera.near, s < nearest?.distance ?? .infinity else { continue }
      nearest = Hit(instance: t.instance, triangle: t.triangle, distance: s)
    }
    return nearest
  }

  /// What the depth plane is to hold for a hit at a pixel's centre.
  func depth(_ hit: Hit, _ place: Vector2) -> Double {
    guard !frame.camera.depthIsDistance, let ray = frame.camera.ray(through: place) else { return hit.distance }
    return hit.distance * ray.direction.z
  }
}
