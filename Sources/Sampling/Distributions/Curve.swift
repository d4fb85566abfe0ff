import Documents

/// A density drawn by hand.
struct Curve: Distribution {
  static let manual = Manual(
    name: "curve", summary: "A number whose density runs in straight lines through given points.",
    sample: "{$curve: [[0, 0], [10, 3], [12, 1], [30, 0]]}")
  static let shorthand = Shorthand.whole("points")

  var points: [SIMD2<Double>] = []

  static let fields: [Field<Curve>] = [
    Field(
      "points", \.points, "Pairs [value, height], the values rising; heights count relative to each other.",
      required: true)
  ]

  func validate(_ node: Node) throws(DocumentError) {
    let list = node["points"] ?? node
    guard points.count >= 2 else { throw DocumentError(list, expected: "at least two points") }
    for (a, b) in zip(points, points.dropFirst()) where !(a.x < b.x) {
      throw DocumentError(list.mark, found: "\(b.x) behind \(a.x)", expected: "values that rise")
    }
    guard points.allSatisfy({ $0.y >= 0 }), area > 0 else {
      throw DocumentError(list, expected: "heights of 0 or more, one of them above 0")
    }
  }

  private var area: Double {
    zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * ($1.0.y + $1.1.y) / 2 }
  }

  /// By inversion: finds the stretch, then the point in it where the area below the line is the one drawn.
  func draw(_ random: inout RandomStream) -> Node.Content {
    var left = random.unit() * area
    for (a, b) in zip(points, points.dropFirst()) {
      let width = b.x - a.x
      let whole = width * (a.y + b.y) / 2
      if left >= whole, b != points[points.count - 1] || whole == 0 {
        left -= whole
        continue
      }
      // a.y t + (b.y - a.y) t^2 / 2 = left / width, in the form that survives a flat line.
      let target = min(left, whole) / width
      let root = max(a.y * a.y + 2 * (b.y - a.y) * target, 0).squareRoot()
      let t = a.y + root > 0 ? 2 * target / (a.y + root) : 0
      return .real(a.x + width * min(max(t, 0), 1))
    }
    return .real(points[points.count - 1].x)
  }
}
