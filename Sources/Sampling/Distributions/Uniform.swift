import Documents

/// Every value between two ends with equal probability.
struct Uniform: Distribution {
  static let manual = Manual(
    name: "uniform", summary: "A number between two ends, or a list of numbers each between the ends at its place.",
    sample: "{$uniform: [0.1, 0.3]}")
  static let shorthand = Shorthand.fields(["low", "high"])

  var low = Quantity(0)
  var high = Quantity(1)

  static let fields: [Field<Uniform>] = [
    Field("low", \.low, "The lower end; a number or a list.", required: true),
    Field("high", \.high, "The upper end; a number or a list.", required: true),
  ]

  func validate(_ node: Node) throws(DocumentError) { try checkOrder(low, high, at: node) }

  func draw(_ random: inout RandomStream) -> Node.Content { Quantity.content(low, high) { random.uniform($0, $1) } }
}

/// Refuses two ends that do not fit together or are the wrong way round.
func checkOrder(_ low: Quantity, _ high: Quantity, at node: Node) throws(DocumentError) {
  guard let n = Quantity.common(low, high) else {
    throw DocumentError(
      node.mark, found: "ends of \(low.values.count) and \(high.values.count) numbers", expected: "as many in both")
  }
  for i in 0..<n where low.component(i) > high.component(i) {
    throw DocumentError(
      node.mark, found: "low \(low.component(i)) above high \(high.component(i))", expected: "the low end first")
  }
}
