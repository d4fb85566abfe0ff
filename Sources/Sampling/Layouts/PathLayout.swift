import Documents
import Geometry

/// Along a line through points.
struct PathLayout: Layout {
  static let manual = Manual(
    name: "path", summary: "Evenly along a line of straight pieces, or of a smooth curve, through points.",
    sample: "path: {points: [[0, 0, 0], [4, 1, 0], [8, 0, 0]], smooth: true, spacing: 1.5}",
    limits: "Distances along a smooth curve are measured on 32 chords a piece.")

  var points: [Vector3] = []
  var smooth = false
  var spacing: Double?
  var offset = 0.0
  var side = 0.0
  var follow = true
  var jitter = 0.0

  static let fields: [Field<PathLayout>] = [
    Field("points", \.points, "Two or more points of the line; metres.", required: true),
    Field("smooth", \.smooth, "A Catmull-Rom spline in place of straight pieces. Default: false."),
    Field(
      "spacing", \.spacing, "Metres along the line from one to the next. Default: spread over all of it.", in: .positive
    ),
    Field("offset", \.offset, "Metres along the line to the first. Default: 0.", in: .nonNegative),
    Field("side", \.side, "Metres to the left of the line. Default: 0."),
    Field("follow", \.follow, "Whether the x axis of the items points along the line. Default: true."),
    Field(
      "jitter", \.jitter, "Each item stands up to this far from its place along the line; metres. Default: 0.",
      in: .nonNegative),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard points.count >= 2 else { throw DocumentError(node["points"] ?? node, expected: "at least two points") }
  }

  func place(_ items: [LayoutItem], _ context: LayoutContext) throws(NoRoom) -> [AffineTransform?] {
    let line = smooth ? spline() : points
    var lengths = [0.0]
    for (p, q) in zip(line, line.dropFirst()) { lengths.append((lengths.last ?? 0) + (q - p).length) }
    let total = lengths.last ?? 0
    let step = spacing ?? (items.count > 1 ? (total - offset) / Double(items.count - 1) : 0)
    var poses: [AffineTransform?] = []
    for (i, item) in items.enumerated() {
      var random = item.random
      var s = offset + Double(i) * step
      guard s <= total * (1 + 1e-9) else {
        throw NoRoom(
          message: "\(items.count) items along \(total) m at distances of \(step) m",
          placed: Double(i) / Double(items.count))
      }
      if jitter > 0 { s = min(max(s + random.uniform(-jitter, jitter), 0), total) }
      var k = 0
      while k + 2 < lengths.count, lengths[k + 1] < s { k += 1 }
      let span = lengths[k + 1] - lengths[k]
      let t = span > 0 ? min((s - lengths[k]) / span, 1) : 0
      let along = (line[k + 1] - line[k]).normalized ?? Vector3(1, 0, 0)
      let flat = Vector3(along.x, along.y, 0).normalized ?? Vector3(1, 0, 0)
      let left = Vector3(-flat.y, flat.x, 0)
      poses.append(
        AffineTransform(
          linear: follow ? facingMatrix(flat) : .identity,
          translation: line[k] + (line[k + 1] - line[k]) * t + left * side + item.standing))
    }
    return poses
  }

  /// Catmull and Rom 1974, uniform parameter, the ends doubled.
  private func spline() -> [Vector3] {
    var line: [Vector3] = []
    let steps = 32
    for i in 0..<(points.count - 1) {
      let p0 = points[max(i - 1, 0)]
      let (p1, p2) = (points[i], points[i + 1])
      let p3 = points[min(i + 2, points.count - 1)]
      for k in 0..<steps {
        let t = Double(k) / Double(steps)
        let linear = (p2 - p0) * t
        let square = (p0 * 2 - p1 * 5 + p2 * 4 - p3) * (t * t)
        let cube = (p1 * 3 - p0 - p2 * 3 + p3) * (t * t * t)
        line.append((p1 * 2 + linear + square + cube) * 0.5)
      }
    }
    line.append(points[points.count - 1])
    return line
  }
}
