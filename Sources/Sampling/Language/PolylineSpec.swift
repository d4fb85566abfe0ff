import Documents
import Geometry
import Stage

/// An element of `polylines:`, of the scene or of an object.
struct PolylineSpec: DocumentRecord {
  var id = ""
  var kind = ""
  var points: [Vector3] = []
  var closed = false

  static let fields: [Field<PolylineSpec>] = [
    Field("id", \.id, "The line's name, unique in its list.", required: true),
    Field("class", \.kind, "What kind of line it is, for those who learn from it. Default: none."),
    Field("points", \.points, "Two points or more, joined by straight lines; metres.", required: true),
    Field("closed", \.closed, "Whether the last point is joined to the first. Default: false."),
  ]

  static var grammar: Grammar { .record("Polyline") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard !id.isEmpty else { throw DocumentError(node["id"] ?? node, expected: "a name").inside("id") }
    guard points.count >= 2 else {
      throw DocumentError(node["points"] ?? node, expected: "a list of two points or more").inside("points")
    }
  }

  /// Refuses a name that comes twice.
  static func checkNames(_ list: [PolylineSpec], _ node: Node) throws(DocumentError) {
    var seen: Set<String> = []
    for (i, line) in list.enumerated() where !seen.insert(line.id).inserted {
      throw DocumentError(
        (node["polylines"] ?? node).mark, found: "the id \"\(line.id)\" a second time", expected: "each id once"
      ).inside(index: i).inside("polylines")
    }
  }

  /// - Parameter prefix: the object's name with a point at its end; empty for a line of the scene.
  func polyline(_ prefix: String = "", _ toWorld: (Vector3) -> Vector3 = { $0 }) -> Polyline {
    Polyline(name: prefix + id, kind: kind, points: points.map(toWorld), isClosed: closed)
  }
}
