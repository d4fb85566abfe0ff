// Decoding of a sampled tree into values.
//
// `Codable` could do this, but it can say neither what a field means nor which values it takes. Here a type lists its
// fields once, and decoding, range checks, the JSON Schema, the reference and the nearest-name errors all follow.

/// A value that can be read from a document.
public protocol DocumentValue: Sendable {
  static func decode(_ node: Node) throws(DocumentError) -> Self
  static var grammar: Grammar { get }
  /// Refuses a decoded value outside `bound`; only numbers and vectors of numbers look at it.
  func check(_ bound: Bound, at node: Node) throws(DocumentError)
  static func grammar(_ bound: Bound) -> Grammar
}

extension DocumentValue {
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) {}
  public static func grammar(_ bound: Bound) -> Grammar { grammar }
}

/// A mapping with known keys. `init()` gives the defaults of the fields that are not required.
public protocol DocumentRecord: DocumentValue {
  init()
  /// In the order of the reference. Declare it as a stored `static let`.
  static var fields: [Field<Self>] { get }
  /// Looks at the fields together once all are stored.
  func validate(_ node: Node) throws(DocumentError)
}

/// One key of a record: where it is stored, what it means and what it may be.
public struct Field<Root>: Sendable {
  public let name: String
  public let summary: String
  public let isRequired: Bool
  public let grammar: @Sendable () -> Grammar
  @usableFromInline let store: @Sendable (Node, inout Root) throws(DocumentError) -> Void

  /// - Parameters:
  ///   - summary: one sentence with the unit and the default.
  ///   - bound: limits on the number, or on each component.
  @inlinable public init<V: DocumentValue>(
    _ name: String, _ path: any WritableKeyPath<Root, V> & Sendable, _ summary: String, required: Bool = false,
    in bound: Bound = .any
  ) {
    self.name = name
    self.summary = summary
    isRequired = required
    grammar = { V.grammar(bound) }
    // A stored property is written where it lies; a key path would look its way up anew each time.
    let offset = MemoryLayout<Root>.offset(of: path)
    store = { (node: Node, root: inout Root) throws(DocumentError) in
      let value = try V.decode(node)
      try value.check(bound, at: node)
      guard let offset else {
        root[keyPath: path] = value
        return
      }
      withUnsafeMutablePointer(to: &root) {
        UnsafeMutableRawPointer($0).advanced(by: offset).assumingMemoryBound(to: V.self).pointee = value
      }
    }
  }
}

extension DocumentRecord {
  public static var fieldGrammars: [FieldGrammar] {
    fields.map { FieldGrammar(name: $0.name, summary: $0.summary, isRequired: $0.isRequired, grammar: $0.grammar()) }
  }

  public static var grammar: Grammar { .record("\(Self.self)") { fieldGrammars } }

  @inlinable public func validate(_ node: Node) throws(DocumentError) {}

  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Self { try decodeFields(node) }

  /// Decodes a mapping by the declared fields. A null node stands for the record with its defaults.
  @inlinable public static func decodeFields(_ node: Node) throws(DocumentError) -> Self {
    var value = Self()
    let fields = Self.fields
    let members: [Node.Member]
    switch node.content {
    case .mapping(let m): members = m
    case .null: members = []
    default:
      throw DocumentError(node, expected: "a mapping with keys " + fields.map(\.name).joined(separator: ", "))
    }
    // Members mostly come in the order of the fields: the search begins behind the last one found.
    var next = 0
    for member in members {
      var found = -1
      for k in 0..<fields.count {
        let i = next + k < fields.count ? next + k : next + k - fields.count
        if fields[i].name == member.key {
          found = i
          break
        }
      }
      guard found >= 0 else {
        throw DocumentError(unknown: "key", member.key, at: member.keyMark, among: fields.map(\.name))
      }
      do { try fields[found].store(member.value, &value) } catch {
        throw error.inside(member.key).located(member.value.mark)
      }
      next = found + 1
    }
    for field in fields where field.isRequired && !members.contains(where: { $0.key == field.name }) {
      throw DocumentError(node.mark, found: "no \"\(field.name)\"", expected: "the required key \"\(field.name)\"")
    }
    try value.validate(node)
    return value
  }
}
