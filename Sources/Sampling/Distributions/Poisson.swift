import Documents
import Geometry

/// Counts of independent events.
struct Poisson: Distribution {
  static let manual = Manual(
    name: "poisson", summary: "A count with a given mean: how many cars pass, how many scratches there are.",
    sample: "{$poisson: 2.5}")
  static let shorthand = Shorthand.fields(["mean"])

  var mean = 1.0

  static let fields: [Field<Poisson>] = [
    Field("mean", \.mean, "The mean, from 0 to 500.", required: true, in: .closed(0, 500))
  ]

  /// By inversion: walks up the counts until their probabilities exceed the number drawn.
  func draw(_ random: inout RandomStream) -> Node.Content {
    var left = random.unit()
    var probability = StableMath.exp(-mean)
    var k = 0
    while left >= probability, k < 2000 {
      left -= probability
      k += 1
      probability *= mean / Double(k)
    }
    return .integer(k)
  }
}
