import Documents
import Geometry
import Stage

/// `path:` of an object, a group or the camera: the way that it goes along as time passes. Its own pose counts from the
/// place on the path: from axes that go along, x ahead, y to the left and z up, or, with `follow: false`, from axes that
/// keep their directions. The points are where the pose would be: in the world, or in the group and layout around.
struct PathSpec: DocumentRecord {
  var points: [Vector3] = []
  var smooth = true
  var closed = false
  var speed: Double?
  var offset = 0.0
  var follow = true
  var level = true

  static let most = 10_000

  static let fields: [Field<PathSpec>] = [
    Field("points", \.points, "Two or more points of the way; metres.", required: true),
    Field("smooth", \.smooth, "A Catmull-Rom spline through them; else straight pieces. Default: true."),
    Field("closed", \.closed, "Whether the last point leads to the first, round and round. Default: false."),
    Field(
      "speed", \.speed,
      "Metres a second; at the end of an open path it stands still. Default: from end to end in the sequence's frames, "
        + "without time none."),
    Field("offset", \.offset, "Metres along the path to where it begins. Default: 0."),
    Field("follow", \.follow, "Whether it turns with the path: x points ahead. Default: true."),
    Field("level", \.level, "Whether it stays upright where the path climbs. Default: true."),
  ]

  static var grammar: Grammar { .record("Path") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard (2...PathSpec.most).contains(points.count) else {
      throw DocumentError(node["points"] ?? node, expected: "2 to \(PathSpec.most) points")
    }
  }

  /// From the axes that go along to those of the points.
  func transform(at moment: Moment, hasTime: Bool) -> AffineTransform {
    let line = ArcLine.through(points, isClosed: closed, isSmooth: smooth)
    let total = line.length
    var way = offset
    if let speed {
      way += speed * moment.seconds
    } else if hasTime {
      // An open path ends in the last frame; the end of a closed one is its beginning, and not shown twice.
      let steps = closed ? moment.steps : moment.steps - 1
      if steps > 0 { way += (closed ? total : total - offset) * (moment.step / Double(steps)) }
    }
    if closed, total > 0 {
      way = way.truncatingRemainder(dividingBy: total)
      if way < 0 { way += total }
    }
    let (point, direction) = line.place(after: min(max(way, 0), total))
    guard follow, let direction else { return AffineTransform(translation: point) }
    let ahead = level ? Vector3(direction.x, direction.y, 0).normalized : direction
    // Straight up there is no left: the world's y is.
    let left = ahead.map { cross(Vector3(0, 0, 1), $0).normalized ?? Vector3(0, 1, 0) }
    guard let ahead, let left else { return AffineTransform(translation: point) }
    return AffineTransform(linear: Matrix3(columns: ahead, left, cross(ahead, left)), translation: point)
  }
}

extension Node {
  /// An object or a group with its place on its path for a pose; itself where it has no path.
  func placedOnPath(_ moment: Moment, hasTime: Bool) throws(DocumentError) -> Node {
    guard let path = self["path"], case .mapping = content else { return self }
    var placed = self
    placed.remove("path")
    if path.isNull { return placed }
    let spec: PathSpec
    do { spec = try PathSpec.decode(path) } catch { throw error.inside("path") }
    return placed.posed(spec.transform(at: moment, hasTime: hasTime) * (try Pose.decode(self).transform))
  }

  /// The same object or group with a matrix for a pose.
  func posed(_ t: AffineTransform) -> Node {
    guard case .mapping(var members) = content else { return self }
    let posed = ["position", "rotation", "scale", "matrix"]
    let at = members.firstIndex { posed.contains($0.key) } ?? members.count
    members.removeAll { posed.contains($0.key) }
    let rows = [(t.linear.row0, t.translation.x), (t.linear.row1, t.translation.y), (t.linear.row2, t.translation.z)]
    let matrix = Node.Content.sequence(rows.map { Node(.reals([$0.0.x, $0.0.y, $0.0.z, $0.1])) })
    members.insert(
      .init(key: "matrix", keyMark: mark, value: Node(matrix, mark: mark)), at: min(at, members.count))
    return Node(.mapping(members), mark: mark)
  }

  /// What `velocity` and `angular_velocity` say.
  func statedMotion() throws(DocumentError) -> Motion {
    func vector(_ key: String) throws(DocumentError) -> Vector3 {
      guard let node = self[key], !node.isNull else { return Vector3() }
      do { return try Vector3.decode(node) } catch { throw error.inside(key) }
    }
    return Motion(velocity: try vector("velocity"), rotation: try vector("angular_velocity") * (Double.pi / 180))
  }
}
