/// A part that a scene names by a key: a shape, a pattern, a distribution.
public protocol DocumentPart: DocumentRecord {
  static var manual: Manual { get }
}

/// The parts of one kind, by name. Adding a part is its file, one line in its module's registry and one test.
public struct PartRegistry<Value>: Sendable {
  /// "shape", "pattern": the noun of error messages.
  public let kind: String
  @usableFromInline let entries: [Entry]

  @usableFromInline struct Entry: Sendable {
    let manual: Manual
    let grammar: @Sendable () -> PartGrammar
    let decode: @Sendable (Node) throws(DocumentError) -> Value
  }

  /// One line of a registry.
  public struct Line: Sendable {
    @usableFromInline let entry: Entry

    /// - Parameter wrap: turns the part into the registry's value, where it is more than a conversion to an existential.
    public init<P: DocumentPart>(_ part: P.Type, _ wrap: @escaping @Sendable (P) -> Value) {
      entry = Entry(
        manual: P.manual, grammar: { PartGrammar(manual: P.manual, fields: P.fieldGrammars) },
        decode: { (node: Node) throws(DocumentError) in wrap(try P.decodeFields(node)) })
    }
  }

  public init(kind: String, _ lines: [Line]) {
    self.kind = kind
    entries = lines.map(\.entry)
    precondition(Set(entries.map(\.manual.name)).count == entries.count, "two \(kind)s of one name")
  }

  public var names: [String] { entries.map(\.manual.name) }
  public var manuals: [Manual] { entries.map(\.manual) }
  public var grammar: Grammar { .part(kind) { entries.map { $0.grammar() } } }

  /// Reads `{name: {fields}}`, or a bare `name` for the part with its defaults.
  public func decode(_ node: Node) throws(DocumentError) -> Value {
    switch node.content {
    case .string(let name):
      return try entry(name, at: node.mark).decode(Node(.null, mark: node.mark))
    case .mapping(let members) where members.count == 1:
      let member = members[0]
      let entry = try entry(member.key, at: member.keyMark)
      do { return try entry.decode(member.value) } catch { throw error.inside(member.key) }
    default:
      throw DocumentError(node, expected: "the name of one \(kind): " + names.joined(separator: ", "))
    }
  }

  func entry(_ name: String, at mark: Mark) throws(DocumentError) -> Entry {
    guard let e = entries.first(where: { $0.manual.name == name }) else {
      throw DocumentError(unknown: kind, name, at: mark, among: names)
    }
    return e
  }
}
