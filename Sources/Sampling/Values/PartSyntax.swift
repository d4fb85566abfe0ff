import Documents

/// A shape as a document writes it; the scene's registry reads it later.
struct ShapeSyntax: DocumentValue {
  var node: Node
  static var grammar: Grammar { SceneParts.standard.shapes.grammar }
  static func decode(_ node: Node) -> ShapeSyntax { ShapeSyntax(node: node) }
}

/// A pattern as a document writes it; the scene's registry reads it later.
struct PatternSyntax: DocumentValue {
  var node: Node
  static var grammar: Grammar { SceneParts.standard.patterns.grammar }
  static func decode(_ node: Node) -> PatternSyntax { PatternSyntax(node: node) }
}
