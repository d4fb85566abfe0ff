import Documents
import Geometry
import Stage

/// `material:`
struct MaterialSpec: DocumentRecord {
  var color: ColorValue?
  var texture: Shared<TextureSpec>?
  var metallic: Double?
  var roughness: Double?
  var emission: ColorValue?

  static let fields: [Field<MaterialSpec>] = [
    Field(
      "color", \.color, "Reflectance; multiplies the texture. Default: 0.8, or white under a texture.", in: .unit),
    Field("texture", \.texture, "An image or a pattern."),
    Field("metallic", \.metallic, "0 for plastics and wood to 1 for bare metal. Default: 0.", in: .unit),
    Field("roughness", \.roughness, "0 mirror-like to 1 matt. Default: 0.5.", in: .unit),
    Field("emission", \.emission, "Light of its own; 1 is the picture's white. Default: none."),
  ]

  static var grammar: Grammar { .record("Material") { fieldGrammars } }
}

/// `texture:`
struct TextureSpec: DocumentRecord {
  var file: FilePath?
  var pattern: Shared<PatternSyntax>?
  var colors: [ColorValue]?
  var scale = Scale2Value(factors: Vector2(1, 1))
  var offset = Vector2(0, 0)
  var resolution = 256

  static let fields: [Field<TextureSpec>] = [
    Field("file", \.file, "A PNG image, in sRGB."),
    Field("pattern", \.pattern, "A procedural pattern in place of a file."),
    Field("colors", \.colors, "The two colours that a pattern mixes. Default: black and white.", in: .unit),
    Field("scale", \.scale, "Times that the texture repeats over the texture coordinates 0 to 1. Default: 1."),
    Field("offset", \.offset, "Shift in texture coordinates, after `scale`. Default: [0, 0]."),
    Field(
      "resolution", \.resolution, "Pixels a side that a pattern is drawn at, a power of two. Default: 256.",
      in: .closed(1, 8192)),
  ]

  static var grammar: Grammar { .record("Texture") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard (file == nil) != (pattern == nil) else {
      throw DocumentError(
        node.mark, found: file == nil ? "a texture of nothing" : "a texture with file and pattern",
        expected: "one of file, pattern")
    }
    if file != nil, colors != nil {
      throw DocumentError(node["colors"]?.mark ?? node.mark, found: "colors beside a file", expected: "a pattern")
    }
    if let colors, colors.count != 2 {
      throw DocumentError(node["colors"] ?? node, expected: "two colours")
    }
    if resolution & (resolution - 1) != 0 {
      throw DocumentError(node["resolution"] ?? node, expected: "a power of two")
    }
  }
}
