import Documents
import Geometry
import Stage

/// `environment:`
struct EnvironmentSpec: DocumentRecord {
  var file: FilePath?
  var sky: Shared<SkySyntax>?
  var rotation = 0.0
  var intensity = 1.0
  var color = ColorValue(Vector3(1, 1, 1))
  var temperature: Double?
  var background = true
  var sun = true

  static let fields: [Field<EnvironmentSpec>] = [
    Field(
      "file", \.file, "A Radiance .hdr picture of the whole sphere by longitude and latitude, its middle along +X."),
    Field("sky", \.sky, "A procedural sky in place of a file."),
    Field("rotation", \.rotation, "Degrees by which it is turned about z, from +X towards +Y. Default: 0."),
    Field("intensity", \.intensity, "Factor of its light. Default: 1.", in: .nonNegative),
    Field("color", \.color, "Tint of its light. Default: white."),
    Field(
      "temperature", \.temperature, "Kelvin of a black body that tints its light, over 6504 K; 6504 changes nothing.",
      in: ColorTemperature.range),
    Field("background", \.background, "Whether it is seen where nothing is. Default: true."),
    Field(
      "sun", \.sun,
      "Whether its sun, that of a clear sky or a very bright spot of a file, is a light with shadows, unless the scene "
        + "has a `sun` of its own; false leaves a file as it is, and a clear sky without its sun. Default: true."),
  ]

  static var grammar: Grammar { .record("Environment") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard (file == nil) != (sky == nil) else {
      throw DocumentError(
        node.mark, found: file == nil ? "an environment of nothing" : "an environment with file and sky",
        expected: "one of file, sky")
    }
  }

  /// Tint times intensity.
  var scale: Vector3 {
    guard let temperature else { return color.linear * intensity }
    // Relative to the colour that daylight of 6504 K has, and as bright.
    let tint = ColorTemperature.color(temperature) / ColorTemperature.color(6504)
    let brightness = 0.2126 * tint.x + 0.7152 * tint.y + 0.0722 * tint.z
    return color.linear * tint * (intensity / brightness)
  }
}

/// A sky as a document writes it; the scene's registry reads it later.
struct SkySyntax: DocumentValue {
  var node: Node
  static var grammar: Grammar { SceneParts.standard.skies.grammar }
  static func decode(_ node: Node) -> SkySyntax { SkySyntax(node: node) }
}
