import Documents

/// No chance at all.
struct Constant: Distribution {
  static let manual = Manual(
    name: "constant", summary: "Always the same value; the value alone means the same.", sample: "{$constant: 3}")
  static let shorthand = Shorthand.whole("value")

  var value = Verbatim(Node(.null))

  static let fields: [Field<Constant>] = [Field("value", \.value, "The value.", required: true)]

  func draw(_ random: inout RandomStream) -> Node.Content { value.node.content }
}
