import Documents
import Geometry

/// Directions near an axis; a hemisphere is a cone of 90 degrees.
struct ConeDirection: Distribution {
  static let manual = Manual(
    name: "cone", summary: "A unit vector within an angle of an axis, uniform over that cap of the sphere.",
    sample: "{$cone: {axis: [0, 0, 1], angle: 30}}")
  static let shorthand = Shorthand.fields(["angle"])

  var axis = DirectionValue(unit: Vector3(0, 0, 1))
  var angle = 90.0

  static let fields: [Field<ConeDirection>] = [
    Field("axis", \.axis, "The middle of the cone. Default: straight up."),
    Field(
      "angle", \.angle, "Degrees from the axis to the edge; 90 is the hemisphere. Default: 90.", in: .closed(0, 180)),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    let v = capDirection(cosine: StableMath.cos(angle.degreesInRadians), axis: axis.unit, &random)
    return .reals([v.x, v.y, v.z])
  }
}
