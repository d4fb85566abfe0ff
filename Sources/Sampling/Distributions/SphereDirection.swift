import Documents
import Geometry

/// Directions all around, or within a part of the sphere about an axis.
struct SphereDirection: Distribution {
  static let manual = Manual(
    name: "direction", summary: "A unit vector, uniform over the whole sphere.", sample: "{$direction: {}}")
  static let shorthand = Shorthand.none

  static let fields: [Field<SphereDirection>] = []

  func draw(_ random: inout RandomStream) -> Node.Content {
    let v = capDirection(cosine: -1, axis: Vector3(0, 0, 1), &random)
    return .reals([v.x, v.y, v.z])
  }
}

/// A unit vector uniform over the cap of all directions whose cosine with `axis` is at least `cosine` (Archimedes: the
/// area of a zone is proportional to its height).
func capDirection(cosine: Double, axis: Vector3, _ random: inout RandomStream) -> Vector3 {
  let z = random.uniform(cosine, 1)
  let (s, c) = StableMath.sincos(2 * Double.pi * random.unit())
  let r = max(0, (1 - z) * (1 + z)).squareRoot()
  if axis == Vector3(0, 0, 1) { return Vector3(r * c, r * s, z) }
  let u = axis.anyPerpendicular
  return u * (r * c) + cross(axis, u) * (r * s) + axis * z
}
