import Documents

/// A list in random order.
struct Permutation: Distribution {
  static let manual = Manual(
    name: "permutation", summary: "The items in random order, every order alike; or the first few of them.",
    sample: "{$permutation: {items: [red, green, blue], take: 2}}")
  static let shorthand = Shorthand.whole("items")

  var items: [Verbatim] = []
  var take: Int?

  static let fields: [Field<Permutation>] = [
    Field("items", \.items, "What is put in order.", required: true),
    Field("take", \.take, "How many to keep. Default: all.", in: .nonNegative),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    if let take, take > items.count {
      throw DocumentError(node["take"] ?? node, expected: "at most as many as the \(items.count) items")
    }
  }

  /// Fisher and Yates, from the front.
  func draw(_ random: inout RandomStream) -> Node.Content {
    var order = items
    let n = take ?? items.count
    for i in 0..<n { order.swapAt(i, i + random.below(items.count - i)) }
    return .sequence(order[..<n].map(\.node))
  }
}
