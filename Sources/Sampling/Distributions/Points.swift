import Documents
import Geometry

/// Points of a box.
struct PointInBox: Distribution {
  static let manual = Manual(
    name: "in_box", summary: "A point uniform over an upright box.",
    sample: "{$in_box: {size: [4, 2, 0], center: [0, 0, 1]}}")
  static let shorthand = Shorthand.whole("size")

  var size = Vector3(1, 1, 1)
  var center = Vector3()

  static let fields: [Field<PointInBox>] = [
    Field(
      "size", \.size, "Extents along x, y and z; metres; 0 makes a rectangle, a line or a point.", required: true,
      in: .nonNegative),
    Field("center", \.center, "The middle; metres. Default: the origin."),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    let x = random.uniform(center.x - size.x / 2, center.x + size.x / 2)
    let y = random.uniform(center.y - size.y / 2, center.y + size.y / 2)
    let z = random.uniform(center.z - size.z / 2, center.z + size.z / 2)
    return .reals([x, y, z])
  }
}

/// Points of a ball.
struct PointInBall: Distribution {
  static let manual = Manual(
    name: "in_ball", summary: "A point uniform over a ball, or over a shell of it.",
    sample: "{$in_ball: {radius: 2, inner_radius: 1}}")
  static let shorthand = Shorthand.fields(["radius"])

  var radius = 1.0
  var innerRadius = 0.0
  var center = Vector3()

  static let fields: [Field<PointInBall>] = [
    Field("radius", \.radius, "The outer radius; metres. Default: 1.", in: .nonNegative),
    Field("inner_radius", \.innerRadius, "The radius of the hollow; metres. Default: 0.", in: .nonNegative),
    Field("center", \.center, "The middle; metres. Default: the origin."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    try checkOrder(Quantity(innerRadius), Quantity(radius), at: node)
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let v = capDirection(cosine: -1, axis: Vector3(0, 0, 1), &random)
    // The volume within r grows with its cube.
    let cubed = random.uniform(
      innerRadius * innerRadius * innerRadius, radius * radius * radius)
    let p = center + v * StableMath.pow(cubed, 1.0 / 3)
    return .reals([p.x, p.y, p.z])
  }
}

/// Points of a sphere.
struct PointOnSphere: Distribution {
  static let manual = Manual(
    name: "on_sphere", summary: "A point uniform over a sphere, or over a cap of it.",
    sample: "{$on_sphere: {radius: 3, angle: 60}}")
  static let shorthand = Shorthand.fields(["radius"])

  var radius = 1.0
  var axis = DirectionValue(unit: Vector3(0, 0, 1))
  var angle = 180.0
  var center = Vector3()

  static let fields: [Field<PointOnSphere>] = [
    Field("radius", \.radius, "The radius; metres. Default: 1.", in: .nonNegative),
    Field("axis", \.axis, "The middle of the cap. Default: straight up."),
    Field(
      "angle", \.angle, "Degrees from the axis to the edge of the cap. Default: 180, all of it.", in: .closed(0, 180)),
    Field("center", \.center, "The middle of the sphere; metres. Default: the origin."),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    let p = center + capDirection(cosine: StableMath.cos(angle.degreesInRadians), axis: axis.unit, &random) * radius
    return .reals([p.x, p.y, p.z])
  }
}

/// Points of a flat disc.
struct PointInDisc: Distribution {
  static let manual = Manual(
    name: "in_disc", summary: "A point uniform over a flat disc that faces any way.",
    sample: "{$in_disc: {radius: 0.5, normal: [1, 0, 0]}}")
  static let shorthand = Shorthand.fields(["radius"])

  var radius = 1.0
  var normal = DirectionValue(unit: Vector3(0, 0, 1))
  var center = Vector3()

  static let fields: [Field<PointInDisc>] = [
    Field("radius", \.radius, "The radius; metres. Default: 1.", in: .nonNegative),
    Field("normal", \.normal, "What the disc faces. Default: straight up."),
    Field("center", \.center, "The middle; metres. Default: the origin."),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    let r = random.unit().squareRoot() * radius
    let (s, c) = StableMath.sincos(2 * Double.pi * random.unit())
    let u = normal.unit.anyPerpendicular
    let p = center + u * (r * c) + cross(normal.unit, u) * (r * s)
    return .reals([p.x, p.y, p.z])
  }
}
