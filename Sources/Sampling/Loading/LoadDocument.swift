import Documents

/// Reads a YAML file that is no scene into a value; errors carry its path, line and column.
public func loadDocument<V, R>(
  _ type: V.Type, path: String, _ use: (V) throws(DocumentError) -> R
) throws(SceneError) -> R where V: DocumentValue {
  let text = try SceneLoader.text(path)
  var nodes = 0
  do throws(DocumentError) {
    return try use(V.decode(try YAMLReader.read(text, file: 0, nodes: &nodes)))
  } catch { throw SceneError(error, files: [path]) }
}

/// The tree of a YAML text that no file holds, such as `CompiledScene.text`.
public func documentTree(_ text: String) throws(DocumentError) -> Node {
  var nodes = 0
  return try YAMLReader.read(text, file: 0, nodes: &nodes)
}

extension Node {
  /// Gives a concrete document a name.
  public mutating func setName(_ name: String) { set("name", to: Node(.string(name)), atFront: true) }
}
