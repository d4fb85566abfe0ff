import Documents

/// Whole numbers, all with equal probability.
struct IntegerRange: Distribution {
  static let manual = Manual(
    name: "integer", summary: "A whole number from a range, both ends included.", sample: "{$integer: [1, 6]}")
  static let shorthand = Shorthand.fields(["low", "high"])

  var low = 0
  var high = 1

  static let limit = Bound.closed(-0x1p40, 0x1p40)

  static let fields: [Field<IntegerRange>] = [
    Field("low", \.low, "The smallest value.", required: true, in: limit),
    Field("high", \.high, "The largest value.", required: true, in: limit),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard low <= high else {
      throw DocumentError(node.mark, found: "low \(low) above high \(high)", expected: "the low end first")
    }
  }

  func draw(_ random: inout RandomStream) -> Node.Content { .integer(low + random.below(high - low + 1)) }
}
