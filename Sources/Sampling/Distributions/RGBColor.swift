import Documents
import Stage

/// Colours between two colours.
struct RGBColor: Distribution {
  static let manual = Manual(
    name: "rgb", summary: "A colour whose red, green and blue each lie between those of two colours, in linear light.",
    sample: "{$rgb: [\"#203040\", \"#c0d0e0\"]}")
  static let shorthand = Shorthand.fields(["low", "high"])

  var low = ColorValue(.init(0, 0, 0))
  var high = ColorValue(.init(1, 1, 1))

  static let fields: [Field<RGBColor>] = [
    Field("low", \.low, "The smaller of each channel. Default: black."),
    Field("high", \.high, "The larger of each channel. Default: white."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    try checkOrder(
      Quantity(list: [low.linear.x, low.linear.y, low.linear.z]),
      Quantity(list: [high.linear.x, high.linear.y, high.linear.z]), at: node)
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let r = random.uniform(low.linear.x, high.linear.x)
    let g = random.uniform(low.linear.y, high.linear.y)
    let b = random.uniform(low.linear.z, high.linear.z)
    return .reals([r, g, b])
  }
}
