import Documents
import Geometry
import Stage

/// Where a keypoint lies: a point of the object's frame, or of a part's or a glTF node's axes, or a corner of the mesh.
struct KeypointSpec: DocumentValue {
  var position: Vector3?
  var vertex: Int?
  var node: String?
  var part: String?
  var mark = Mark.none

  static var grammar: Grammar { .anyOf([.list(.number(.any), count: 3), Full.grammar]) }

  static func decode(_ node: Node) throws(DocumentError) -> KeypointSpec {
    if case .mapping = node.content {
      let full = try Full.decodeFields(node)
      return KeypointSpec(
        position: full.position, vertex: full.vertex, node: full.node, part: full.part, mark: node.mark)
    }
    guard case .sequence = node.content else {
      throw DocumentError(node, expected: "[x, y, z], or one of {vertex}, {node}, {position, part}")
    }
    return KeypointSpec(position: try Vector3.decode(node), mark: node.mark)
  }

  struct Full: DocumentRecord {
    var position: Vector3?
    var vertex: Int?
    var node: String?
    var part: String?

    static let fields: [Field<Full>] = [
      Field(
        "position", \.position,
        "A point in the frame of the object, of the part or of the node (whose axes are glTF's); metres."),
      Field(
        "vertex", \.vertex, "A corner of the mesh by its number, from 0: of the part where one is named.",
        in: .nonNegative),
      Field("node", \.node, "A node of the glTF file by its name: its origin, or `position` in its axes."),
      Field("part", \.part, "One of the object's `parts` by its name, which `position`, `vertex` or `node` is of."),
    ]

    static var grammar: Grammar { .record("Keypoint") { fieldGrammars } }

    func validate(_ node: Node) throws(DocumentError) {
      guard vertex == nil || (position == nil && self.node == nil) else {
        throw DocumentError(node.mark, found: "a vertex beside a position or a node", expected: "one of them")
      }
      guard vertex != nil || position != nil || self.node != nil else {
        throw DocumentError(node.mark, found: "a keypoint that lies nowhere", expected: "position, vertex or node")
      }
    }
  }
}

/// `keypoints:` of an object, in the order of the file.
struct KeypointList: DocumentValue {
  var list: [(name: String, point: KeypointSpec)] = []

  static var grammar: Grammar { .dictionary(KeypointSpec.grammar) }

  static func decode(_ node: Node) throws(DocumentError) -> KeypointList {
    guard case .mapping(let members) = node.content else {
      throw DocumentError(node, expected: "a mapping from names of keypoints to places")
    }
    var keypoints = KeypointList()
    for m in members {
      do { keypoints.list.append((m.key, try KeypointSpec.decode(m.value))) } catch { throw error.inside(m.key) }
    }
    return keypoints
  }
}
