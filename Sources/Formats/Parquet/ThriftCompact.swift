/// Thrift's compact protocol, as far as Parquet's headers and footers need it: structs of integers, texts, lists and structs.
/// (Apache Thrift, doc/specs/thrift-compact-protocol.md.)
struct ThriftCompact {
  private(set) var bytes: [UInt8] = []
  /// Ids of the last field of each open struct.
  private var last: [Int] = [0]

  enum Kind: UInt8 { case i32 = 5, i64 = 6, binary = 8, list = 9, structure = 12 }

  mutating func i32(_ id: Int, _ value: Int) {
    header(id, .i32)
    zigzag(value)
  }

  mutating func i64(_ id: Int, _ value: Int) {
    header(id, .i64)
    zigzag(value)
  }

  mutating func text(_ id: Int, _ value: String) {
    header(id, .binary)
    text(value)
  }

  mutating func structure(_ id: Int, _ body: (inout ThriftCompact) -> Void) {
    header(id, .structure)
    element(body)
  }

  mutating func texts(_ id: Int, _ values: [String]) {
    list(id, .binary, values.count)
    for v in values { text(v) }
  }

  mutating func i32s(_ id: Int, _ values: [Int]) {
    list(id, .i32, values.count)
    for v in values { zigzag(v) }
  }

  mutating func structures<T>(_ id: Int, _ values: [T], _ body: (T, inout ThriftCompact) -> Void) {
    list(id, .structure, values.count)
    for v in values { element { body(v, &$0) } }
  }

  /// Ends the outermost struct.
  mutating func end() { bytes.append(0) }

  private mutating func element(_ body: (inout ThriftCompact) -> Void) {
    last.append(0)
    body(&self)
    bytes.append(0)
    last.removeLast()
  }

  /// Fields come in order of ids, fewer than 15 apart.
  private mutating func header(_ id: Int, _ kind: Kind) {
    let delta = id - last[last.count - 1]
    precondition((1...15).contains(delta), "fields come in order")
    bytes.append(UInt8(delta) << 4 | kind.rawValue)
    last[last.count - 1] = id
  }

  private mutating func list(_ id: Int, _ kind: Kind, _ count: Int) {
    header(id, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      bytes.appendVarint(UInt64(count))
    }
  }

  private mutating func text(_ s: String) {
    bytes.appendVarint(UInt64(s.utf8.count))
    bytes += s.utf8
  }

  private mutating func zigzag(_ n: Int) { bytes.appendVarint(UInt64(bitPattern: Int64(n << 1 ^ n >> 63))) }
}

extension [UInt8] {
  /// Seven bits a byte, the lowest first.
  mutating func appendVarint(_ n: UInt64) {
    var rest = n
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func appendLittleEndian(_ n: UInt64, bytes count: Int) {
    for i in 0..<count { append(UInt8(truncatingIfNeeded: n >> UInt64(8 * i))) }
  }
}
