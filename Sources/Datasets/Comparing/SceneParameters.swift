import Documents

/// A value of a frame's concrete scene.
struct SceneParameter: Sendable {
  /// "objects.cups[2].scale": keys with points between them; elements of lists by their `id`, or by number.
  var path: String
  var value: Node
}

/// The values of a concrete scene. A list of plain values, such as a position, is one value.
func sceneParameters(_ document: Node) -> [SceneParameter] {
  var found: [SceneParameter] = []
  func isPlain(_ node: Node) -> Bool {
    switch node.content {
    case .sequence, .mapping: false
    default: true
    }
  }
  func walk(_ node: Node, _ path: String) {
    switch node.content {
    case .mapping(let members) where !members.isEmpty:
      for m in members where path != "" || m.key != "description" {
        walk(m.value, path.isEmpty ? m.key : path + "." + m.key)
      }
    case .sequence(let items) where !items.allSatisfy(isPlain):
      for (i, item) in items.enumerated() {
        if case .string(let id)? = item["id"]?.content {
          walk(item, path + "." + id)
        } else {
          walk(item, path + "[\(i)]")
        }
      }
    default: found.append(SceneParameter(path: path, value: node))
    }
  }
  walk(document, "")
  return found
}

/// What differs between two lists of values: in the order of the first, what only the second has at the end.
func parameterChanges(_ a: [SceneParameter], _ b: [SceneParameter]) -> [ParameterChange] {
  let before = Dictionary(a.map { ($0.path, $0.value.json) }) { first, _ in first }
  let after = Dictionary(b.map { ($0.path, $0.value.json) }) { first, _ in first }
  var changes: [ParameterChange] = []
  for p in a {
    if let x = before[p.path], x != after[p.path] {
      changes.append(ParameterChange(path: p.path, before: x, after: after[p.path]))
    }
  }
  for p in b where before[p.path] == nil {
    changes.append(ParameterChange(path: p.path, before: nil, after: after[p.path]))
  }
  return changes
}
