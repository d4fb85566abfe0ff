import Documents

/// The limits on a document, so that no file makes the reader run out of memory, stack or time.
enum DocumentLimits {
  /// Bytes of one file.
  static let bytes = 8 << 20
  /// Nodes of the whole document, with every alias written out.
  static let nodes = 400_000
  /// Lists and mappings inside one another.
  static let depth = 64
}

/// Reads YAML 1.2 text into a tree with marks.
///
/// A reader of its own, for a scene file is input that anyone may have written: it never recurses beyond
/// `DocumentLimits.depth`, looks at every byte a bounded number of times, counts what aliases stand for, and says of
/// everything where it is. It reads all of YAML that scenes have use for: block and flow collections, plain, quoted and
/// block scalars, comments, anchors and aliases. It refuses, with a message, tags, directives, collections as keys (`?`)
/// and a second document in the file.
struct YAMLReader {
  /// - Parameters:
  ///   - file: the number that goes into the marks.
  ///   - nodes: counts the nodes of the whole document over all its files.
  static func read(_ text: String, file: Int, nodes: inout Int) throws(DocumentError) -> Node {
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if bytes.contains(13) { bytes = withoutCarriageReturns(bytes) }
    var reader = YAMLReader(bytes, file: file, nodes: nodes)
    defer { nodes = reader.nodes }
    return try reader.document()
  }

  private static func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (i, c) in bytes.enumerated() {
      if c != 13 { result.append(c) } else if i + 1 == bytes.count || bytes[i + 1] != 10 { result.append(10) }
    }
    return result
  }

  let bytes: [UInt8]
  let file: Int
  var nodes: Int
  var position = 0
  var line = 1
  private var lineStart = 0
  /// A position on this line whose column is known, so that columns of long lines are not counted again and again.
  private var counted = (position: 0, column: 0)
  private var anchors: [String: (node: Node, size: Int)] = [:]

  private init(_ bytes: [UInt8], file: Int, nodes: Int) {
    self.bytes = bytes
    self.file = file
    self.nodes = nodes
  }

  // MARK: Places

  /// The byte at the position, or a number that is no byte at the end.
  var current: Int { peek(0) }
  func peek(_ k: Int) -> Int { position + k < bytes.count ? Int(bytes[position + k]) : -1 }
  var atEnd: Bool { position >= bytes.count }

  /// Bytes from the beginning of the line: what indentation is measured in.
  var indent: Int { position - lineStart }

  mutating func newLine() {
    position += 1
    line += 1
    lineStart = position
    counted = (position, 0)
  }

  /// The position with the column in characters.
  mutating func mark() -> Mark {
    if counted.position < lineStart || counted.position > position { counted = (lineStart, 0) }
    var column = counted.column
    for k in counted.position..<min(position, bytes.count) where bytes[k] & 0xC0 != 0x80 { column += 1 }
    counted = (position, column)
    return Mark(file: file, line: line, column: column + 1)
  }

  mutating func fault(_ found: String, _ expected: String) -> DocumentError {
    DocumentError(mark(), found: found, expected: expected)
  }

  /// What stands at the position, for a message.
  func found() -> String {
    if atEnd { return "the end of the file" }
    if current == 10 { return "the end of the line" }
    let end = bytes[position...].prefix(12).prefix { $0 != 10 }.count
    var text = String(decoding: bytes[position..<(position + end)], as: UTF8.self)
    if text.unicodeScalars.last == "\u{FFFD}" { text.unicodeScalars.removeLast() }
    return "\"\(text)\""
  }

  static func isSpace(_ c: Int) -> Bool { c == 32 || c == 9 }
  static func isBreak(_ c: Int) -> Bool { c == 10 || c == -1 }
  static func isBlank(_ c: Int) -> Bool { isSpace(c) || isBreak(c) }
  static func isFlowMark(_ c: Int) -> Bool { c == 44 || c == 91 || c == 93 || c == 123 || c == 125 }

  mutating func skipSpaces() { while YAMLReader.isSpace(current) { position += 1 } }

  /// Skips spaces, comments and line ends up to the next content; says whether a line end was among them.
  mutating func skipToContent() throws(DocumentError) -> Bool {
    var crossed = indent == 0
    while true {
      let start = position
      skipSpaces()
      if current == 35, start == lineStart || position > start || position == 0 || YAMLReader.isBlank(peek(-1)) {
        while !YAMLReader.isBreak(current) { position += 1 }
      }
      if current == 10 {
        newLine()
        crossed = true
        continue
      }
      if !atEnd, crossed, bytes[lineStart..<position].contains(9) {
        throw fault("a tab in the indentation", "spaces")
      }
      if !atEnd, current < 32 { throw fault("a control character", "text") }
      return crossed
    }
  }

  /// Whether a line begins here that parts documents.
  var atMarker: Bool {
    guard indent == 0, current == 45 || current == 46 else { return false }
    return peek(1) == current && peek(2) == current && YAMLReader.isBlank(peek(3))
  }

  var done: Bool { atEnd || atMarker }

  /// Whether nothing but spaces stands before the position on its line.
  private var isLineBegin: Bool { bytes[lineStart..<position].allSatisfy { $0 == 32 } }

  var isDash: Bool { current == 45 && YAMLReader.isBlank(peek(1)) }

  // MARK: The document

  private mutating func document() throws(DocumentError) -> Node {
    _ = try skipToContent()
    if current == 37, indent == 0 { throw fault("a directive", "a document without directives") }
    if atMarker, current == 45 { position += 3 }
    let root = try value(under: -1, sameIndent: false, compact: true, depth: 0)
    _ = try skipToContent()
    if atMarker, current == 46 {
      position += 3
      _ = try skipToContent()
    }
    guard atEnd else {
      throw fault(
        atMarker ? "a second document" : found(), atMarker ? "one document in the file" : "the end of the document")
    }
    return root
  }

  mutating func count(_ size: Int = 1) throws(DocumentError) {
    nodes += size
    guard nodes <= DocumentLimits.nodes else {
      throw fault(
        "a document of more than \(DocumentLimits.nodes) nodes",
        "a smaller one (an alias counts as all that it stands for)")
    }
  }

  func checkDepth(_ depth: Int, _ mark: Mark) throws(DocumentError) {
    guard depth <= DocumentLimits.depth else {
      throw DocumentError(
        mark, found: "more than \(DocumentLimits.depth) lists and mappings inside one another",
        expected: "a flatter document")
    }
  }

  // MARK: Anchors

  /// The name behind `&` or `*`.
  mutating func anchorName() throws(DocumentError) -> String {
    position += 1
    let start = position
    while !YAMLReader.isBlank(current), !YAMLReader.isFlowMark(current) { position += 1 }
    guard position > start else { throw fault(found(), "the name of an anchor") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func alias() throws(DocumentError) -> Node {
    let place = mark()
    let name = try anchorName()
    guard let anchor = anchors[name] else {
      throw DocumentError(unknown: "alias", name, at: place, among: anchors.keys.sorted())
    }
    try count(anchor.size)
    return anchor.node
  }

  mutating func remember(_ name: String?, _ node: Node, since before: Int) {
    if let name { anchors[name] = (node, max(nodes - before, 1)) }
  }

  // MARK: Block style

  /// The node behind `key:` or `-`, or the root.
  ///
  /// - Parameters:
  ///   - parent: the column of the collection around; the node stands further to the right.
  ///   - sameIndent: whether a list may begin at that very column, as it may under a key.
  ///   - compact: whether a collection may begin on this line.
  mutating func value(
    under parent: Int, sameIndent: Bool, compact: Bool, depth: Int
  ) throws(DocumentError) -> Node {
    let before = nodes
    var place = mark()
    var anchor: String?
    var crossed = try skipToContent()
    if !crossed || compact { place = mark() }
    while true {
      let isInside = !crossed || indent > parent || (sameIndent && indent == parent && isDash)
      guard !done, isInside else {
        try count()
        let null = Node(.null, mark: place)
        remember(anchor, null, since: before)
        return null
      }
      place = mark()
      if current == 38, anchor == nil {
        anchor = try anchorName()
        if try skipToContent() { crossed = true }
        continue
      }
      break
    }
    let node = try content(under: parent, place, mayBegin: crossed || (compact && anchor == nil), depth: depth)
    remember(anchor, node, since: before)
    return node
  }

  private mutating func content(
    under parent: Int, _ place: Mark, mayBegin: Bool, depth: Int
  ) throws(DocumentError) -> Node {
    try checkDepth(depth, place)
    try count()
    if isDash {
      guard mayBegin else { throw fault("a list on the line of its key", "it on the next line") }
      return try blockSequence(at: indent, place, depth: depth)
    }
    if current == 124 || current == 62 { return Node(.string(try blockScalar(under: parent)), mark: place) }
    if current == 63, YAMLReader.isBlank(peek(1)) { throw fault("a list or a mapping as a key", "a name") }
    let startLine = line
    if current == 42 {
      let node = try alias()
      skipSpaces()
      if current == 58, YAMLReader.isBlank(peek(1)) { throw fault("an alias as a key", "a name") }
      return node
    }
    let isFlow = current == 91 || current == 123
    if isFlow {
      let node = try flow(depth: depth, counted: true)
      skipSpaces()
      if current == 58, line == startLine {
        throw DocumentError(place, found: "a list or a mapping as a key", expected: "a name")
      }
      try endOfLine()
      return node
    }
    let column = indent
    let (text, isPlain) = try scalar(under: parent, inFlow: false)
    let isKey: Bool
    if line == startLine {
      if !isPlain { skipSpaces() }
      isKey = current == 58 && YAMLReader.isBlank(peek(1))
    } else {
      isKey = false
    }
    if isKey {
      guard mayBegin else { throw fault("a second \":\" on the line", "a text with a colon in quotes, or a new line") }
      return try blockMapping(at: column, firstKey: text, place, depth: depth)
    }
    if !isPlain { try endOfLine() }
    return Node(isPlain ? CoreScalars.content(text) : .string(text), mark: place)
  }

  /// Nothing but a comment may follow.
  private mutating func endOfLine() throws(DocumentError) {
    let start = position
    skipSpaces()
    if YAMLReader.isBreak(current) || (current == 35 && position > start) { return }
    throw fault(found(), "the end of the line")
  }

  private mutating func blockSequence(at column: Int, _ place: Mark, depth: Int) throws(DocumentError) -> Node {
    var items: [Node] = []
    while true {
      position += 1
      items.append(try value(under: column, sameIndent: false, compact: true, depth: depth + 1))
      _ = try skipToContent()
      if done || indent < column { break }
      guard indent == column, isLineBegin else { throw fault(found(), "the next item below its neighbours") }
      // A key at the column of the dashes belongs to the mapping around.
      guard isDash else { break }
    }
    return Node(.sequence(items), mark: place)
  }

  private mutating func blockMapping(
    at column: Int, firstKey: String, _ place: Mark, depth: Int
  ) throws(DocumentError) -> Node {
    var members: [Node.Member] = []
    var seen: Set<String> = []
    var (key, keyMark) = (firstKey, place)
    while true {
      guard seen.insert(key).inserted else {
        throw DocumentError(keyMark, found: "the key \"\(key)\" a second time", expected: "each key once")
      }
      position += 1
      let value = try value(under: column, sameIndent: true, compact: false, depth: depth + 1)
      members.append(.init(key: key, keyMark: keyMark, value: value))
      _ = try skipToContent()
      if done || indent < column { break }
      guard indent == column, isLineBegin, !isDash else { throw fault(found(), "the next key below its neighbours") }
      keyMark = mark()
      (key, _) = try blockKey()
    }
    return Node(.mapping(members), mark: place)
  }

  /// A key up to its colon.
  private mutating func blockKey() throws(DocumentError) -> (String, Bool) {
    let place = mark()
    let startLine = line
    if current == 42 { throw fault("an alias as a key", "a name") }
    if current == 91 || current == 123 || (current == 63 && YAMLReader.isBlank(peek(1))) {
      throw fault("a list or a mapping as a key", "a name")
    }
    let (text, isPlain) = try scalar(under: Int.max - 1, inFlow: false)
    if !isPlain { skipSpaces() }
    guard line == startLine, current == 58, YAMLReader.isBlank(peek(1)) else {
      throw DocumentError(place, found: "\"\(text.prefix(60))\"", expected: "a key with \":\" behind it")
    }
    return (text, isPlain)
  }

  // MARK: Flow style

  /// A node within brackets, or the brackets themselves.
  mutating func flow(depth: Int, counted isCounted: Bool = false) throws(DocumentError) -> Node {
    let before = nodes
    let place = mark()
    try checkDepth(depth, place)
    if !isCounted { try count() }
    switch current {
    case 38:
      let name = try anchorName()
      _ = try skipToContent()
      let node = try flow(depth: depth + 1)
      remember(name, node, since: before)
      return node
    case 42: return try alias()
    case 91: return try flowSequence(place, depth: depth)
    case 123: return try flowMapping(place, depth: depth)
    case 44, 93, 125: return Node(.null, mark: place)
    default:
      let (text, isPlain) = try scalar(under: -1, inFlow: true)
      return Node(isPlain ? CoreScalars.content(text) : .string(text), mark: place)
    }
  }

  private mutating func flowSequence(_ place: Mark, depth: Int) throws(DocumentError) -> Node {
    position += 1
    var items: [Node] = []
    while true {
      _ = try skipToContent()
      if current == 93 { break }
      guard !atEnd, current != 44, current != 125 else { throw unclosed("]", place) }
      let start = mark()
      var item = try flow(depth: depth + 1)
      let isQuoted = position > 0 && (bytes[position - 1] == 34 || bytes[position - 1] == 39)
      _ = try skipToContent()
      if current == 58, isQuoted || YAMLReader.isBlank(peek(1)) || YAMLReader.isFlowMark(peek(1)) {
        // `[a: 1]` is a list of one mapping.
        let key = try keyText(item, start)
        position += 1
        _ = try skipToContent()
        let value = try flow(depth: depth + 2)
        item = Node(.mapping([.init(key: key, keyMark: start, value: value)]), mark: start)
        _ = try skipToContent()
      }
      items.append(item)
      if current == 44 { position += 1 } else if current != 93 { throw unclosed("]", place) }
    }
    position += 1
    return Node(.sequence(items), mark: place)
  }

  private mutating func flowMapping(_ place: Mark, depth: Int) throws(DocumentError) -> Node {
    position += 1
    var members: [Node.Member] = []
    var seen: Set<String> = []
    while true {
      _ = try skipToContent()
      if current == 125 { break }
      guard !atEnd, current != 44, current != 93 else { throw unclosed("}", place) }
      let keyMark = mark()
      if current == 42 || current == 91 || current == 123 || (current == 63 && YAMLReader.isBlank(peek(1))) {
        throw fault(current == 42 ? "an alias as a key" : "a list or a mapping as a key", "a name")
      }
      let (key, isPlain) = try scalar(under: -1, inFlow: true)
      guard seen.insert(key).inserted else {
        throw DocumentError(keyMark, found: "the key \"\(key)\" a second time", expected: "each key once")
      }
      _ = try skipToContent()
      var value = Node(.null, mark: mark())
      if current == 58 {
        if isPlain, !YAMLReader.isBlank(peek(1)), !YAMLReader.isFlowMark(peek(1)) { throw fault(found(), "\": \"") }
        position += 1
        _ = try skipToContent()
        value = try flow(depth: depth + 1)
        _ = try skipToContent()
      } else {
        try count()
      }
      members.append(.init(key: key, keyMark: keyMark, value: value))
      if current == 44 { position += 1 } else if current != 125 { throw unclosed("}", place) }
    }
    position += 1
    return Node(.mapping(members), mark: place)
  }

  private mutating func keyText(_ node: Node, _ place: Mark) throws(DocumentError) -> String {
    switch node.content {
    case .string(let s): return s
    case .integer(let i): return "\(i)"
    case .boolean(let b): return "\(b)"
    default: throw DocumentError(place, found: node.found, expected: "a name as the key")
    }
  }

  private mutating func unclosed(_ bracket: String, _ opened: Mark) -> DocumentError {
    fault(found(), "\",\" or the \"\(bracket)\" for line \(opened.line), column \(opened.column)")
  }
}
