import Documents
import Geometry

/// Things that stand almost upright.
struct Tilt: Distribution {
  static let manual = Manual(
    name: "tilt", summary: "A turn about z, then a lean of at most an angle towards any side.",
    sample: "{$tilt: {angle: 10}}")
  static let shorthand = Shorthand.fields(["angle"])

  var angle = 10.0
  var yaw = Range2(0, 360)

  static let fields: [Field<Tilt>] = [
    Field(
      "angle", \.angle,
      "Largest angle in degrees between the turned z axis and the upright; the z axis is uniform over "
        + "that cap.", required: true, in: .closed(0, 180)),
    Field("yaw", \.yaw, "Degrees of the turn about z before the lean. Default: [0, 360]."),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    let z = capDirection(cosine: StableMath.cos(angle.degreesInRadians), axis: Vector3(0, 0, 1), &random)
    let turn = Quaternion(angle: yaw.draw(&random).degreesInRadians, axis: Vector3(0, 0, 1))
    // The shortest rotation from +z to z is (1 + cos, axis sin) before normalization.
    let lean = Quaternion(w: 1 + z.z, x: -z.y, y: z.x, z: 0).normalized ?? Quaternion(w: 0, x: 1, y: 0, z: 0)
    let q = lean * turn
    return .reals([q.w, q.x, q.y, q.z])
  }
}
