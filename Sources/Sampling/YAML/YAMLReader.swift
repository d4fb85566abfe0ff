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

/// Reads YAML 1.2 text into a tree with marks.
enum YAMLReader {
  /// - Parameters:
  ///   - file: the number that goes into the marks.
  ///   - nodes: counts the nodes of the whole document over all its files.
  static func read(_ text: String, file: Int, nodes: inout Int) throws(DocumentError) -> Documents.Node {
    try checkNesting(text, file: file)
    let root: Yams.Node?
    do { root = try Yams.compose(yaml: text, .basic) } catch { throw problem(error, file: file) }
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
      let isPlain = scalar.style == .plain || scalar.style == .any
      return Documents.Node(isPlain ? CoreScalars.content(scalar.string) : .string(scalar.string), mark: mark)
    case .sequence(let sequence):
      var items: [Documents.Node] = []
      for item in sequence { items.append(try convert(item, file: file, depth: depth + 1, nodes: &nodes)) }
      return Documents.Node(.sequence(items), mark: mark)
    case .mapping(let mapping):
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

  private static func problem(_ error: any Error, file: Int) -> DocumentError {
    func at(_ mark: Yams.Mark, _ text: String) -> DocumentError {
      DocumentError(Documents.Mark(file: file, line: mark.line, column: mark.column), found: text, expected: "YAML")
    }
    guard let error = error as? YamlError else {
      return DocumentError(Documents.Mark(file: file, line: 1, column: 1), found: "\(error)", expected: "YAML")
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return at(mark, problem)
    case .duplicatedKeysInMapping(let keys, let context):
      return DocumentError(
        Documents.Mark(file: file, line: context.mark.line, column: context.mark.column),
        found: "the key \"\(keys.first ?? "")\" a second time", expected: "each key once")
    case .reader(let problem, _, _, _):
      return DocumentError(Documents.Mark(file: file, line: 1, column: 1), found: problem, expected: "text in UTF-8")
    default:
      return DocumentError(Documents.Mark(file: file, line: 1, column: 1), found: "\(error)", expected: "YAML")
    }
  }
}
