import Documents

/// The bytes of a scene file and where its nodes lie in them.
struct SceneText {
  let bytes: [UInt8]
  /// Where each line begins.
  private var lines: [Int]
  /// How the file ends its lines.
  let newline: String

  init(_ text: String) {
    bytes = Array(text.utf8)
    // The parser is not shown a byte order mark, so its columns begin behind it.
    var lines = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    var i = 0
    while i < bytes.count {
      let n = SceneText.breakLength(bytes, at: i)
      i += max(n, 1)
      if n > 0 { lines.append(i) }
    }
    self.lines = lines
    newline = text.utf8.contains(UInt8(ascii: "\r")) ? "\r\n" : "\n"
  }

  /// Bytes of the line break at a place, 0 where there is none: those of YAML 1.1, which the parser (libyaml) keeps to.
  private static func breakLength(_ b: [UInt8], at i: Int) -> Int {
    switch b[i] {
    case 0x0A: 1
    case 0x0D: i + 1 < b.count && b[i + 1] == 0x0A ? 2 : 1
    // U+0085, U+2028, U+2029.
    case 0xC2: i + 1 < b.count && b[i + 1] == 0x85 ? 2 : 0
    case 0xE2: i + 2 < b.count && b[i + 1] == 0x80 && (b[i + 2] == 0xA8 || b[i + 2] == 0xA9) ? 3 : 0
    default: 0
    }
  }

  /// The byte that a mark names; nil where the text has none there. Columns count characters of Unicode.
  func offset(_ mark: Mark) -> Int? {
    guard mark.file == 0, mark.line >= 1, Int(mark.line) <= lines.count, mark.column >= 1 else { return nil }
    var i = lines[Int(mark.line) - 1]
    for _ in 1..<mark.column {
      guard i < bytes.count else { return nil }
      i += 1
      while i < bytes.count, bytes[i] & 0xC0 == 0x80 { i += 1 }
    }
    return i < bytes.count ? i : nil
  }

  /// The plain number at a mark; nil where something else stands there, such as an anchor.
  func number(at mark: Mark, reading content: Node.Content) -> Range<Int>? {
    guard let start = offset(mark) else { return nil }
    var end = start
    while end < bytes.count, !" \t\r\n,]}".utf8.contains(bytes[end]) { end += 1 }
    let read = CoreScalars.content(String(decoding: bytes[start..<end], as: UTF8.self))
    return Node(read) == Node(content) ? start..<end : nil
  }

  /// Behind the end of the list or mapping in brackets that begins at a place; nil where it does not end. Brackets in quoted
  /// texts and in comments do not count.
  func flowEnd(from start: Int) -> Int? {
    var (depth, quote, isComment) = (0, UInt8(0), false)
    var i = start
    while i < bytes.count {
      let c = bytes[i]
      let isAtStart = i == 0 || " \n\r\t{[,:".utf8.contains(bytes[i - 1])
      if isComment {
        isComment = SceneText.breakLength(bytes, at: i) == 0
      } else if quote != 0 {
        if c == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { i += 1 } else if c == quote { quote = 0 }
      } else {
        switch c {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): if isAtStart { quote = c }
        case UInt8(ascii: "#"): isComment = isAtStart
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
          depth -= 1
          if depth == 0 { return i + 1 }
        default: break
        }
      }
      i += 1
    }
    return nil
  }

  /// What stands on a place's line in front of it.
  func isFirstOnLine(_ offset: Int) -> Bool {
    var i = offset
    while i > 0, bytes[i - 1] == UInt8(ascii: " ") { i -= 1 }
    return i == 0 || bytes[i - 1] == UInt8(ascii: "\n") || bytes[i - 1] == UInt8(ascii: "\r")
  }
}
