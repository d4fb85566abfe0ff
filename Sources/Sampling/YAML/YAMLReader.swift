import Documents
import Yams

/// The limits on a document, so that no file makes the reader run out of memory, stack or time.
enum DocumentLimits {
  /// Bytes of one file.
  static let bytes = 8 << 20
  /// Nodes of the whole document, with every alias written out.
  static let nodes = 400_000
  /// Lists and mappings inside one another.
  static let depth = 64
}

/// Reads YAML text into a tree with marks, by Yams (libyaml).
///
/// Anyone may have written a scene file: nesting is bounded before the parser sees the text, and what aliases stand for
/// is counted while the tree is converted. Refused with a message are tags of one's own, a key given twice, a collection
/// as a key and a second document in the file.
enum YAMLReader {
  /// - Parameters:
  ///   - file: the number that goes into the marks.
  ///   - nodes: counts the nodes of the whole document over all its files.
  static func read(_ text: String, file: Int, nodes: inout Int) throws(DocumentError) -> Documents.Node {
    try checkNesting(text, file: file)
    try checkKeys(text, file: file)
    let root: Yams.Node?
    // A byte order mark says nothing in UTF-8, and the parser does not expect one.
    let body = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    do { root = try Yams.compose(yaml: body, .basic) } catch { throw problem(error, body, file: file) }
    guard let root else { return Documents.Node(.null, mark: Documents.Mark(file: file, line: 1, column: 1)) }
    return try convert(root, file: file, depth: 0, nodes: &nodes)
  }

  private static func convert(_ node: Yams.Node, file: Int, depth: Int, nodes: inout Int) throws(DocumentError)
    -> Documents.Node
  {
    let mark = node.mark.map { Documents.Mark(file: file, line: $0.line, column: $0.column) } ?? Documents.Mark.none
    nodes += 1
    guard nodes <= DocumentLimits.nodes else {
      throw DocumentError(
        mark, found: "a document of more than \(DocumentLimits.nodes) nodes",
        expected: "a smaller one (an alias counts as all that it stands for)")
    }
    guard depth <= DocumentLimits.depth else { throw tooDeep(mark) }
    switch node {
    case .scalar(let scalar):
      try refuseTag(scalar.tag.description, mark)
      let isPlain = scalar.style == .plain || scalar.style == .any
      return Documents.Node(isPlain ? CoreScalars.content(scalar.string) : .string(scalar.string), mark: mark)
    case .sequence(let sequence):
      try refuseTag(sequence.tag.description, mark)
      var items: [Documents.Node] = []
      for item in sequence { items.append(try convert(item, file: file, depth: depth + 1, nodes: &nodes)) }
      return Documents.Node(.sequence(items), mark: mark)
    case .mapping(let mapping):
      try refuseTag(mapping.tag.description, mark)
      var members: [Documents.Node.Member] = []
      var seen: Set<String> = []
      for (key, value) in mapping {
        let keyMark = key.mark.map { Documents.Mark(file: file, line: $0.line, column: $0.column) } ?? mark
        guard case .scalar(let scalar) = key else {
          throw DocumentError(keyMark, found: "a list or a mapping as a key", expected: "a name")
        }
        guard seen.insert(scalar.string).inserted else {
          throw DocumentError(keyMark, found: "the key \"\(scalar.string)\" a second time", expected: "each key once")
        }
        members.append(
          .init(
            key: scalar.string, keyMark: keyMark,
            value: try convert(value, file: file, depth: depth + 1, nodes: &nodes)))
      }
      return Documents.Node(.mapping(members), mark: mark)
    case .alias:
      throw DocumentError(mark, found: "an alias to nothing", expected: "an anchor before it")
    }
  }

  /// The parser's own tags are left alone; `!x` would change what a value is without saying so to the reader.
  private static func refuseTag(_ tag: String, _ mark: Documents.Mark) throws(DocumentError) {
    guard !tag.isEmpty, tag != "!", !tag.hasPrefix("tag:yaml.org,2002:") else { return }
    throw DocumentError(mark, found: "the tag \(tag)", expected: "a value without a tag")
  }

  private static func tooDeep(_ mark: Documents.Mark) -> DocumentError {
    DocumentError(
      mark, found: "more than \(DocumentLimits.depth) lists and mappings inside one another",
      expected: "a flatter document")
  }

  /// Refuses what would overflow the parser's stack: brackets or dashes nested without end. Coarse, for the parser has
  /// not looked yet: brackets in texts count too.
  private static func checkNesting(_ text: String, file: Int) throws(DocumentError) {
    var (line, column, open, dashes, spaces) = (1, 0, 0, 0, true)
    for c in text.utf8 {
      column += 1
      switch c {
      case UInt8(ascii: "\n"): (line, column, dashes, spaces) = (line + 1, 0, 0, true)
      case UInt8(ascii: "["), UInt8(ascii: "{"): (open, spaces) = (open + 1, false)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): (open, spaces) = (max(open - 1, 0), false)
      case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if spaces { dashes += 1 }
      case UInt8(ascii: " "): break
      default: spaces = false
      }
      if open > 4 * DocumentLimits.depth || dashes > DocumentLimits.depth || column > 1 << 16 && dashes > 0 && open > 0
      {
        throw tooDeep(Documents.Mark(file: file, line: line, column: column))
      }
    }
  }

  /// Refuses aliases and collections as keys before the parser sees them: it hashes keys, and a key that stands for a
  /// billion nodes would keep it for ever. Only where the document has aliases; quoted text and comments are passed over.
  private static func checkKeys(_ text: String, file: Int) throws(DocumentError) {
    guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return }
    // What the last token was: a `?`, an alias or the end of a collection makes a following `:` a key of a wrong kind.
    enum Token { case other, collectionEnd, alias }
    var (line, column, quote, last, previous) = (1, 0, UInt8(0), Token.other, UInt8(ascii: "\n"))
    var isComment = false
    for c in text.utf8 {
      column += 1
      defer {
        previous = c
        if c == UInt8(ascii: "\n") { (line, column, isComment, last) = (line + 1, 0, false, .other) }
      }
      if isComment { continue }
      if quote != 0 {
        if c == quote { quote = 0 }
        continue
      }
      let isAtStart = " \n\t{[,-?:".utf8.contains(previous)
      switch c {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): if isAtStart { (quote, last) = (c, .other) }
      case UInt8(ascii: "#"): isComment = isAtStart
      case UInt8(ascii: "*"): if isAtStart { last = .alias }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): last = .collectionEnd
      case UInt8(ascii: " "), UInt8(ascii: "\t"): break
      case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): last = .other
      case UInt8(ascii: ":") where last != .other:
        throw DocumentError(
          Documents.Mark(file: file, line: line, column: column),
          found: last == .alias ? "an alias as a key" : "a list or a mapping as a key", expected: "a name")
      case UInt8(ascii: "?") where isAtStart:
        throw DocumentError(
          Documents.Mark(file: file, line: line, column: column), found: "a key of its own (\"?\") beside aliases",
          expected: "keys written as \"name:\"")
      default: if last == .collectionEnd { last = .other }
      }
    }
  }

  private static func problem(_ error: any Error, _ text: String, file: Int) -> DocumentError {
    func at(_ line: Int, _ column: Int, _ found: String, expected: String = "valid YAML") -> DocumentError {
      DocumentError(
        Documents.Mark(file: file, line: max(line, 1), column: max(column, 1)), found: found, expected: expected)
    }
    guard let error = error as? YamlError else { return at(1, 1, "\(error)") }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // libyaml's words: "while parsing a flow sequence in line 2, column 4", "did not find expected ',' or ']'".
      var place = ""
      if let context { place = " (\(context.text) in line \(context.mark.line), column \(context.mark.column))" }
      return at(mark.line, mark.column, "text that does not parse: \(problem)\(place)")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      let second = secondUse(of: key, from: context.mark, in: text)
      return at(
        second?.line ?? context.mark.line, second?.column ?? context.mark.column, "the key \"\(key)\" a second time",
        expected: "each key once")
    case .reader(let problem, _, _, _): return at(1, 1, problem, expected: "text in UTF-8")
    default: return at(1, 1, "\(error)")
    }
  }

  /// Where a block mapping that begins at `mark` has `key` for the second time: the parser says only where the mapping
  /// begins. Nil where the text does not show it in this simple way.
  private static func secondUse(of key: String, from mark: Yams.Mark, in text: String) -> (line: Int, column: Int)? {
    let indent = max(mark.column - 1, 0)
    var uses = 0
    for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where i + 1 >= mark.line
    {
      // The first line of a mapping in a list begins behind the dash.
      let own = line.dropFirst(indent)
      guard own.hasPrefix(key), own.dropFirst(key.count).drop(while: { $0 == " " }).first == ":" else { continue }
      guard i + 1 == mark.line || line.prefix(indent).allSatisfy({ $0 == " " }) else { continue }
      uses += 1
      if uses == 2 { return (i + 1, mark.column) }
    }
    return nil
  }
}
