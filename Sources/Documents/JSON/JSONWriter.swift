// Canonical JSON, byte by byte.
//
// Records are compared, digested and kept for years, so their bytes must follow from the values alone: keys in the
// order they are written, no white space, numbers in the shortest form that reads back to the same bits, text in UTF-8
// with only the escapes that JSON demands. Foundation's encoder promises neither the order nor the form, and takes
// longer over a frame's record than the frame's labels took; this writer appends bytes to one buffer and keeps no tree.

/// Writes one JSON value after another into `bytes`. The caller keeps begins and ends in balance.
package struct JSONWriter: Sendable {
  package var bytes: [UInt8] = []
  /// Whether the next value or key follows a sibling.
  private var hasSibling = false

  package init() {}

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// A key of plain ASCII letters, digits and underscores; the member's value comes next.
  package mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    hasSibling = false
  }

  /// A key of any text; the member's value comes next.
  package mutating func key(text name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    hasSibling = false
  }

  /// Members of one value: `key`, then it.
  package mutating func member(_ name: StaticString, _ value: Int) {
    key(name)
    integer(value)
  }

  package mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
    key(name)
    integer(value)
  }

  package mutating func member(_ name: StaticString, _ value: Double) {
    key(name)
    number(value)
  }

  package mutating func member(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  package mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  package mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    appendDecimal(UInt64(value.magnitude), isNegative: value < 0)
    hasSibling = true
  }

  /// The same; not generic, since code for any integer costs ten times that for this one.
  package mutating func integer(_ value: Int) {
    separate()
    appendDecimal(UInt64(value.magnitude), isNegative: value < 0)
    hasSibling = true
  }

  /// The shortest decimal that reads back to the same bits; whole numbers without a fraction. JSON has no infinity and
  /// no NaN: they become `null`, which no reader of a number accepts.
  package mutating func number(_ value: Double) {
    separate()
    hasSibling = true
    guard value.isFinite else {
      bytes.append(contentsOf: "null".utf8)
      return
    }
    if value == value.rounded(.towardZero), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
      appendDecimal(UInt64(value.magnitude), isNegative: value < 0)
      return
    }
    var text = value.description
    text.withUTF8 { digits in
      let isWhole =
        digits.count > 2 && digits[digits.count - 1] == UInt8(ascii: "0")
        && digits[digits.count - 2] == UInt8(ascii: ".")
      bytes.append(contentsOf: isWhole ? digits[..<(digits.count - 2)] : digits[...])
    }
  }

  package mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
    hasSibling = true
  }

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
    hasSibling = true
  }

  package mutating func string(_ value: String) {
    var copy = value
    copy.withUTF8 { string($0) }
  }

  /// Text given as UTF-8.
  package mutating func string(_ utf8: UnsafeBufferPointer<UInt8>) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    var from = 0
    while true {
      let i = JSONWriter.firstToEscape(in: utf8, from: from)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[from..<i]))
      guard i < utf8.count else { break }
      let c = utf8[i]
      from = i + 1
      bytes.append(UInt8(ascii: "\\"))
      switch c {
      case 0x0A: bytes.append(UInt8(ascii: "n"))
      case 0x0D: bytes.append(UInt8(ascii: "r"))
      case 0x09: bytes.append(UInt8(ascii: "t"))
      case 0..<0x20:
        let hex = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: [0x75, 0x30, 0x30, hex[Int(c >> 4)], hex[Int(c & 15)]])
      default: bytes.append(c)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    hasSibling = true
  }

  /// The place of the first byte that cannot stand in a text as it is, or the end.
  private static func firstToEscape(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var i = start
    while let eight = ByteBlock(text, at: i) {
      let plain = eight.plainTextPrefix
      i += plain
      if plain < 8 { return i }
    }
    while i < text.count, text[i] >= 0x20, text[i] != UInt8(ascii: "\""), text[i] != UInt8(ascii: "\\") { i += 1 }
    return i
  }

  /// A value that is canonical JSON already.
  package mutating func verbatim(_ json: some Collection<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
    hasSibling = true
  }

  /// Ends a line of a file that holds one value a line.
  package mutating func newline() {
    bytes.append(0x0A)
    hasSibling = false
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    hasSibling = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    hasSibling = true
  }

  @inline(__always) private mutating func separate() {
    if hasSibling { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func appendDecimal(_ magnitude: UInt64, isNegative: Bool) {
    if isNegative { bytes.append(UInt8(ascii: "-")) }
    if magnitude < 10 {
      bytes.append(UInt8(truncatingIfNeeded: magnitude) + UInt8(ascii: "0"))
      return
    }
    var rest = magnitude
    // 2^64 has 20 digits.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var at = 20
      repeat {
        at -= 1
        digits[at] = UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0")
        rest /= 10
      } while rest > 0
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[at...]))
    }
  }
}

extension JSONWriter {
  package mutating func numbers(_ values: Double...) {
    beginArray()
    for v in values { number(v) }
    endArray()
  }

  package mutating func integers(_ values: Int...) {
    beginArray()
    for v in values { integer(v) }
    endArray()
  }
}
