import Documents

/// A part around another distribution: the inner one draws, the outer one says which uniform numbers it draws with.
protocol Covering: Distribution {
  /// The distribution that draws.
  var of: Verbatim { get }
  var cover: Cover { get }
  var firstDimension: Int { get }
  /// Parameters of one group share the order of the frames, so that they are spread evenly together.
  var group: String? { get }
}

extension Covering {
  static var innerField: String { "of" }
  var firstDimension: Int { 0 }
  var group: String? { nil }
  /// Never asked for: the sampler draws from the inner distribution.
  func draw(_ random: inout RandomStream) -> Node.Content { of.node.content }
}

/// One value in each N-th part of the range.
struct LatinHypercube: Covering {
  static let manual = Manual(
    name: "latin",
    summary: "Spreads a distribution over the dataset: of N frames, one falls in each N-th part of the probability, in "
      + "an order of its own for each number drawn (Latin hypercube).", sample: "{$latin: {$uniform: [20, 70]}}",
    limits: "Even over the whole dataset only; distributions that draw a varying number of numbers are spread in the "
      + "first ones.")
  static let shorthand = Shorthand.whole("of")

  var of = Verbatim(Node(.null))
  var cover: Cover { .latin }

  static let fields: [Field<LatinHypercube>] = [
    Field("of", \.of, "The distribution that is spread.", required: true)
  ]
}

/// Cells of the space of all numbers that the distribution draws.
struct Stratified: Covering {
  static let manual = Manual(
    name: "stratified",
    summary:
      "Spreads a distribution over the dataset: the space of its numbers is cut into cells, and every cell is met "
      + "equally often.", sample: "{$stratified: {of: {$uniform: [[0, 0], [1, 1]]}, dimensions: 2}}",
    limits: "Frames beyond the largest number of whole rounds over the cells fall anywhere.")
  static let shorthand = Shorthand.whole("of")

  var of = Verbatim(Node(.null))
  var dimensions = 1
  var cover: Cover { .stratified(dimensions: dimensions) }

  static let fields: [Field<Stratified>] = [
    Field("of", \.of, "The distribution that is spread.", required: true),
    Field("dimensions", \.dimensions, "How many of its numbers are spread together. Default: 1.", in: .closed(1, 8)),
  ]
}

/// The scrambled Sobol sequence.
struct SobolSequence: Covering {
  static let manual = Manual(
    name: "sobol",
    summary: "Spreads a distribution over the dataset by the Owen-scrambled Sobol sequence: every run of frames, not "
      + "only the whole, covers the range evenly.",
    sample: "{$sobol: {of: {$uniform: [0, 360]}, group: view, dimension: 1}}",
    limits: "16 dimensions; best where the number of frames is a power of two.")
  static let shorthand = Shorthand.whole("of")

  var of = Verbatim(Node(.null))
  var group: String?
  var dimension = 0
  var cover: Cover { .sobol }
  var firstDimension: Int { dimension }

  static let fields: [Field<SobolSequence>] = [
    Field("of", \.of, "The distribution that is spread.", required: true),
    Field("group", \.group, "Parameters of one group are spread together; each takes its own `dimension`."),
    Field(
      "dimension", \.dimension, "The first dimension that the parameter takes in its group. Default: 0.",
      in: .closed(0, 15)),
  ]
}

/// The points of a lattice, one after the other.
struct GridSequence: Covering {
  static let manual = Manual(
    name: "grid", summary: "Walks a distribution through the middles of equal parts, frame by frame, and begins again.",
    sample: "{$grid: {of: {$uniform: [[0, 0], [1, 1]]}, steps: [4, 3]}}",
    limits: "A frame that breaks a rule is met again at the same point.")
  static let shorthand = Shorthand.none

  var of = Verbatim(Node(.null))
  var steps: [Int] = []
  var cover: Cover { .grid(steps: steps) }

  static let fields: [Field<GridSequence>] = [
    Field("of", \.of, "The distribution that walks.", required: true),
    Field(
      "steps", \.steps, "How many parts for each number drawn; the first changes fastest.", required: true,
      in: .closed(1, 1_000_000)),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard !steps.isEmpty, steps.count <= 8 else {
      throw DocumentError(node["steps"] ?? node, expected: "one to eight numbers of steps")
    }
  }
}
