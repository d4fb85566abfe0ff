import Geometry

/// Clips convex polygons against half-spaces, in double precision.
///
/// A crossing is always computed from the vertex inside to the vertex outside, so two triangles that share an edge get
/// the same new vertex to the bit and no crack opens.
struct Clipper {
  /// A point is inside where `dot(normal, p) + offset >= 0`.
  struct Plane {
    var normal: Vector3
    var offset: Double

    @inline(__always) func distance(_ p: Vector3) -> Double { dot(normal, p) + offset }
  }

  let planes: [Plane]

  /// The part of the polygon inside all planes, in the same winding; empty where nothing is left.
  func clip(_ polygon: [Vector3]) -> [Vector3] {
    var current = polygon
    for plane in planes {
      guard current.count >= 3 else { return [] }
      var next: [Vector3] = []
      var previous = current[current.count - 1]
      var previousDistance = plane.distance(previous)
      for p in current {
        let distance = plane.distance(p)
        if (distance >= 0) != (previousDistance >= 0) {
          let (inside, outside, dIn, dOut) =
            distance >= 0 ? (p, previous, distance, previousDistance) : (previous, p, previousDistance, distance)
          next.append(inside + (outside - inside) * (dIn / (dIn - dOut)))
        }
        if distance >= 0 { next.append(p) }
        previous = p
        previousDistance = distance
      }
      current = next
    }
    return current.count >= 3 ? current : []
  }
}
