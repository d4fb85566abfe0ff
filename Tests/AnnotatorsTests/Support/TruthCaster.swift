// What pixels see, found without the rasterizer and without the annotators: rays in the object's own axes, in double
// precision, against every triangle. It shares the frame's types with them and nothing else.

import Geometry
import Stage

struct Truth {
  var instance: Int
  var triangle: Int
  /// Metres along the optical axis, and from the camera's origin.
  var depth: Double
  var distance: Double
  /// In camera axes, of unit length, towards the camera.
  var normal: Vector3
  var world: Vector3
  var camera: Vector3
  /// In the object's frame.
  var object: Vector3
  var uv: Vector2
  /// How far inside its triangle the hit is: the least of the three weights.
  var margin: Double
}

struct TruthCaster {
  let frame: Frame
  /// From the camera's axes to each object's, and its bounding sphere in camera axes.
  private let toObject: [AffineTransform]
  private let spheres: [(center: Vector3, radius: Double)]

  init(_ frame: Frame) {
    self.frame = frame
    toObject = frame.instances.map { (frame.camera.worldToCamera * $0.objectToWorld).inverse ?? .identity }
    spheres = frame.instances.map { instance in
      let t = frame.camera.worldToCamera * instance.objectToWorld
      let center = t * ((instance.mesh.lowerBound + instance.mesh.upperBound) / 2)
      var radius = 0.0
      for v in instance.mesh.vertices { radius = max(radius, (t * Vector3(v.position) - center).length) }
      return (center, radius * 1.000001)
    }
  }

  /// What the ray through a place of the picture meets first; of equal ones the earlier in drawing order.
  ///
  /// - Parameter only: an instance that is alone, or nil for all.
  func look(_ place: Vector2, only: Int? = nil) -> Truth? {
    guard let ray = frame.camera.ray(through: place) else { return nil }
    var best: Truth?
    var nearest = Double.infinity
    for (i, instance) in frame.instances.enumerated() where only == nil || only == i {
      // Past the sphere around it nothing is met.
      let to = spheres[i].center - ray.origin
      let along = dot(to, ray.direction)
      let off = (to - ray.direction * along).length
      if off > spheres[i].radius { continue }
      let origin = toObject[i] * ray.origin
      let direction = toObject[i].linear * ray.direction
      let mesh = instance.mesh
      for t in 0..<mesh.triangleCount {
        let v = (0..<3).map { mesh.vertices[Int(mesh.indices[3 * t + $0])] }
        let (a, b, c) = (Vector3(v[0].position), Vector3(v[1].position), Vector3(v[2].position))
        let (p, q, r) = (a - origin, b - origin, c - origin)
        // Signed volumes with the three sides.
        let (x, y, z) = (dot(direction, cross(q, r)), dot(direction, cross(r, p)), dot(direction, cross(p, q)))
        guard (x >= 0 && y >= 0 && z >= 0) || (x <= 0 && y <= 0 && z <= 0) else { continue }
        let sum = x + y + z
        guard sum != 0 else { continue }
        let (w0, w1, w2) = (x / sum, y / sum, z / sum)
        let object = a * w0 + b * w1 + c * w2
        let world = instance.objectToWorld * object
        let camera = frame.camera.worldToCamera * world
        let s = dot(camera - ray.origin, ray.direction)
        let isNear = frame.camera.depthIsDistance ? camera.length < frame.camera.near : camera.z < frame.camera.near
        guard s > 0, !isNear, s < nearest else { continue }
        guard let turned = (toObject[i].linear.transpose * cross(b - a, c - a)).normalized else { continue }
        nearest = s
        best = Truth(
          instance: i, triangle: t, depth: frame.camera.depthIsDistance ? camera.length : camera.z,
          distance: camera.length, normal: dot(turned, ray.direction) > 0 ? -turned : turned, world: world,
          camera: camera, object: object,
          uv: Vector2(v[0].uv) * w0 + Vector2(v[1].uv) * w1 + Vector2(v[2].uv) * w2, margin: min(w0, min(w1, w2)))
      }
    }
    return best
  }

  func look(_ x: Int, _ y: Int, only: Int? = nil) -> Truth? {
    look(Vector2(Double(x) + 0.5, Double(y) + 0.5), only: only)
  }

  /// Whether anything else is met within snapping distance of a pixel's centre: another object, another triangle at
  /// another depth, or nothing.
  func isAtEdge(_ x: Int, _ y: Int, only: Int? = nil, reach: Double = 1.0 / 128) -> Bool {
    let here = look(x, y, only: only)
    for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)] {
      let there = look(
        Vector2(Double(x) + 0.5 + Double(dx) * reach, Double(y) + 0.5 + Double(dy) * reach), only: only)
      if there?.instance != here?.instance { return true }
    }
    return false
  }
}
