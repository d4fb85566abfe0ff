import Documents
import Geometry

/// Along a smooth curve over the frames.
struct Spline: MovingDistribution {
  static let manual = Manual(
    name: "spline",
    summary: "A point that moves at even speed along a smooth curve through given points: a camera's way.",
    sample: "{$spline: {points: [[4, 0, 1], [0, 4, 2], [-4, 0, 1]], closed: false}}",
    limits: "No chance is in it: a function of the frame's number alone. The curve is a Catmull-Rom spline, its length "
      + "measured along 64 chords a piece.")
  static let shorthand = Shorthand.whole("points")
  static let needsTime = false

  var points: [Vector3] = []
  var pace = Pace()

  static let fields: [Field<Spline>] = [
    Field("points", \.points, "Points that the curve goes through, in order; metres.", required: true),
    Field(
      "frames", \.pace.frames,
      "Frames that it takes, after which it begins again. Default: those of a sequence, or of the dataset.",
      in: .closed(1, 1e9)),
    Field("closed", \.pace.isClosed, "Whether the last point leads to the first. Default: false."),
  ]

  static let most = 10_000

  func validate(_ node: Node) throws(DocumentError) {
    guard (2...Spline.most).contains(points.count) else {
      throw DocumentError(node["points"] ?? node, expected: "2 to \(Spline.most) points")
    }
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let line = ArcLine.through(points, isClosed: pace.isClosed)
    let p = line.place(after: pace.position(random) * line.length).point
    return .reals([p.x, p.y, p.z])
  }
}
