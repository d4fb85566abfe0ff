import Documents
import Imaging
import Stage
import Testing

/// Fails with the digest to write down where a golden is empty, so that recording one fails that run.
func checkGolden(_ digest: Digest, _ golden: String, sourceLocation: SourceLocation) {
  if golden.isEmpty {
    Issue.record("record this digest: \(digest)", sourceLocation: sourceLocation)
  } else {
    #expect(digest.description == golden, "the part's bits have changed", sourceLocation: sourceLocation)
  }
}

/// The manual names the part, its sample names only fields that exist, and every field says what it is.
func checkManual(_ part: any DocumentPart, sourceLocation: SourceLocation) {
  let manual = type(of: part).manual
  let fields = type(of: part).fieldGrammars
  let lines = manual.sample.split(separator: "\n")
  #expect(lines.first.map(String.init) == "\(manual.name):", sourceLocation: sourceLocation)
  for line in lines.dropFirst() {
    let key = line.drop { $0 == " " }.prefix { $0 != ":" }
    #expect(fields.contains { $0.name == key }, "\(key) is no field", sourceLocation: sourceLocation)
  }
  #expect(manual.summary.hasSuffix("."), sourceLocation: sourceLocation)
  #expect(fields.allSatisfy { $0.summary.hasSuffix(".") }, sourceLocation: sourceLocation)
  #expect(Set(fields.map(\.name)).count == fields.count, sourceLocation: sourceLocation)
}

/// A mapping node, as a scene file would give it.
func mapping(_ members: KeyValuePairs<String, Node.Content>) -> Node {
  Node(.mapping(members.map { Node.Member(key: $0.key, keyMark: Mark(line: 1, column: 1), value: Node($0.value)) }))
}

extension PartRegistry {
  /// Decodes the part `name` with the given fields.
  func make(_ name: String, _ fields: KeyValuePairs<String, Node.Content> = [:]) throws(DocumentError) -> Value {
    try decode(Node(.mapping([.init(key: name, keyMark: Mark(line: 1, column: 1), value: mapping(fields))])))
  }
}
