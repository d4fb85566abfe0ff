import Documents

/// Exact shares of the dataset.
struct Quota: Chooser {
  static let manual = Manual(
    name: "quota",
    summary: "One of several values, each in exactly its share of the N frames, in random order.",
    sample: "{$quota: {options: [intact, scratched, dented], shares: [0.9, 0.06, 0.04]}}",
    limits: "Shares that do not come out even are rounded so that they sum to N (largest remainder).")
  static let shorthand = Shorthand.whole("options")
  static let optionsField = "options"

  var options: [Verbatim] = []
  var shares: [Double]?

  static let fields: [Field<Quota>] = [
    Field("options", \.options, "The values to pick from.", required: true),
    Field("shares", \.shares, "The share of each, relative to the others. Default: all alike.", in: .nonNegative),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard !options.isEmpty else { throw DocumentError(node["options"] ?? node, expected: "at least one option") }
    try checkWeights(shares, count: options.count, at: node["shares"] ?? node)
  }

  func pick(_ random: inout RandomStream) -> Int {
    quotaPick(shares ?? Array(repeating: 1, count: options.count), random)
  }

  func draw(_ random: inout RandomStream) -> Node.Content { options[pick(&random)].node.content }
}

/// The option that a frame gets, where each gets exactly its part of the frames.
func quotaPick(_ shares: [Double], _ random: RandomStream) -> Int {
  let n = max(random.frameCount, 1)
  var place = IndexPermutation(count: n, key: random.datasetKey)(random.frame % n)
  for (i, count) in apportioned(shares, total: n).enumerated() {
    if place < count { return i }
    place -= count
  }
  return shares.count - 1
}

/// Whole numbers with sum `total`, as near to the shares as can be: Hamilton's method of the largest remainder, the first
/// of equals.
func apportioned(_ shares: [Double], total: Int) -> [Int] {
  let sum = shares.reduce(0, +)
  let exact = shares.map { $0 / sum * Double(total) }
  var counts = exact.map { Int($0.rounded(.down)) }
  let missing = total - counts.reduce(0, +)
  let order = exact.indices.filter { shares[$0] > 0 }.sorted {
    let (a, b) = (exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down))
    return a != b ? a > b : $0 < $1
  }
  if missing > 0, !order.isEmpty { for k in 0..<missing { counts[order[k % order.count]] += 1 } }
  return counts
}
