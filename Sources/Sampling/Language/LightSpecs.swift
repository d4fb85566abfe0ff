import Documents
import Geometry
import Stage

/// `sun:`
struct SunSpec: DocumentRecord {
  var direction: DirectionValue?
  var azimuth: Double?
  var elevation: Double?
  var color = ColorValue(Vector3(1, 1, 1))
  var intensity = 1.0
  var irradiance: ColorValue?
  var angularDiameter = 0.53
  var shadows = true

  static let fields: [Field<SunSpec>] = [
    Field("direction", \.direction, "From the scene towards the sun; or give `azimuth` and `elevation`."),
    Field("azimuth", \.azimuth, "Degrees from +X towards +Y. Default: 0."),
    Field("elevation", \.elevation, "Degrees above the horizon. Default: 45.", in: .closed(-90, 90)),
    Field("color", \.color, "The light's colour. Default: white."),
    Field(
      "intensity", \.intensity, "1 makes a white surface that faces the sun white in the picture. Default: 1.",
      in: .nonNegative),
    Field("irradiance", \.irradiance, "Exact irradiance [r, g, b] in place of colour and intensity (pi x intensity)."),
    Field(
      "angular_diameter", \.angularDiameter, "Degrees; softens the edge of shadows. Default: 0.53, the real sun's.",
      in: .closed(0, 60)),
    Field("shadows", \.shadows, "Whether the sun casts shadows. Default: true."),
  ]

  static var grammar: Grammar { .record("Sun") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    if direction != nil, azimuth != nil || elevation != nil {
      throw DocumentError(node.mark, found: "a sun with direction and angles", expected: "one of the two")
    }
    if irradiance != nil, node["color"] != nil || node["intensity"] != nil {
      throw DocumentError(
        node.mark, found: "a sun with irradiance and color or intensity", expected: "irradiance or the other two")
    }
  }

  var sun: Sun {
    Sun(
      direction: direction?.unit ?? Sampling.direction(azimuth: azimuth ?? 0, elevation: elevation ?? 45),
      irradiance: irradiance?.linear ?? color.linear * (intensity * Double.pi),
      angularDiameter: angularDiameter.degreesInRadians, castsShadow: shadows)
  }
}

/// `ambient:`
struct AmbientSpec: DocumentRecord {
  var sky = ColorValue(Vector3(0.4, 0.4, 0.4))
  var ground = ColorValue(Vector3(0.2, 0.2, 0.2))

  static let fields: [Field<AmbientSpec>] = [
    Field("sky", \.sky, "Radiance from straight above; 1 is white. Default: 0.4."),
    Field("ground", \.ground, "Radiance from straight below. Default: 0.2."),
  ]

  static var grammar: Grammar { .record("Ambient") { fieldGrammars } }

  var light: HemisphericLight { HemisphericLight(sky: sky.linear, ground: ground.linear) }
}
