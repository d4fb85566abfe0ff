import Geometry
import Stage

/// Casters whose shadow nobody can see: a table top or the ground, lit and seen from above.
enum Backdrop {
  /// Whether `instance` is a rectangle, and every part of every other instance that lies behind it as the sun sees it is
  /// hidden behind it as the camera sees it.
  ///
  /// - Parameter surroundings: the corners of a box around all instances. Where none of them lies behind the rectangle,
  ///   they answer for all instances at once: flat ones may be many.
  static func isBackdrop(_ instance: Instance, _ frame: Frame, _ sun: Sun, surroundings: [Vector3]) -> Bool {
    // Parallel rays have no eye to look from.
    guard !frame.camera.isParallel, !instance.hasSurfaceFlags,
      let rectangle = Rectangle(instance, towards: sun.direction)
    else { return false }
    let eye = frame.camera.position
    guard rectangle.height(eye) > 0 else { return false }
    if rectangle.hides(surroundings, from: eye) { return true }
    for other in frame.instances where other.name != instance.name {
      guard rectangle.hides(other.mesh.corners(under: other.objectToWorld), from: eye) else { return false }
    }
    return true
  }

  /// The corners of the box along the world's axes around all instances.
  static func surroundings(_ frame: Frame) -> [Vector3] {
    var low = Vector3(repeating: .infinity)
    var high = Vector3(repeating: -.infinity)
    for instance in frame.instances {
      for p in instance.mesh.corners(under: instance.objectToWorld) {
        low = pointwiseMin(low, p)
        high = pointwiseMax(high, p)
      }
    }
    return (0..<8).map { k in
      Vector3(k & 1 == 0 ? low.x : high.x, k & 2 == 0 ? low.y : high.y, k & 4 == 0 ? low.z : high.z)
    }
  }

  private struct Rectangle {
    /// Towards the sun; of unit length.
    let normal: Vector3
    let offset: Double
    let toObject: AffineTransform
    let low: Vector3
    let high: Vector3
    let tolerance: Double

    /// Nil where the mesh is not one rectangle along two of its axes.
    init?(_ instance: Instance, towards direction: Vector3) {
      let mesh = instance.mesh
      let size = mesh.upperBound - mesh.lowerBound
      let thin = [size.x, size.y, size.z]
      guard mesh.triangleCount == 2, mesh.vertices.count == 4, thin.filter({ $0 == 0 }).count == 1 else { return nil }
      let axis: Vector3 = size.x == 0 ? Vector3(1, 0, 0) : (size.y == 0 ? Vector3(0, 1, 0) : Vector3(0, 0, 1))
      // Four vertices at the four corners of the bounds, each corner used: a rectangle without a gap.
      let corners = Set(mesh.vertices.map(\.position))
      let used = Set(mesh.indices.map { mesh.vertices[Int($0)].position })
      let isAtCorners = corners.allSatisfy { v in
        let p = Vector3(v)
        return (p.x == mesh.lowerBound.x || p.x == mesh.upperBound.x)
          && (p.y == mesh.lowerBound.y || p.y == mesh.upperBound.y)
          && (p.z == mesh.lowerBound.z || p.z == mesh.upperBound.z)
      }
      guard corners.count == 4, used.count == 4, isAtCorners, let inverse = instance.objectToWorld.inverse,
        let n = (inverse.linear.transpose * axis).normalized
      else { return nil }
      normal = dot(n, direction) < 0 ? -n : n
      offset = dot(normal, instance.objectToWorld * mesh.lowerBound)
      toObject = inverse
      low = mesh.lowerBound
      high = mesh.upperBound
      tolerance = 1e-6 * max(1, abs(offset))
    }

    func height(_ p: Vector3) -> Double { dot(normal, p) - offset }

    /// Whether the part of a convex body behind the plane is seen by `eye`, which is before it, only through the
    /// rectangle. It suffices to look at the corners behind the plane, through the plane, and at the points where a line
    /// from a corner before to a corner behind crosses it: the hull of those holds the rest.
    func hides(_ corners: [Vector3], from eye: Vector3) -> Bool {
      let behind = corners.filter { height($0) < -tolerance }
      if behind.isEmpty { return true }
      let before = corners.filter { height($0) >= -tolerance }
      for b in behind {
        for from in [eye] + before {
          let (h, depth) = (max(height(from), 0), -height(b))
          let crossing = toObject * (from + (b - from) * (h / (h + depth)))
          let isInside = (0..<3).allSatisfy {
            low[$0] == high[$0] || (crossing[$0] > low[$0] && crossing[$0] < high[$0])
          }
          if !isInside { return false }
        }
      }
      return true
    }
  }
}
