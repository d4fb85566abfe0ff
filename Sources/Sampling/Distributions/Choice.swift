import Documents

/// One of several values or subtrees.
struct Choice: Chooser {
  static let manual = Manual(
    name: "choice", summary: "One of several values, whole subtrees included; only the one picked is sampled.",
    sample: "{$choice: {options: [oak, birch, {$uniform: [1, 2]}], weights: [3, 2, 1]}}")
  static let shorthand = Shorthand.whole("options")
  static let optionsField = "options"

  var options: [Verbatim] = []
  var weights: [Double]?

  static let fields: [Field<Choice>] = [
    Field("options", \.options, "The values to pick from.", required: true),
    Field(
      "weights", \.weights, "How often each is picked, relative to the others. Default: all alike.", in: .nonNegative),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard !options.isEmpty else { throw DocumentError(node["options"] ?? node, expected: "at least one option") }
    try checkWeights(weights, count: options.count, at: node["weights"] ?? node)
  }

  func pick(_ random: inout RandomStream) -> Int { pickIndex(options.count, weights, random.unit()) }

  func draw(_ random: inout RandomStream) -> Node.Content { options[pick(&random)].node.content }
}

/// Refuses weights that are not one an option or have no sum.
func checkWeights(_ weights: [Double]?, count: Int, at node: Node) throws(DocumentError) {
  guard let weights else { return }
  guard weights.count == count else {
    throw DocumentError(node, expected: "a weight for each of the \(count) options")
  }
  guard weights.reduce(0, +) > 0 else { throw DocumentError(node, expected: "a weight above 0") }
}

/// The option on whose stretch of the unit interval `u` falls; the stretches are as long as the weights say.
func pickIndex(_ count: Int, _ weights: [Double]?, _ u: Double) -> Int {
  guard let weights else { return min(Int(u * Double(count)), count - 1) }
  var left = u * weights.reduce(0, +)
  var last = 0
  for (i, w) in weights.enumerated() where w > 0 {
    if left < w { return i }
    left -= w
    last = i
  }
  return last
}
