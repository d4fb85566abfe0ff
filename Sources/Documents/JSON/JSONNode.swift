/// Limits on a JSON text that becomes a tree, against texts that are small and trees that are not.
package enum JSONTreeLimits {
  /// Values in all; a node takes some 50 bytes.
  package static let values = 1 << 23
}

extension JSONReader {
  /// A whole JSON text as a tree with the lines and columns of its values: for small texts whose form is not known
  /// beforehand. A key that comes twice in its object is an error. Whole numbers of up to 18 digits written without
  /// fraction and exponent are integers, all others reals.
  package static func tree(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Node {
    var builder = JSONTreeBuilder(reader: JSONReader(bytes))
    let root = try builder.value()
    try builder.reader.end()
    return root
  }
}

private struct JSONTreeBuilder {
  var reader: JSONReader
  private var values = 0
  // Where the line of `counted` begins, so that a place costs only the way from the one before it.
  private var line = 1
  private var lineStart = 0
  private var counted = 0

  init(reader: JSONReader) { self.reader = reader }

  private mutating func mark() -> Mark {
    while counted < reader.offset {
      if reader.base[counted] == 0x0A {
        line += 1
        lineStart = counted + 1
      }
      counted += 1
    }
    return Mark(line: line, column: reader.offset - lineStart + 1)
  }

  mutating func value() throws(JSONError) -> Node {
    reader.skipSpace()
    values += 1
    guard values <= JSONTreeLimits.values else {
      throw reader.error(expected: "at most \(JSONTreeLimits.values) values")
    }
    let mark = mark()
    switch reader.peek() {
    case UInt8(ascii: "{"): return Node(.mapping(try members()), mark: mark)
    case UInt8(ascii: "["):
      var items: [Node] = []
      try reader.beginArray()
      while try reader.nextElement() { items.append(try value()) }
      return Node(.sequence(items), mark: mark)
    case UInt8(ascii: "\""): return Node(.string(try reader.string()), mark: mark)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return Node(.boolean(try reader.boolean()), mark: mark)
    case UInt8(ascii: "n"):
      try reader.null()
      return Node(.null, mark: mark)
    default:
      let start = reader.offset
      let n = try reader.scanNumber()
      if n.isInteger, let whole = n.exactInteger { return Node(.integer(whole), mark: mark) }
      reader.offset = start
      return Node(.real(try reader.number()), mark: mark)
    }
  }

  private mutating func members() throws(JSONError) -> [Node.Member] {
    var members: [Node.Member] = []
    var seen: Set<String> = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      let name = key.name
      guard seen.insert(name).inserted else {
        throw reader.error(found: "a second \"\(name)\"", expected: "each key once", at: reader.keyOffset)
      }
      let keyMark = mark()
      members.append(.init(key: name, keyMark: keyMark, value: try value()))
    }
    return members
  }
}
