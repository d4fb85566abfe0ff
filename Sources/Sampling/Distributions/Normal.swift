import Documents

/// The normal distribution.
struct Normal: Distribution {
  static let manual = Manual(
    name: "normal", summary: "The bell curve: values near the mean, rarely further off than three deviations.",
    sample: "{$normal: [20, 1.5]}", limits: "Not bounded: where a value must not leave a range, use `truncated_normal`."
  )
  static let shorthand = Shorthand.fields(["mean", "deviation"])

  var mean = Quantity(0)
  var deviation = Quantity(1)

  static let fields: [Field<Normal>] = [
    Field("mean", \.mean, "The middle; a number or a list.", required: true),
    Field("deviation", \.deviation, "The standard deviation; a number or a list.", required: true, in: .nonNegative),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard Quantity.common(mean, deviation) != nil else {
      throw DocumentError(node.mark, found: "lists of different lengths", expected: "as many means as deviations")
    }
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    Quantity.content(mean, deviation) { $0 + $1 * random.normal() }
  }
}
