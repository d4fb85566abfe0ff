import Documents

/// The path of a file, from the folder of the scene file that names it.
struct FilePath: DocumentValue, Hashable {
  var path: String
  var mark: Mark

  static var grammar: Grammar { .file }

  static func decode(_ node: Node) throws(DocumentError) -> FilePath {
    guard case .string(let s) = node.content, !s.isEmpty, !s.utf8.contains(0) else {
      throw DocumentError(node, expected: "the path of a file")
    }
    return FilePath(path: s, mark: node.mark)
  }
}
