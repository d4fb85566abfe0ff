import Documents
import Geometry

/// Along a smooth curve over the frames.
struct Spline: Distribution {
  static let manual = Manual(
    name: "spline",
    summary: "A point that moves at even speed along a smooth curve through given points: a camera's way.",
    sample: "{$spline: {points: [[4, 0, 1], [0, 4, 2], [-4, 0, 1]], closed: false}}",
    limits: "No chance is in it: a function of the frame's number alone. The curve is a Catmull-Rom spline, its length "
      + "measured along 64 chords a piece.")
  static let shorthand = Shorthand.whole("points")

  var points: [Vector3] = []
  var pace = Pace()

  static let fields: [Field<Spline>] = [
    Field("points", \.points, "Points that the curve goes through, in order; metres.", required: true),
    Field(
      "frames", \.pace.frames, "Frames that it takes, after which it begins again. Default: the dataset's.",
      in: .closed(1, 1e9)),
    Field("closed", \.pace.isClosed, "Whether the last point leads to the first. Default: false."),
  ]

  static let chords = 64
  static let most = 10_000

  func validate(_ node: Node) throws(DocumentError) {
    guard (2...Spline.most).contains(points.count) else {
      throw DocumentError(node["points"] ?? node, expected: "2 to \(Spline.most) points")
    }
  }

  private var pieces: Int { pace.isClosed ? points.count : points.count - 1 }

  /// A neighbour of a piece; beyond an open end the curve goes on straight.
  private func point(_ k: Int) -> Vector3 {
    let n = points.count
    if pace.isClosed { return points[(k % n + n) % n] }
    if k < 0 { return points[0] * 2 - points[1] }
    if k >= n { return points[n - 1] * 2 - points[n - 2] }
    return points[k]
  }

  /// The point at `t` of piece `k` (Catmull & Rom 1974).
  private func point(_ k: Int, _ t: Double) -> Vector3 {
    let (a, b, c, d) = (point(k - 1), point(k), point(k + 1), point(k + 2))
    let linear = (c - a) * t
    let square = (a * 2 - b * 5 + c * 4 - d) * (t * t)
    let cube = (b * 3 - c * 3 + d - a) * (t * t * t)
    return b + (linear + square + cube) * 0.5
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    // Lengths of the chords, added up; then the place on the chord that the way so far ends on.
    var sums: [Double] = [0]
    for k in 0..<pieces {
      for i in 0..<Spline.chords {
        let step = point(k, Double(i + 1) / Double(Spline.chords)) - point(k, Double(i) / Double(Spline.chords))
        sums.append((sums.last ?? 0) + step.length)
      }
    }
    let wanted = pace.position(random) * (sums.last ?? 0)
    let after = min(max(sums.firstIndex { $0 > wanted } ?? sums.count - 1, 1), sums.count - 1)
    let length = sums[after] - sums[after - 1]
    let share = length > 0 ? min(max((wanted - sums[after - 1]) / length, 0), 1) : 0
    let place = Double((after - 1) % Spline.chords) + share
    let p = point((after - 1) / Spline.chords, place / Double(Spline.chords))
    return .reals([p.x, p.y, p.z])
  }
}
