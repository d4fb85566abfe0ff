import Documents
import Geometry
import Stage

/// `material:`
struct MaterialSpec: DocumentRecord {
  var color: ColorValue?
  var texture: Shared<TextureSpec>?
  var surface: Shared<SurfaceSpec>?
  var metallic: Double?
  var roughness: Double?
  var emission: ColorValue?
  var opacity: Double?
  var alphaMode: AlphaModeWord?
  var alphaCutoff = 0.5
  var doubleSided: Bool?
  var metallicRoughnessTexture: Shared<TextureSpec>?
  var normalTexture: Shared<TextureSpec>?
  var normalScale = 1.0
  var occlusionTexture: Shared<TextureSpec>?
  var occlusionStrength = 1.0
  var emissionTexture: Shared<TextureSpec>?
  var clearcoat = 0.0
  var clearcoatRoughness = 0.0
  var sheenColor: ColorValue?
  var sheenRoughness = 0.0
  var specular = 1.0
  var specularColor: ColorValue?
  var ior = 1.5
  var transmission = 0.0
  var projection = ProjectionWord.uv
  var triplanarScale = 1.0

  static let fields: [Field<MaterialSpec>] = [
    Field(
      "color", \.color, "Reflectance; multiplies the texture. Default: 0.8, or white under a texture.", in: .unit),
    Field("texture", \.texture, "An image or a pattern."),
    Field("surface", \.surface, "A procedural material of layers, in place of a texture."),
    Field(
      "metallic", \.metallic,
      "0 for plastics and wood to 1 for bare metal. Default: 0, or 1 under a metallic_roughness_texture or a surface.",
      in: .unit),
    Field(
      "roughness", \.roughness,
      "0 mirror-like to 1 matt. Default: 0.5, or 1 under a metallic_roughness_texture or a surface.", in: .unit),
    Field(
      "emission", \.emission,
      "Light of its own; 1 is the picture's white. Default: none, or white under an emission_texture."),
    Field("opacity", \.opacity, "0 clear to 1 solid; multiplies the texture's alpha. Default: 1.", in: .unit),
    Field(
      "alpha_mode", \.alphaMode,
      "What alpha means: nothing, a cut-out, or a mixture with what is behind, in which labels see the surface from alpha 0.5 on. Default: blend where `opacity` is below 1, else opaque."
    ),
    Field(
      "alpha_cutoff", \.alphaCutoff, "With mask, the alpha from which on the surface is there. Default: 0.5.", in: .unit
    ),
    Field("double_sided", \.doubleSided, "Whether back faces are seen. Default: true."),
    Field(
      "metallic_roughness_texture", \.metallicRoughnessTexture,
      "Data: green multiplies roughness, blue multiplies metallic."),
    Field(
      "normal_texture", \.normalTexture,
      "Data: normals in tangent space, x along u, y up the image (as glTF and OpenGL)."),
    Field("normal_scale", \.normalScale, "Factor on the slopes of the normal texture. Default: 1."),
    Field("occlusion_texture", \.occlusionTexture, "Data: red is the share of light from all around that arrives."),
    Field("occlusion_strength", \.occlusionStrength, "How far the occlusion texture counts. Default: 1.", in: .unit),
    Field("emission_texture", \.emissionTexture, "Multiplies `emission`."),
    Field("clearcoat", \.clearcoat, "A clear varnish: 0 none to 1 all over. Default: 0.", in: .unit),
    Field("clearcoat_roughness", \.clearcoatRoughness, "Roughness of the varnish. Default: 0.", in: .unit),
    Field("sheen_color", \.sheenColor, "Light that fibres scatter back at grazing angles. Default: none.", in: .unit),
    Field("sheen_roughness", \.sheenRoughness, "Roughness of the sheen. Default: 0.", in: .unit),
    Field("specular", \.specular, "Strength of reflections of what is not metal. Default: 1.", in: .unit),
    Field("specular_color", \.specularColor, "Colour of those reflections. Default: white."),
    Field(
      "ior", \.ior, "Refractive index of what is not metal; 1.5 reflects 4 % straight on. Default: 1.5.",
      in: .closed(1, 10)),
    Field(
      "transmission", \.transmission,
      "Share of light that passes straight through a thin wall, untinted. Labels see the wall. Default: 0.",
      in: .unit
    ),
    Field(
      "projection", \.projection,
      "Where textures come from: the mesh's texture coordinates, or its three axes (for meshes without). Default: uv."),
    Field(
      "triplanar_scale", \.triplanarScale, "With triplanar, times that textures repeat in a metre. Default: 1.",
      in: .positive),
  ]

  static var grammar: Grammar { .record("Material") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    if texture != nil, surface != nil {
      throw DocumentError(
        (node["surface"] ?? node).mark, found: "a surface beside a texture", expected: "one of the two")
    }
  }
}

/// `alpha_mode:`
enum AlphaModeWord: String, DocumentWord {
  case opaque, mask, blend
}

/// `projection:`
enum ProjectionWord: String, DocumentWord {
  case uv, triplanar
}

/// `wrap:`
enum WrapWord: String, DocumentWord {
  case `repeat`, clamp, mirror

  var wrap: TextureUse.Wrap {
    switch self {
    case .repeat: .repeat
    case .clamp: .clamp
    case .mirror: .mirror
    }
  }
}

/// `texture:` and the textures of data.
struct TextureSpec: DocumentRecord {
  var file: FilePath?
  var pattern: Shared<PatternSyntax>?
  var colors: [ColorValue]?
  var scale = Scale2Value(factors: Vector2(1, 1))
  var offset = Vector2(0, 0)
  var rotation = 0.0
  var wrap = WrapWord.repeat
  var resolution = 256

  static let fields: [Field<TextureSpec>] = [
    Field("file", \.file, "A PNG or JPEG image; colours are in sRGB, data are taken as they are."),
    Field("pattern", \.pattern, "A procedural pattern in place of a file."),
    Field("colors", \.colors, "The two colours that a pattern mixes. Default: black and white.", in: .unit),
    Field("scale", \.scale, "Times that the texture repeats over the texture coordinates 0 to 1. Default: 1."),
    Field("offset", \.offset, "Shift in texture coordinates, after `scale`. Default: [0, 0]."),
    Field("rotation", \.rotation, "Degrees that the image turns clockwise on the surface, after `scale`. Default: 0."),
    Field(
      "wrap", \.wrap, "What lies outside the image: the image again, its edge, or its mirror image. Default: repeat."),
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

/// `surface:`
struct SurfaceSpec: DocumentRecord {
  var layers: [Verbatim] = []
  var scale = Scale2Value(factors: Vector2(1, 1))
  var offset = Vector2(0, 0)
  var relief = 1.0
  var resolution = 256

  static let fields: [Field<SurfaceSpec>] = [
    Field("layers", \.layers, "From the lowest to the uppermost, 1 to 8.", required: true),
    Field("scale", \.scale, "Times that it repeats over the texture coordinates 0 to 1. Default: 1."),
    Field("offset", \.offset, "Shift in texture coordinates, after `scale`. Default: [0, 0]."),
    Field("relief", \.relief, "Strength of its bumps. Default: 1.", in: .closed(0, 10)),
    Field("resolution", \.resolution, "Pixels a side, a power of two. Default: 256.", in: .closed(1, 4096)),
  ]

  static var grammar: Grammar {
    .record("Surface") {
      fieldGrammars.map { f in
        f.name == "layers"
          ? FieldGrammar(
            name: f.name, summary: f.summary, isRequired: true, grammar: .list(surfaceRegistry.grammar, count: nil)) : f
      }
    }
  }

  func validate(_ node: Node) throws(DocumentError) {
    guard (1...8).contains(layers.count) else {
      throw DocumentError(node["layers"] ?? node, expected: "1 to 8 layers").inside("layers")
    }
    if resolution & (resolution - 1) != 0 {
      throw DocumentError(node["resolution"] ?? node, expected: "a power of two").inside("resolution")
    }
  }
}
