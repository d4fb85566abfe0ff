import Documents

/// The named prototypes and materials of a scene, and what objects make of them.
struct SceneLibrary {
  private var prototypes: [String: Node] = [:]
  private var materials: [String: Node] = [:]

  init(_ root: Node) throws(DocumentError) {
    prototypes = try SceneLibrary.named("prototypes", root)
    materials = try SceneLibrary.named("materials", root)
  }

  private static func named(_ key: String, _ root: Node) throws(DocumentError) -> [String: Node] {
    guard let node = root[key], !node.isNull else { return [:] }
    guard case .mapping(let members) = node.content else {
      throw DocumentError(node, expected: "names with what they stand for").inside(key)
    }
    var table: [String: Node] = [:]
    for m in members {
      guard case .mapping = m.value.content else {
        throw DocumentError(m.value, expected: "a mapping").inside(m.key).inside(key)
      }
      table[m.key] = m.value
    }
    return table
  }

  /// The element with its prototype's members under its own, and with the materials that it names in place.
  func resolved(_ node: Node) throws(DocumentError) -> Node {
    try withMaterials(try merged(node, depth: 0))
  }

  private func merged(_ node: Node, depth: Int) throws(DocumentError) -> Node {
    guard let name = node["prototype"] else { return node }
    do throws(DocumentError) {
      guard case .string(let s) = name.content else { throw DocumentError(name, expected: "the name of a prototype") }
      guard let prototype = prototypes[s] else {
        throw DocumentError(unknown: "prototype", s, at: name.mark, among: prototypes.keys.sorted())
      }
      guard depth < 16 else {
        throw DocumentError(
          name.mark, found: "prototypes that need each other", expected: "prototypes without a circle")
      }
      return SceneLibrary.merge(try merged(prototype, depth: depth + 1), node)
    } catch { throw error.inside("prototype") }
  }

  /// `over` on top of `base`, key by key; `material`, `materials`, `attributes`, `keypoints` and `let` are merged in turn. A shape
  /// takes the place of a mesh and the other way round.
  static func merge(_ base: Node, _ over: Node) -> Node {
    guard case .mapping(var members) = base.content, case .mapping(let news) = over.content else { return over }
    func isPlain(_ n: Node) -> Bool {
      if case .mapping(let m) = n.content { return !m.contains { $0.key.hasPrefix("$") } }
      return false
    }
    let forms = ["shape", "mesh", "parts"]
    if news.contains(where: { forms.contains($0.key) }) { members.removeAll { forms.contains($0.key) } }
    for m in news {
      if let i = members.firstIndex(where: { $0.key == m.key }) {
        let deep =
          ["material", "materials", "let", "attributes", "keypoints"].contains(m.key) && isPlain(members[i].value)
          && isPlain(m.value)
        members[i].value = deep ? merge(members[i].value, m.value) : m.value
        members[i].keyMark = m.keyMark
      } else {
        members.append(m)
      }
    }
    return Node(.mapping(members), mark: over.mark)
  }

  // MARK: Materials

  private func withMaterials(_ node: Node) throws(DocumentError) -> Node {
    guard case .mapping(var members) = node.content else { return node }
    for i in members.indices {
      do throws(DocumentError) {
        switch members[i].key {
        case "material": members[i].value = try material(members[i].value)
        case "materials": members[i].value = try each(members[i].value) { (n) throws(DocumentError) in try material(n) }
        case "parts", "variants":
          members[i].value = try each(members[i].value) { (n) throws(DocumentError) in try withMaterials(n) }
        default: break
        }
      } catch { throw error.inside(members[i].key) }
    }
    return Node(.mapping(members), mark: node.mark)
  }

  private func each(_ node: Node, _ change: (Node) throws(DocumentError) -> Node) throws(DocumentError) -> Node {
    switch node.content {
    case .sequence(let items):
      var list: [Node] = []
      for (k, item) in items.enumerated() {
        do { list.append(try change(item)) } catch { throw error.inside(index: k) }
      }
      return Node(.sequence(list), mark: node.mark)
    case .mapping(var members) where !members.contains { $0.key.hasPrefix("$") }:
      for k in members.indices { members[k].value = try change(members[k].value) }
      return Node(.mapping(members), mark: node.mark)
    default: return node
    }
  }

  /// A material by its name, also as the option of a distribution.
  private func material(_ node: Node) throws(DocumentError) -> Node {
    switch node.content {
    case .string(let name):
      guard let material = materials[name] else {
        throw DocumentError(unknown: "material", name, at: node.mark, among: materials.keys.sorted())
      }
      return material
    case .mapping(var members) where members.count == 1 && members[0].key.hasPrefix("$"):
      var inner = members[0].value
      if case .sequence = inner.content {
        inner = try each(inner) { (n) throws(DocumentError) in try material(n) }
      } else if case .mapping(var fields) = inner.content, let k = fields.firstIndex(where: { $0.key == "options" }) {
        fields[k].value = try each(fields[k].value) { (n) throws(DocumentError) in try material(n) }
        inner = Node(.mapping(fields), mark: inner.mark)
      }
      members[0].value = inner
      return Node(.mapping(members), mark: node.mark)
    default: return node
    }
  }

  // MARK: Variants

  /// The ways that a copy of the element can be; one where it lists none.
  func variants(_ base: Node) throws(DocumentError) -> [(node: Node, weight: Double, share: Double?)] {
    guard let list = base["variants"] else { return [(base, 1, nil)] }
    guard case .sequence(let items) = list.content, !items.isEmpty else {
      throw DocumentError(list, expected: "a list of variants").inside("variants")
    }
    var plain = base
    plain.remove("variants")
    var result: [(node: Node, weight: Double, share: Double?)] = []
    for (i, item) in items.enumerated() {
      do throws(DocumentError) {
        guard case .mapping = item.content else { throw DocumentError(item, expected: "a variant: a mapping") }
        for key in ["id", "count", "layout", "variants", "rest", "solid"] where item[key] != nil {
          throw DocumentError(
            item.mark, found: "\"\(key)\" in a variant", expected: "it at the object, for all variants")
        }
        let share = try number("frames", item, .unit)
        let weight = try number("weight", item, .nonNegative) ?? (share == nil ? 1 : 0)
        var own = item
        own.remove("weight")
        own.remove("frames")
        result.append((try resolved(SceneLibrary.merge(plain, try merged(own, depth: 0))), weight, share))
      } catch { throw error.inside(index: i).inside("variants") }
    }
    guard result.contains(where: { $0.weight > 0 }) else {
      throw DocumentError(list, expected: "a variant with a weight above 0").inside("variants")
    }
    return result
  }

  private func number(_ key: String, _ node: Node, _ bound: Bound) throws(DocumentError) -> Double? {
    guard let n = node[key] else { return nil }
    do {
      let x = try Double.decode(n)
      try x.check(bound, at: n)
      return x
    } catch { throw error.inside(key) }
  }

  func flag(_ key: String, _ node: Node) throws(DocumentError) -> Bool? {
    guard let n = node[key] else { return nil }
    do { return try Bool.decode(n) } catch { throw error.inside(key) }
  }
}
