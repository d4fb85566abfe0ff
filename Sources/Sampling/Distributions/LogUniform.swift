import Documents
import Geometry

/// Every order of magnitude alike.
struct LogUniform: Distribution {
  static let manual = Manual(
    name: "log_uniform", summary: "A number whose logarithm is uniform: between 1 and 100 as often below 10 as above.",
    sample: "{$log_uniform: [0.01, 10]}")
  static let shorthand = Shorthand.fields(["low", "high"])

  var low = Quantity(1)
  var high = Quantity(1)

  static let fields: [Field<LogUniform>] = [
    Field("low", \.low, "The lower end; a number or a list.", required: true, in: .positive),
    Field("high", \.high, "The upper end; a number or a list.", required: true, in: .positive),
  ]

  func validate(_ node: Node) throws(DocumentError) { try checkOrder(low, high, at: node) }

  func draw(_ random: inout RandomStream) -> Node.Content {
    Quantity.content(low, high) { a, b in
      let u = random.unit()
      return min(max(StableMath.exp(StableMath.log(a) * (1 - u) + StableMath.log(b) * u), a), b)
    }
  }
}
