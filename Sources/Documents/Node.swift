/// A place in a scene file. Lines and columns count from 1; a mark with line 0 is of no file.
public struct Mark: Hashable, Sendable {
  /// Index into the list of files that were read for the document (a scene and what it includes).
  public var file: UInt32
  public var line: UInt32
  public var column: UInt32

  @inlinable public init(file: Int = 0, line: Int, column: Int) {
    self.file = UInt32(truncatingIfNeeded: file)
    self.line = UInt32(truncatingIfNeeded: line)
    self.column = UInt32(truncatingIfNeeded: column)
  }

  public static let none = Mark(line: 0, column: 0)
}

/// A document tree: what a YAML file says, and what sampling makes of it. The same type serves before and after
/// sampling; after it, no mapping has a key that begins with `$`.
public struct Node: Sendable {
  public enum Content: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case real(Double)
    case string(String)
    case sequence([Node])
    case mapping([Member])
  }

  /// One `key: value` of a mapping. Keys are unique in their mapping and keep the file's order.
  public struct Member: Sendable {
    public var key: String
    public var keyMark: Mark
    public var value: Node

    @inlinable public init(key: String, keyMark: Mark, value: Node) {
      self.key = key
      self.keyMark = keyMark
      self.value = value
    }
  }

  public var content: Content
  public var mark: Mark
  /// Set on the lists and mappings that are the same in every frame of a scene.
  public var shared: SharedSubtree?

  @inlinable public init(_ content: Content, mark: Mark = .none, shared: SharedSubtree? = nil) {
    self.content = content
    self.mark = mark
    self.shared = shared
  }

  /// The member's value, or nil where `self` is no mapping or has no such key.
  @inlinable public subscript(key: String) -> Node? {
    guard case .mapping(let members) = content else { return nil }
    for m in members where m.key == key { return m.value }
    return nil
  }

  @inlinable public var isNull: Bool {
    if case .null = content { return true }
    return false
  }

  /// The value as a number, where it is one.
  @inlinable public var number: Double? {
    switch content {
    case .integer(let i): Double(i)
    case .real(let r): r
    default: nil
    }
  }

  /// What an error says was found: the value itself where it is short, else its kind.
  public var found: String {
    switch content {
    case .null: "nothing"
    case .boolean(let b): "\(b)"
    case .integer(let i): "\(i)"
    case .real(let r): "\(r)"
    case .string(let s): s.count <= 60 ? "\"\(s)\"" : "\"\(s.prefix(57))...\""
    case .sequence(let s): "a list of \(s.count)"
    case .mapping(let m):
      m.isEmpty
        ? "an empty mapping"
        : "a mapping with " + m.prefix(4).map { "\"\($0.key)\"" }.joined(separator: ", ")
          + (m.count > 4 ? ", ..." : "")
    }
  }
}

/// Equality of content; marks do not count.
extension Node: Equatable {
  public static func == (a: Node, b: Node) -> Bool {
    switch (a.content, b.content) {
    case (.null, .null): true
    case (.boolean(let x), .boolean(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.real(let x), .real(let y)): x == y || (x.isNaN && y.isNaN)
    case (.string(let x), .string(let y)): x == y
    case (.sequence(let x), .sequence(let y)): x == y
    case (.mapping(let x), .mapping(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}
