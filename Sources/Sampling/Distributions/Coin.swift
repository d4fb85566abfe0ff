import Documents

/// True or false.
struct Coin: Distribution {
  static let manual = Manual(
    name: "boolean", summary: "True with a given probability, else false.", sample: "{$boolean: 0.3}")
  static let shorthand = Shorthand.fields(["probability"])

  var probability = 0.5

  static let fields: [Field<Coin>] = [
    Field("probability", \.probability, "The share of true. Default: 0.5.", in: .unit)
  ]

  func draw(_ random: inout RandomStream) -> Node.Content { .boolean(random.unit() < probability) }
}
