import Documents
import Geometry

/// Points of a disc, a ring, or a cylinder above it.
struct PointInCylinder: Distribution {
  static let manual = Manual(
    name: "in_cylinder", summary: "A point uniform over a disc, a ring or an upright cylinder.",
    sample: "{$in_cylinder: {radius: 3.2, height: [0.35, 1.3]}}")
  static let shorthand = Shorthand.none

  var radius = 1.0
  var innerRadius = 0.0
  var height = Range2(0, 0)
  var center = Vector3()

  static let fields: [Field<PointInCylinder>] = [
    Field("radius", \.radius, "The outer radius; metres. Default: 1.", in: .nonNegative),
    Field("inner_radius", \.innerRadius, "The radius of the hole; metres. Default: 0.", in: .nonNegative),
    Field("height", \.height, "The height above the centre, or its range; metres. Default: 0."),
    Field("center", \.center, "The middle of the bottom; metres. Default: the origin."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    try checkOrder(Quantity(innerRadius), Quantity(radius), at: node)
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    // The area within r grows with its square.
    let r = random.uniform(innerRadius * innerRadius, radius * radius).squareRoot()
    let (s, c) = StableMath.sincos(2 * Double.pi * random.unit())
    let z = height.draw(&random)
    return .reals([center.x + r * c, center.y + r * s, center.z + z])
  }
}
