import Documents

/// Reads a scene with everything that it includes, and puts the files of its globs in place.
struct SceneLoader {
  private(set) var files: SceneFiles
  private var nodes = 0
  private var open: [String] = []
  private var done: Set<String> = []

  /// Keys of a file that is included.
  static let libraryKeys = ["description", "include", "let", "prototypes", "materials"]
  private static let depthLimit = 16
  private static let fileLimit = 256

  init(path: String) { files = SceneFiles(scene: path) }

  /// The text of a file; the message is the system's.
  static func text(_ path: String) throws(SceneError) -> String {
    let bytes: [UInt8]
    do { bytes = try TextFile.bytes(path, limit: DocumentLimits.bytes) } catch {
      switch error {
      case .unreadable(let reason): throw SceneError(message: "\(path): \(reason)")
      case .tooLarge:
        throw SceneError(
          message: "\(path): found more than \(DocumentLimits.bytes) bytes, expected a smaller scene file")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SceneError(message: "\(path): found bytes that are no UTF-8, expected a YAML text in UTF-8")
    }
    return text
  }

  mutating func load(_ text: String) throws(DocumentError) -> Node {
    open = [files.names[0]]
    var root = try globbed(try YAMLReader.read(text, file: 0, nodes: &nodes))
    root = try included(root)
    root.remove("include")
    return root
  }

  // MARK: Includes

  /// The libraries of the files included, under what the file itself says.
  private mutating func included(_ root: Node) throws(DocumentError) -> Node {
    guard let list = root["include"], !list.isNull else { return root }
    let items: [Node] = if case .sequence(let s) = list.content { s } else { [list] }
    var result = root
    // What comes first counts: the file's own, then the first include's, ...
    for (i, item) in items.enumerated() {
      do throws(DocumentError) {
        let library = try include(item)
        for key in ["let", "prototypes", "materials"] {
          guard let theirs = library[key], !theirs.isNull else { continue }
          guard let ours = result[key], !ours.isNull else {
            result.set(key, to: theirs)
            continue
          }
          guard case .mapping(let new) = theirs.content, case .mapping(let old) = ours.content else { continue }
          let known = Set(old.map(\.key))
          result.set(key, to: Node(.mapping(old + new.filter { !known.contains($0.key) }), mark: ours.mark))
        }
      } catch { throw error.inside(index: i).inside("include") }
    }
    return result
  }

  private mutating func include(_ node: Node) throws(DocumentError) -> Node {
    guard case .string(let name) = node.content, !name.isEmpty else {
      throw DocumentError(node, expected: "the path of a file to include")
    }
    let path = files.path(of: FilePath(path: name, mark: node.mark))
    guard !open.contains(path), open.count <= SceneLoader.depthLimit else {
      throw DocumentError(node.mark, found: "\"\(name)\", which includes itself", expected: "files without a circle")
    }
    guard files.names.count < SceneLoader.fileLimit else {
      throw DocumentError(node.mark, found: "more than \(SceneLoader.fileLimit) files", expected: "fewer includes")
    }
    guard done.insert(path).inserted else { return Node(.null) }
    let text: String
    do { text = try SceneLoader.text(path) } catch {
      throw DocumentError(
        node.mark, found: "\"\(name)\": " + error.message.dropFirst(path.utf8.count + 2), expected: "a file to include")
    }
    let file = files.names.count
    files.names.append(path)
    files.folders.append(SceneFiles.folder(of: path))
    open.append(path)
    defer { open.removeLast() }
    var root = try globbed(try YAMLReader.read(text, file: file, nodes: &nodes))
    if root.isNull { return root }
    guard case .mapping(let members) = root.content else { throw DocumentError(root, expected: "a mapping") }
    for m in members where !SceneLoader.libraryKeys.contains(m.key) {
      throw DocumentError(unknown: "key of an included file", m.key, at: m.keyMark, among: SceneLoader.libraryKeys)
    }
    root = try included(root)
    return root
  }

  // MARK: Globs

  /// Every `{$glob: pattern}` as a choice among the files there are.
  private func globbed(_ node: Node) throws(DocumentError) -> Node {
    switch node.content {
    case .sequence(let items):
      var list: [Node] = []
      for (i, item) in items.enumerated() {
        do { list.append(try globbed(item)) } catch { throw error.inside(index: i) }
      }
      return Node(.sequence(list), mark: node.mark)
    case .mapping(let members):
      if members.count == 1, members[0].key == "$glob" {
        do { return try choice(members[0].value) } catch { throw error.inside("$glob") }
      }
      var list: [Node.Member] = []
      for m in members {
        do { list.append(.init(key: m.key, keyMark: m.keyMark, value: try globbed(m.value))) } catch {
          throw error.inside(m.key)
        }
      }
      return Node(.mapping(list), mark: node.mark)
    default: return node
    }
  }

  private func choice(_ node: Node) throws(DocumentError) -> Node {
    let glob: GlobSpec =
      if case .mapping = node.content { try GlobSpec.decode(node) } else if case .sequence = node.content {
        GlobSpec(patterns: try [String].decode(node))
      } else { GlobSpec(patterns: [try String.decode(node)]) }
    var options: [Node] = []
    for pattern in glob.patterns {
      let found: [String]
      do { found = try Glob.files(pattern, from: files.path(of: FilePath(path: "", mark: node.mark))) } catch {
        throw DocumentError(node.mark, found: "more than \(Glob.limit) files for \"\(pattern)\"", expected: "fewer")
      }
      guard !found.isEmpty else {
        throw DocumentError(node.mark, found: "no file for \"\(pattern)\"", expected: "a pattern that files match")
      }
      options.append(SceneLoader.choice(found.map { Node(.string($0), mark: node.mark) }, nil, node.mark))
    }
    if options.count == 1 { return options[0] }
    return SceneLoader.choice(options, glob.weights, node.mark)
  }

  private static func choice(_ options: [Node], _ weights: [Double]?, _ mark: Mark) -> Node {
    func mapping(_ members: [(String, Node)]) -> Node {
      Node(.mapping(members.map { .init(key: $0.0, keyMark: mark, value: $0.1) }), mark: mark)
    }
    var parameters = [("options", Node(.sequence(options), mark: mark))]
    if let weights { parameters.append(("weights", Node(.reals(weights), mark: mark))) }
    return mapping([("$choice", mapping(parameters))])
  }
}

/// `$glob`: files by pattern.
struct GlobSpec: DocumentRecord {
  var patterns: [String] = []
  var weights: [Double]?

  init() {}
  init(patterns: [String]) { self.patterns = patterns }

  static let fields: [Field<GlobSpec>] = [
    Field("patterns", \.patterns, "Patterns of file names, from the scene's folder: `*`, `?`, `**`.", required: true),
    Field("weights", \.weights, "How often each pattern is picked. Default: all alike.", in: .nonNegative),
  ]

  static var grammar: Grammar { .record("Glob") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    try checkWeights(weights, count: patterns.count, at: node["weights"] ?? node)
  }
}
