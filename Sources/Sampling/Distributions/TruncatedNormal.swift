import Documents
import Geometry

/// The part of a normal distribution between two ends.
struct TruncatedNormal: Distribution {
  static let manual = Manual(
    name: "truncated_normal", summary: "The bell curve cut off at both ends.",
    sample: "{$truncated_normal: {mean: 1.7, deviation: 0.1, low: 1.4, high: 2.1}}",
    limits: "The mean of what is drawn is the curve's only where the cut is symmetric.")
  static let shorthand = Shorthand.fields(["mean", "deviation", "low", "high"])

  var mean = 0.0
  var deviation = 1.0
  var low = 0.0
  var high = 0.0

  static let fields: [Field<TruncatedNormal>] = [
    Field("mean", \.mean, "The middle of the uncut curve.", required: true),
    Field("deviation", \.deviation, "The standard deviation of the uncut curve.", required: true, in: .positive),
    Field("low", \.low, "The lower end.", required: true), Field("high", \.high, "The upper end.", required: true),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    try checkOrder(Quantity(low), Quantity(high), at: node)
    guard (low - mean) / deviation < 35, (high - mean) / deviation > -35 else {
      throw DocumentError(
        node.mark, found: "a range more than 35 deviations from the mean", expected: "a range that the curve reaches")
    }
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    var (a, b) = ((low - mean) / deviation, (high - mean) / deviation)
    // The lower tail keeps its digits; the upper one is its mirror.
    let mirrored = a > 0
    if mirrored { (a, b) = (-b, -a) }
    let (pa, pb) = (normalProbability(a), normalProbability(b))
    let u = random.openUnit()
    let z = min(max(inverseNormal(min(max(pa * (1 - u) + pb * u, 1e-300), 1 - 0x1p-53)), a), b)
    return .real(min(max(mean + deviation * (mirrored ? -z : z), low), high))
  }
}
