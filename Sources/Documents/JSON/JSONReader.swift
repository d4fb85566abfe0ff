// A strict JSON reader that pulls values straight from bytes.
//
// Merging and exporting read every record of a dataset, hundreds of gigabytes in the end, so nothing here builds a
// tree: the caller asks for the value it expects, and anything else is an error with line and column. RFC 8259 and no
// more: no comments, no trailing commas, no leading zeros, no unpaired surrogates, valid UTF-8, a bounded depth.

/// A cursor over a JSON text. It borrows the bytes: use it only inside the closure that lends them.
package struct JSONReader {
  package let base: UnsafeBufferPointer<UInt8>
  /// Index of the next byte to look at.
  package internal(set) var offset = 0
  /// Index of the opening quote of the last key.
  package private(set) var keyOffset = 0
  private var depth = 0
  /// Whether the next key or element is the first of its object or array.
  private var isFirst = true
  /// The line that the first byte lies on, counted from 1.
  private let firstLine: Int

  package static let depthLimit = 64

  package init(_ bytes: UnsafeBufferPointer<UInt8>, firstLine: Int = 1) {
    base = bytes
    self.firstLine = firstLine
  }

  // MARK: Structure

  package mutating func beginObject() throws(JSONError) { try open(UInt8(ascii: "{"), "an object") }
  package mutating func beginArray() throws(JSONError) { try open(UInt8(ascii: "["), "an array") }

  /// The key of the next member, with the cursor before its value; nil once the object has ended.
  package mutating func nextKey() throws(JSONError) -> JSONKey? {
    guard try advance(closing: UInt8(ascii: "}")) else { return nil }
    guard peek() == UInt8(ascii: "\"") else { throw error(expected: "a key in quotes") }
    keyOffset = offset
    let key = JSONKey(text: try text())
    skipSpace()
    guard peek() == UInt8(ascii: ":") else { throw error(expected: "\":\"") }
    offset += 1
    return key
  }

  /// Whether an array has another element, with the cursor before it.
  package mutating func nextElement() throws(JSONError) -> Bool { try advance(closing: UInt8(ascii: "]")) }

  /// Only white space may follow.
  package mutating func end() throws(JSONError) {
    skipSpace()
    guard offset == base.count else { throw error(expected: "the end") }
  }

  // MARK: Values

  /// What the next value looks like; anything that is none of the others counts as a number.
  package enum Kind { case text, boolean, array, number }

  package mutating func nextKind() throws(JSONError) -> Kind {
    skipSpace()
    return switch peek() {
    case UInt8(ascii: "\""): .text
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "["): .array
    default: .number
    }
  }

  package mutating func null() throws(JSONError) { try word("null") }

  /// True where the next value is `null`, which is then consumed.
  package mutating func isNull() throws(JSONError) -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  package mutating func boolean() throws(JSONError) -> Bool {
    skipSpace()
    switch peek() {
    case UInt8(ascii: "t"):
      try word("true")
      return true
    case UInt8(ascii: "f"):
      try word("false")
      return false
    default: throw error(expected: "true or false")
    }
  }

  package mutating func integer() throws(JSONError) -> Int {
    skipSpace()
    let start = offset
    let n = try scanNumber()
    guard n.isInteger, let value = n.exactInteger else {
      offset = start
      throw error(expected: "a whole number of at most 18 digits")
    }
    return value
  }

  /// The double nearest to the number as written.
  package mutating func number() throws(JSONError) -> Double {
    skipSpace()
    let start = offset
    let n = try scanNumber()
    if let quick = n.quickDouble ?? n.roundedDouble { return quick }
    let text = String(decoding: base[start..<offset], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      offset = start
      throw error(expected: "a number within the range of doubles")
    }
    return value
  }

  package mutating func string() throws(JSONError) -> String {
    skipSpace()
    let start = offset
    let content = try text()
    guard let s = content.withBytes({ String(validating: $0, as: UTF8.self) }) else {
      offset = start
      throw error(expected: "valid UTF-8")
    }
    return s
  }

  /// A text as its UTF-8 bytes, which are not validated.
  package mutating func stringBytes() throws(JSONError) -> [UInt8] {
    skipSpace()
    return try text().withBytes { Array($0) }
  }

  /// Passes over one value of any kind, checking its form.
  package mutating func skipValue() throws(JSONError) {
    skipSpace()
    switch peek() {
    case UInt8(ascii: "{"):
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    case UInt8(ascii: "["):
      try beginArray()
      while try nextElement() { try skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
    case UInt8(ascii: "n"): try null()
    default: _ = try scanNumber()
    }
  }

  // MARK: Errors

  /// An error at the cursor.
  package func error(expected: String) -> JSONError {
    let found: String
    if offset >= base.count {
      found = "the end"
    } else {
      let rest = base[offset..<min(offset + 20, base.count)].prefix { $0 >= 0x20 && $0 < 0x7F }
      found = rest.isEmpty ? "byte \(base[offset])" : "\"" + String(decoding: rest, as: UTF8.self) + "\""
    }
    return error(found: found, expected: expected, at: offset)
  }

  package func error(found: String, expected: String, at place: Int) -> JSONError {
    var line = firstLine
    var lineStart = 0
    for i in 0..<min(place, base.count) where base[i] == 0x0A {
      line += 1
      lineStart = i + 1
    }
    return JSONError(line: line, column: place - lineStart + 1, found: found, expected: expected)
  }

  // MARK: Bytes

  @inline(__always) func peek() -> UInt8 { offset < base.count ? base[offset] : 0 }

  @inline(__always) mutating func skipSpace() {
    while offset < base.count {
      let c = base[offset]
      guard c == 0x20 || c == 0x0A || c == 0x0D || c == 0x09 else { return }
      offset += 1
    }
  }

  private mutating func open(_ bracket: UInt8, _ what: String) throws(JSONError) {
    skipSpace()
    guard peek() == bracket else { throw error(expected: what) }
    guard depth < JSONReader.depthLimit else { throw error(expected: "at most \(JSONReader.depthLimit) levels") }
    depth += 1
    offset += 1
    isFirst = true
  }

  private mutating func advance(closing bracket: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    if peek() == bracket {
      offset += 1
      depth -= 1
      isFirst = false
      return false
    }
    if isFirst {
      isFirst = false
    } else {
      guard peek() == UInt8(ascii: ",") else {
        throw error(expected: "\",\" or \"\(Character(UnicodeScalar(bracket)))\"")
      }
      offset += 1
      skipSpace()
    }
    return true
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    skipSpace()
    let n = word.utf8CodeUnitCount
    let matches =
      base.count - offset >= n && (0..<n).allSatisfy { base[offset + $0] == word.utf8Start[$0] }
    guard matches else { throw error(expected: "\(word)") }
    offset += n
  }

  mutating func scanNumber() throws(JSONError) -> ScannedNumber {
    let start = offset
    var n = ScannedNumber()
    if peek() == UInt8(ascii: "-") {
      n.isNegative = true
      offset += 1
    }
    guard isDigit(peek()) else {
      offset = start
      throw error(expected: "a number")
    }
    if peek() == UInt8(ascii: "0"), offset + 1 < base.count, isDigit(base[offset + 1]) {
      throw error(expected: "a number without leading zeros")
    }
    scanDigits(into: &n)
    if peek() == UInt8(ascii: ".") {
      n.isInteger = false
      offset += 1
      guard isDigit(peek()) else { throw error(expected: "a digit") }
      let point = offset
      scanDigits(into: &n)
      n.exponent -= offset - point
    }
    if peek() | 0x20 == UInt8(ascii: "e") {
      n.isInteger = false
      offset += 1
      var isNegative = false
      if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") {
        isNegative = peek() == UInt8(ascii: "-")
        offset += 1
      }
      guard isDigit(peek()) else { throw error(expected: "a digit") }
      var e = 0
      while isDigit(peek()) {
        if e < 100_000 { e = e * 10 + Int(base[offset] - UInt8(ascii: "0")) }
        offset += 1
      }
      n.exponent += isNegative ? -e : e
    }
    return n
  }

  /// Takes all digits at the cursor, eight at a time where there are as many.
  @inline(__always) private mutating func scanDigits(into n: inout ScannedNumber) {
    while let eight = ByteBlock(base, at: offset), eight.holdsDigits {
      n.append(eight: eight)
      offset += 8
    }
    while isDigit(peek()) {
      n.append(digit: base[offset])
      offset += 1
    }
  }

  @inline(__always) private func isDigit(_ c: UInt8) -> Bool { c &- UInt8(ascii: "0") < 10 }

  /// Reads a text in quotes. Text without escapes is lent from the buffer; else its decoded bytes are made.
  private mutating func text() throws(JSONError) -> JSONText {
    guard peek() == UInt8(ascii: "\"") else { throw error(expected: "a text in quotes") }
    offset += 1
    let start = offset
    try skipPlain()
    if base[offset] == UInt8(ascii: "\"") {
      offset += 1
      return .lent(UnsafeBufferPointer(rebasing: base[start..<(offset - 1)]))
    }
    return .decoded(try decodedText(from: start))
  }

  /// The bytes of a text with escapes, from its first byte on; the cursor stands on the first escape.
  private mutating func decodedText(from start: Int) throws(JSONError) -> [UInt8] {
    var bytes: [UInt8] = []
    var from = start
    while true {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: base[from..<offset]))
      offset += 1
      if base[offset - 1] == UInt8(ascii: "\"") { return bytes }
      let c = peek()
      if c == UInt8(ascii: "\\") || c == UInt8(ascii: "\"") {
        bytes.append(c)
        offset += 1
      } else {
        try appendEscape(to: &bytes)
      }
      from = offset
      try skipPlain()
    }
  }

  /// Moves the cursor to the quote that ends a text, or to the next escape in it.
  @inline(__always) private mutating func skipPlain() throws(JSONError) {
    while let eight = ByteBlock(base, at: offset) {
      let plain = eight.plainTextPrefix
      offset += plain
      if plain < 8 { break }
    }
    while offset < base.count {
      let c = base[offset]
      if c == UInt8(ascii: "\"") || c == UInt8(ascii: "\\") { return }
      guard c >= 0x20 else { throw error(expected: "an escape for this control character") }
      offset += 1
    }
    throw error(expected: "a closing quote")
  }

  private mutating func appendEscape(to bytes: inout [UInt8]) throws(JSONError) {
    let c = peek()
    switch c {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(c)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      let place = offset - 1
      var code = UInt32(try hexadecimal4())
      if code >= 0xD800, code < 0xDC00, offset + 2 < base.count, base[offset + 1] == UInt8(ascii: "\\"),
        base[offset + 2] == UInt8(ascii: "u")
      {
        offset += 2
        let low = UInt32(try hexadecimal4())
        if low >= 0xDC00, low < 0xE000 { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
      }
      guard let scalar = UnicodeScalar(code) else {
        throw error(found: "half of a surrogate pair", expected: "a whole one", at: place)
      }
      bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default: throw error(expected: "an escape of JSON")
    }
    offset += 1
  }

  /// Reads the four digits after the `u` at the cursor, and leaves the cursor on the last of them.
  private mutating func hexadecimal4() throws(JSONError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      offset += 1
      let c = peek()
      let digit: UInt8
      switch c {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = c - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = c - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = c - UInt8(ascii: "A") + 10
      default: throw error(expected: "four hexadecimal digits")
      }
      code = code << 4 | UInt16(digit)
    }
    return code
  }
}
