import Documents
import Geometry

/// Things that stand upright and face anywhere.
struct Yaw: Distribution {
  static let manual = Manual(
    name: "yaw", summary: "A rotation about the z axis by an angle from a range of degrees.",
    sample: "{$yaw: [-20, 20]}")
  static let shorthand = Shorthand.fields(["low", "high"])

  var low = 0.0
  var high = 360.0

  static let fields: [Field<Yaw>] = [
    Field("low", \.low, "Degrees. Default: 0."), Field("high", \.high, "Degrees. Default: 360."),
  ]

  func validate(_ node: Node) throws(DocumentError) { try checkOrder(Quantity(low), Quantity(high), at: node) }

  func draw(_ random: inout RandomStream) -> Node.Content {
    .mapping([.init(key: "yaw", keyMark: .none, value: Node(.real(random.uniform(low, high))))])
  }
}
