// Changing single values of a concrete document, as `diorama sample` prints it: `objects.dominoes[2].position=[0, 0, 1]`.

import Documents

/// A value to put in place of another.
public struct DocumentEdit: Sendable {
  /// From the root: keys with points between them; elements of lists by their `id`, or by number as `[2]`, from 0.
  public let path: String
  public let value: Node

  /// Reads `path=value`, with the value as YAML has it.
  public init(_ text: String) throws(DocumentError) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw DocumentError(.none, found: "\"\(text)\"", expected: "path=value, such as sun.elevation=30")
    }
    path = String(text[..<equals])
    var nodes = 0
    do throws(DocumentError) {
      value = try YAMLReader.read(String(text[text.index(after: equals)...]), file: 0, nodes: &nodes)
      if let dice = value.firstDice {
        throw DocumentError(dice, found: "something drawn", expected: "a value: a frame that is made again has no dice")
      }
    } catch {
      var named = error
      named.mark = .none
      throw named.inside(path)
    }
  }

  /// The document with this value. A key that a mapping does not have is added: whether a scene has such a key, and what it may
  /// be, is for those to say who read the document.
  ///
  /// - Throws: where the path names an element that a list does not have, or leads into a plain value.
  public func apply(to document: Node) throws(DocumentError) -> Node {
    do { return try setting(path[...], in: document) } catch {
      var named = error
      named.path = path
      throw named
    }
  }

  private func setting(_ rest: Substring, in node: Node) throws(DocumentError) -> Node {
    if rest.isEmpty { return value }
    switch node.content {
    case .mapping(let members):
      // A key may have points of its own: the longest that fits is meant.
      let known = members.map(\.key).filter { DocumentEdit.begins(rest, with: $0) }.max {
        $0.utf8.count < $1.utf8.count
      }
      let key = known ?? String(rest.prefix { $0 != "." })
      let inner = try setting(DocumentEdit.tail(rest, behind: key), in: node[key] ?? Node(.null))
      return node.setting(key, to: inner)
    case .sequence(var items):
      let k = try element(rest, of: items)
      items[k.index] = try setting(k.rest, in: items[k.index])
      return Node(.sequence(items), mark: node.mark)
    case .null:
      let key = String(rest.prefix { $0 != "." })
      return Node(.mapping([])).setting(key, to: try setting(DocumentEdit.tail(rest, behind: key), in: Node(.null)))
    case .string(let name) where DocumentEdit.begins(rest, with: name):
      // A part with its defaults is its bare name.
      return Node(.mapping([])).setting(
        name, to: try setting(DocumentEdit.tail(rest, behind: name), in: Node(.null)))
    default:
      throw DocumentError(.none, found: "\"\(rest)\" behind \(node.found)", expected: "a path that ends there")
    }
  }

  /// The element that a path begins with, and the path behind it.
  private func element(_ rest: Substring, of items: [Node]) throws(DocumentError) -> (index: Int, rest: Substring) {
    guard !items.isEmpty else {
      throw DocumentError(.none, found: "\"\(rest)\"", expected: "a path that ends there: the list is empty")
    }
    let ids = items.map { Leaf.id($0) }
    let fitting = ids.compactMap { $0 }.filter { DocumentEdit.begins(rest, with: $0) }
    if let id = fitting.max(by: { $0.utf8.count < $1.utf8.count }), let k = ids.firstIndex(of: id) {
      return (k, DocumentEdit.tail(rest, behind: id))
    }
    if rest.first == "[", let end = rest.firstIndex(of: "]"),
      let k = Int(rest[rest.index(after: rest.startIndex)..<end])
    {
      guard items.indices.contains(k) else {
        throw DocumentError(.none, found: "[\(k)]", expected: "[0] to [\(items.count - 1)]")
      }
      return (k, DocumentEdit.tail(rest, behind: String(rest[...end])))
    }
    let known = ids.compactMap { $0 }
    guard !known.isEmpty else {
      throw DocumentError(.none, found: "\"\(rest)\"", expected: "an element by number, [0] to [\(items.count - 1)]")
    }
    throw DocumentError(unknown: "element", String(rest.prefix { $0 != "." }), at: .none, among: known)
  }

  /// Whether a path begins with that name: whole, not with the beginning of a longer one.
  private static func begins(_ rest: Substring, with name: String) -> Bool {
    guard !name.isEmpty, rest.hasPrefix(name) else { return false }
    let next = rest.dropFirst(name.count).first
    return next == nil || next == "." || next == "["
  }

  private static func tail(_ rest: Substring, behind name: String) -> Substring {
    let tail = rest.dropFirst(name.count)
    return tail.first == "." ? tail.dropFirst() : tail
  }
}
