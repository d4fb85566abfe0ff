import Documents

/// The beta distribution, stretched over a range.
struct Beta: Distribution {
  static let manual = Manual(
    name: "beta",
    summary: "A number in a range, by the beta distribution: both parameters above 1 make a hump, both below 1 prefer "
      + "the ends.", sample: "{$beta: {a: 2, b: 5, low: 0, high: 1}}",
    limits: "Drawn by inversion, about 20 microseconds each.")
  static let shorthand = Shorthand.fields(["a", "b", "low", "high"])

  var a = 1.0
  var b = 1.0
  var low = 0.0
  var high = 1.0

  static let shape = Bound.closed(0.01, 1e5)

  static let fields: [Field<Beta>] = [
    Field("a", \.a, "Pulls towards the upper end.", required: true, in: shape),
    Field("b", \.b, "Pulls towards the lower end.", required: true, in: shape),
    Field("low", \.low, "The lower end. Default: 0."), Field("high", \.high, "The upper end. Default: 1."),
  ]

  func validate(_ node: Node) throws(DocumentError) { try checkOrder(Quantity(low), Quantity(high), at: node) }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let x = inverseBeta(random.openUnit(), a, b)
    return .real(min(low * (1 - x) + high * x, high))
  }
}
