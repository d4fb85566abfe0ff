// Changing numbers of a scene file in its text: everything else, comments, order, quotes and blank lines, stays to the byte.
//
// A change is made where the parser says that the node stands, and what comes of it is read again: a text that does not read as
// the old document with just these changes is never handed out. So the editing may be simple; what it cannot do it refuses.

import Documents

/// A change of a scene's text.
public enum SceneChange: Sendable, Hashable {
  /// Another number, or a distribution, in place of the number that stands at a mark.
  case number(Mark, to: String)
  /// Weights for the options of a distribution that states none, under the name that it has for them.
  case weights(Mark, name: String, [String])
  /// Another weight for variants, nil for those whose weight is stated and changed as a number.
  case variantWeights(Mark, [String?])

  var mark: Mark {
    switch self {
    case .number(let m, _), .weights(let m, _, _), .variantWeights(let m, _): m
    }
  }
}

/// A scene's own file, without what it includes, and changes to it.
public struct SceneEditor: Sendable {
  public let path: String
  public let text: String
  /// The places where something is drawn.
  public let sites: [DistributionSite]
  private let root: Node
  private let places: SceneText

  /// - Throws: where the text is no YAML.
  public init(text: String, path: String) throws(SceneError) {
    (self.text, self.path) = (text, path)
    places = SceneText(text)
    do throws(DocumentError) {
      var nodes = 0
      root = try YAMLReader.read(text, file: 0, nodes: &nodes)
    } catch { throw SceneError(error, files: [path]) }
    sites = DistributionSite.list(in: root)
  }

  /// Reads the file at `path`.
  public init(path: String) throws(SceneError) {
    try self.init(text: try SceneLoader.text(path), path: path)
  }

  /// Whether a node is a number that stands in the text as such, and not behind an anchor or an alias.
  public func isEditable(_ node: Node) -> Bool {
    node.number != nil && places.number(at: node.mark, reading: node.content) != nil
  }

  /// Every number of the document that is no parameter of a distribution, by its path; none twice.
  public var constants: [(path: String, node: Node)] {
    var list: [(path: String, node: Node)] = []
    func walk(_ node: Node, _ path: String) {
      switch node.content {
      case .integer, .real: list.append((path, node))
      case .sequence(let items):
        for (i, item) in items.enumerated() {
          var name = "\(i)"
          if case .string(let id)? = item["id"]?.content { name = id }
          walk(item, path + "[" + name + "]")
        }
      case .mapping(let members):
        for m in members where !m.key.hasPrefix("$") { walk(m.value, path.isEmpty ? m.key : path + "." + m.key) }
      default: break
      }
    }
    walk(root, "")
    return list
  }

  /// The text with changes.
  ///
  /// - Throws: where a change cannot be made in this text.
  public func applying(_ changes: [SceneChange]) throws(SceneError) -> String {
    do throws(DocumentError) {
      var edits: [Edit] = []
      for c in changes { edits += try self.edits(c) }
      edits.sort { $0.range.lowerBound > $1.range.lowerBound }
      var bytes = places.bytes
      for e in edits { bytes.replaceSubrange(e.range, with: e.text.utf8) }
      let result = String(decoding: bytes, as: UTF8.self)
      var nodes = 0
      let expected = changed(root, Dictionary(changes.map { ($0.mark, $0) }) { a, _ in a })
      guard let read = try? YAMLReader.read(result, file: 0, nodes: &nodes), read == expected else {
        throw DocumentError(
          changes.first?.mark ?? .none, found: "text in which \(changes.count) changes cannot be made one by one",
          expected: "numbers and lists in plain forms")
      }
      return result
    } catch { throw SceneError(error, files: [path]) }
  }

  // MARK: Text

  private struct Edit {
    var range: Range<Int>
    var text: String
  }

  private func edits(_ change: SceneChange) throws(DocumentError) -> [Edit] {
    func refused(_ mark: Mark, _ expected: String) -> DocumentError {
      DocumentError(mark, found: "text that cannot be changed in place", expected: expected)
    }
    switch change {
    case .number(let mark, let text):
      guard let node = node(at: mark, where: { $0.number != nil }),
        let range = places.number(at: mark, reading: node.content)
      else { throw refused(mark, "a number of its own, without anchor or alias") }
      return [Edit(range: range, text: text)]
    case .weights(let mark, let name, let weights):
      let list = name + ": [" + weights.joined(separator: ", ") + "]"
      guard let node = node(at: mark, where: { $0.dice != nil }), let dice = node.dice else {
        throw refused(mark, "a choice")
      }
      if case .mapping = dice.value.content { return [try member(list, into: dice.value)] }
      guard let start = places.offset(dice.value.mark) else { throw refused(mark, "a list of options") }
      if places.bytes[start] == UInt8(ascii: "["), let end = places.flowEnd(from: start) {
        return [Edit(range: start..<start, text: "{\(list), options: "), Edit(range: end..<end, text: "}")]
      }
      // Items may stand as deep as the key that they belong to, so the two keys are put on the lines above the first.
      guard places.bytes[start] == UInt8(ascii: "-"), places.isFirstOnLine(start),
        dice.value.mark.column > dice.keyMark.column
      else { throw refused(mark, "options in brackets, or in lines deeper than their key") }
      let margin = String(repeating: " ", count: Int(dice.value.mark.column) - 1)
      return [
        Edit(
          range: start..<start, text: "\(list)\(places.newline)\(margin)options:\(places.newline)\(margin)")
      ]
    case .variantWeights(let mark, let weights):
      guard let node = node(at: mark, where: { if case .sequence = $0.content { true } else { false } }),
        case .sequence(let items) = node.content, items.count == weights.count
      else { throw refused(mark, "a list of variants") }
      var edits: [Edit] = []
      for (item, weight) in zip(items, weights) {
        if let weight { edits.append(try member("weight: " + weight, into: item)) }
      }
      return edits
    }
  }

  /// A member in front of the others of a mapping.
  private func member(_ text: String, into node: Node) throws(DocumentError) -> Edit {
    guard let start = places.offset(node.mark), places.bytes[start] != UInt8(ascii: "&"),
      places.bytes[start] != UInt8(ascii: "*")
    else { throw DocumentError(node.mark, found: "an anchor or alias", expected: "a mapping of its own") }
    if places.bytes[start] == UInt8(ascii: "{") {
      return Edit(range: start + 1..<start + 1, text: text + ", ")
    }
    let margin = String(repeating: " ", count: Int(node.mark.column) - 1)
    return Edit(range: start..<start, text: text + places.newline + margin)
  }

  // MARK: Tree

  private func node(at mark: Mark, where isWanted: (Node) -> Bool) -> Node? {
    func find(_ node: Node) -> Node? {
      if node.mark == mark, isWanted(node) { return node }
      switch node.content {
      case .sequence(let items):
        for item in items { if let found = find(item) { return found } }
      case .mapping(let members):
        for m in members { if let found = find(m.value) { return found } }
      default: break
      }
      return nil
    }
    return find(root)
  }

  /// The tree that the changed text is to read as.
  private func changed(_ node: Node, _ changes: [Mark: SceneChange]) -> Node {
    func value(_ text: String) -> Node {
      var nodes = 0
      return (try? YAMLReader.read(text, file: 0, nodes: &nodes)) ?? Node(.null)
    }
    func adding(_ key: String, _ value: Node, to node: Node) -> Node {
      guard case .mapping(let members) = node.content else { return node }
      return Node(.mapping([.init(key: key, keyMark: .none, value: value)] + members), mark: node.mark)
    }
    var result = node
    switch node.content {
    case .integer, .real:
      if case .number(_, let text)? = changes[node.mark] { return Node(value(text).content, mark: node.mark) }
    case .sequence(let items):
      var list = items.map { changed($0, changes) }
      if case .variantWeights(_, let weights)? = changes[node.mark], weights.count == list.count {
        for (i, w) in weights.enumerated() { if let w { list[i] = adding("weight", value(w), to: list[i]) } }
      }
      result.content = .sequence(list)
    case .mapping(var members):
      for i in members.indices { members[i].value = changed(members[i].value, changes) }
      if case .weights(_, let name, let weights)? = changes[node.mark], members.count == 1,
        members[0].key.hasPrefix("$")
      {
        let list = Node(.sequence(weights.map(value)))
        if case .mapping = members[0].value.content {
          members[0].value = adding(name, list, to: members[0].value)
        } else {
          members[0].value = Node(
            .mapping([
              .init(key: name, keyMark: .none, value: list),
              .init(key: "options", keyMark: .none, value: members[0].value),
            ]))
        }
      }
      result.content = .mapping(members)
    default: break
    }
    return result
  }
}

extension Node {
  /// The one member of a mapping that is a distribution.
  fileprivate var dice: Member? {
    guard case .mapping(let members) = content, members.count == 1, members[0].key.hasPrefix("$") else { return nil }
    return members[0]
  }
}
