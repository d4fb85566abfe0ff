import Documents
import Stage

/// `sequence:` of a concrete document: where in time the frame lies, and what differs in the frames before and after it.
/// `diorama sample` writes it, so that the printed frame has the motion labels of its original.
struct SequenceSpec: DocumentRecord {
  var number = 0
  var index = 0
  var time = 0.0
  var previous: Verbatim?
  var next: Verbatim?
  var first: Verbatim?

  static let fields: [Field<SequenceSpec>] = [
    Field("number", \.number, "The sequence's number, from 0.", required: true, in: .nonNegative),
    Field("index", \.index, "The frame's number in it, from 0.", required: true, in: .nonNegative),
    Field("time", \.time, "Seconds from its first frame.", required: true, in: .nonNegative),
    Field("previous", \.previous, "What stands otherwise in the frame before: keys of a scene, and those objects."),
    Field("next", \.next, "What stands otherwise in the frame after it."),
    Field("first", \.first, "Objects that have another form in the sequence's first frame."),
  ]

  static var grammar: Grammar { .record("Sequence") { fieldGrammars } }

  var place: SequencePlace { SequencePlace(sequence: number, index: index, time: time) }

  static func node(_ place: SequencePlace) -> Node {
    func member(_ key: String, _ value: Node.Content) -> Node.Member {
      .init(key: key, keyMark: .none, value: Node(value))
    }
    return Node(
      .mapping([
        member("number", .integer(place.sequence)), member("index", .integer(place.index)),
        member("time", .real(place.time)),
      ]))
  }
}

/// How one concrete document differs from another of the same sequence: its keys that are otherwise, and of `objects` those
/// that are.
enum DocumentChange {
  /// What makes `other` of `document`.
  static func from(_ document: Node, to other: Node) -> Node {
    guard case .mapping(let members) = other.content else { return other }
    var changed: [Node.Member] = []
    for m in members where m.key != "sequence" && m.key != "objects" && document[m.key] != m.value { changed.append(m) }
    let objects = changedObjects(document, other) { $0 != $1 }
    if !objects.isEmpty { changed.append(.init(key: "objects", keyMark: .none, value: Node(.sequence(objects)))) }
    return Node(.mapping(changed))
  }

  /// The objects of `other` that have another form than in `document`; nil where there are none.
  static func ofForms(_ document: Node, _ other: Node) -> Node? {
    let keys = ["shape", "mesh", "parts", "modifiers"]
    let objects = changedObjects(document, other) { a, b in keys.contains { a[$0] != b[$0] } }
    if objects.isEmpty { return nil }
    return Node(.mapping([.init(key: "objects", keyMark: .none, value: Node(.sequence(objects)))]))
  }

  private static func changedObjects(_ a: Node, _ b: Node, _ differ: (Node, Node) -> Bool) -> [Node] {
    guard case .sequence(let old)? = a["objects"]?.content, case .sequence(let new)? = b["objects"]?.content else {
      return []
    }
    var byID: [String: Node] = [:]
    for o in old { if let id = Leaf.id(o) { byID[id] = o } }
    return new.filter { o in
      guard let before = Leaf.id(o).flatMap({ byID[$0] }) else { return true }
      return differ(before, o)
    }
  }

  /// The document that a change makes of `document`; without its `sequence`.
  static func apply(_ change: Node, to document: Node) throws(DocumentError) -> Node {
    guard case .mapping(let members) = change.content else {
      throw DocumentError(change, expected: "a mapping with keys of a scene")
    }
    var result = document
    result.remove("sequence")
    for m in members where m.key != "objects" {
      guard SceneSpec.allKeys.contains(m.key), m.key != "sequence" else {
        throw DocumentError(unknown: "key", m.key, at: m.keyMark, among: SceneSpec.allKeys)
      }
      result.set(m.key, to: m.value)
    }
    guard let objects = change["objects"] else { return result }
    guard case .sequence(let new) = objects.content, case .sequence(var all)? = document["objects"]?.content else {
      throw DocumentError(objects, expected: "a list of objects").inside("objects")
    }
    for o in new {
      guard let id = Leaf.id(o), let k = all.firstIndex(where: { Leaf.id($0) == id }) else {
        throw DocumentError(o, expected: "an object that the scene has, by its id").inside("objects")
      }
      all[k] = o
    }
    result.set("objects", to: Node(.sequence(all), mark: objects.mark))
    return result
  }
}
