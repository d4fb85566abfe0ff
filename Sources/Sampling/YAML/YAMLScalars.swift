import Documents

// Plain, quoted and block scalars.

extension YAMLReader {
  /// A scalar at the position, plain or quoted; a plain one ends before its line's comment or colon.
  ///
  /// - Parameter parent: the column of the collection around; the lines that go on stand further to the right. With a
  ///   column that nothing is to the right of, the scalar stays on its line.
  mutating func scalar(under parent: Int, inFlow: Bool) throws(DocumentError) -> (text: String, isPlain: Bool) {
    switch current {
    case 34: return (try doubleQuoted(), false)
    case 39: return (try singleQuoted(), false)
    case 33: throw fault("a tag", "a value without a tag")
    case 64, 96: throw fault(found(), "a text with this first character in quotes")
    case 37, 44, 93, 125, 35, 38, 42, 124, 62: throw fault(found(), "a value")
    default: return (try plain(under: parent, inFlow: inFlow), true)
    }
  }

  // MARK: Plain

  private mutating func plain(under parent: Int, inFlow: Bool) throws(DocumentError) -> String {
    var text = try plainLine(inFlow: inFlow)
    guard !text.isEmpty else { throw fault(found(), "a value") }
    // What goes on in the next lines is folded: a line end is a space, an empty line a line end.
    while true {
      let saved = self
      var breaks = 0
      skipSpaces()
      guard current == 10 else {
        self = saved
        break
      }
      while current == 10 {
        newLine()
        breaks += 1
        skipSpaces()
      }
      let goesOn =
        !atEnd && !atMarker && current != 35 && (inFlow ? true : indent > parent && parent < Int.max - 1)
        && !(inFlow && (YAMLReader.isFlowMark(current) || (current == 58 && YAMLReader.isBlank(peek(1)))))
      guard goesOn else {
        self = saved
        break
      }
      let place = mark()
      let next = try plainLine(inFlow: inFlow)
      if !inFlow, current == 58, YAMLReader.isBlank(peek(1)) {
        throw DocumentError(place, found: "a key where a text goes on", expected: "it below its neighbours")
      }
      guard !next.isEmpty else {
        self = saved
        break
      }
      text += (breaks == 1 ? " " : String(repeating: "\n", count: breaks - 1)) + next
    }
    return text
  }

  /// The rest of the line up to a comment, a colon with a space, or a mark of flow style; without spaces at its end.
  private mutating func plainLine(inFlow: Bool) throws(DocumentError) -> String {
    let start = position
    var end = position
    while !YAMLReader.isBreak(current) {
      let c = current
      if c == 58 {
        let next = peek(1)
        if YAMLReader.isBlank(next) || (inFlow && YAMLReader.isFlowMark(next)) { break }
      }
      if c == 35, position > start, YAMLReader.isSpace(Int(bytes[position - 1])) { break }
      if inFlow, YAMLReader.isFlowMark(c) { break }
      if c < 32, c != 9 { throw fault("a control character", "text") }
      position += 1
      if !YAMLReader.isSpace(c) { end = position }
    }
    position = end
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  // MARK: Quoted

  private mutating func singleQuoted() throws(DocumentError) -> String {
    let opened = mark()
    position += 1
    var text: [UInt8] = []
    while true {
      switch current {
      case -1: throw DocumentError(opened, found: "a text without its end", expected: "a second '")
      case 39 where peek(1) == 39:
        text.append(39)
        position += 2
      case 39:
        position += 1
        return String(decoding: text, as: UTF8.self)
      case 10: try fold(&text)
      default: try take(&text)
      }
    }
  }

  private mutating func doubleQuoted() throws(DocumentError) -> String {
    let opened = mark()
    position += 1
    var text: [UInt8] = []
    while true {
      switch current {
      case -1: throw DocumentError(opened, found: "a text without its end", expected: "a second \"")
      case 34:
        position += 1
        return String(decoding: text, as: UTF8.self)
      case 92: try escape(&text)
      case 10: try fold(&text)
      default: try take(&text)
      }
    }
  }

  private mutating func take(_ text: inout [UInt8]) throws(DocumentError) {
    if current < 32, current != 9 { throw fault("a control character", "text") }
    text.append(bytes[position])
    position += 1
  }

  /// A line end in quotes: spaces around it go, it becomes a space, and empty lines become line ends.
  private mutating func fold(_ text: inout [UInt8]) throws(DocumentError) {
    while let last = text.last, last == 32 || last == 9 { text.removeLast() }
    var breaks = 0
    while current == 10 {
      newLine()
      breaks += 1
      skipSpaces()
    }
    if atMarker { throw fault("a new document in a text", "the end of the text") }
    text.append(contentsOf: breaks == 1 ? [32] : Array(repeating: 10, count: breaks - 1))
  }

  private mutating func escape(_ text: inout [UInt8]) throws(DocumentError) {
    let c = peek(1)
    let simple: [Int: [UInt8]] = [
      48: [0], 97: [7], 98: [8], 116: [9], 9: [9], 110: [10], 118: [11], 102: [12], 114: [13], 101: [27], 32: [32],
      34: [34], 47: [47], 92: [92], 78: [0xC2, 0x85], 95: [0xC2, 0xA0], 76: [0xE2, 0x80, 0xA8], 80: [0xE2, 0x80, 0xA9],
    ]
    if let bytes = simple[c] {
      text.append(contentsOf: bytes)
      position += 2
      return
    }
    if c == 10 {
      // A line end behind a backslash is nothing at all.
      position += 1
      newLine()
      skipSpaces()
      return
    }
    let digits = [120: 2, 117: 4, 85: 8][c] ?? 0
    guard digits > 0 else { throw fault(found(), "an escape of YAML, such as \\n or \\u00e9") }
    var code: UInt32 = 0
    for k in 0..<digits {
      let d = peek(2 + k)
      guard d >= 0, let value = Character(Unicode.Scalar(UInt8(truncatingIfNeeded: d))).hexDigitValue, d < 128 else {
        throw fault(found(), "\(digits) hexadecimal digits")
      }
      code = code &* 16 &+ UInt32(value)
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault(found(), "the code of a character") }
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
    position += 2 + digits
  }

  // MARK: Block scalars

  /// `|` keeps lines as they are, `>` folds them.
  mutating func blockScalar(under parent: Int) throws(DocumentError) -> String {
    let isFolded = current == 62
    position += 1
    var chomp = 0
    var explicit: Int?
    while !YAMLReader.isBlank(current) {
      switch current {
      case 43: chomp = 1
      case 45: chomp = -1
      case 49...57: explicit = current - 48
      default: throw fault(found(), "+, - or a digit behind | or >")
      }
      position += 1
    }
    skipSpaces()
    if current == 35 { while !YAMLReader.isBreak(current) { position += 1 } }
    guard YAMLReader.isBreak(current) else { throw fault(found(), "the text on the next line") }
    if current == 10 { newLine() }
    var width = explicit.map { max(parent, 0) + $0 } ?? -1
    var lines: [(text: String, isEmpty: Bool, isDeep: Bool)] = []
    while !atEnd {
      var spaces = 0
      while peek(spaces) == 32 { spaces += 1 }
      if YAMLReader.isBreak(peek(spaces)), width < 0 || spaces <= width {
        lines.append(("", true, false))
        position += spaces
        if atEnd { break }
        newLine()
        continue
      }
      if width < 0 {
        guard spaces > parent else { break }
        width = spaces
      }
      guard spaces >= width, !(width == 0 && atMarker) else { break }
      position += width
      let start = position
      while !YAMLReader.isBreak(current) {
        if current < 32, current != 9 { throw fault("a control character", "text") }
        position += 1
      }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      lines.append((text, false, YAMLReader.isSpace(start < bytes.count ? Int(bytes[start]) : -1)))
      if current == 10 { newLine() }
    }
    var trailing = 0
    while let last = lines.last, last.isEmpty {
      lines.removeLast()
      trailing += 1
    }
    var text = ""
    var breaks = 0
    for (i, entry) in lines.enumerated() {
      if entry.isEmpty {
        breaks += 1
        continue
      }
      if i > 0 {
        let previous = lines[..<i].last { !$0.isEmpty }
        let isFolding = isFolded && !entry.isDeep && previous.map { !$0.isDeep } ?? false
        if isFolding {
          text += breaks == 0 ? " " : String(repeating: "\n", count: breaks)
        } else {
          text += String(repeating: "\n", count: breaks + (previous == nil ? 0 : 1))
        }
      }
      breaks = 0
      text += entry.text
    }
    if chomp >= 0, !lines.isEmpty { text += "\n" }
    if chomp > 0 { text += String(repeating: "\n", count: trailing) }
    return text
  }
}
