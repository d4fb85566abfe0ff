import Documents
import Geometry
import Stage

// `lights:`: one file for the three kinds, for they share most of their fields.

/// Every light with a place that a scene can name.
let lightRegistry = PartRegistry<LocalLight>(
  kind: "light",
  [
    .init(PointLightSpec.self) { $0.light },
    .init(SpotLightSpec.self) { $0.light },
    .init(RectangleLightSpec.self) { $0.light },
  ])

/// One entry of `lights:`.
struct LightSyntax: DocumentValue {
  var light: LocalLight

  static var grammar: Grammar { lightRegistry.grammar }

  static func decode(_ node: Node) throws(DocumentError) -> LightSyntax {
    LightSyntax(light: try lightRegistry.decode(node))
  }
}

/// A ball that shines alike in all directions.
struct PointLightSpec: DocumentPart {
  var position = Vector3(0, 0, 3)
  var color = ColorValue(Vector3(1, 1, 1))
  var candela: Double?
  var lumens: Double?
  var radius = 0.05
  var shadows = true

  static let manual = Manual(
    name: "point",
    summary: "A lamp that shines alike in all directions.",
    sample: """
      point:
        position: [1, -1, 2.5]
        lumens: 800
      """,
    limits: "At distance d it brings candela / d^2 lux; nearer than its radius, as much as there.")

  static let fields: [Field<PointLightSpec>] = [
    Field("position", \.position, "Its middle; metres. Default: [0, 0, 3]."),
    Field("color", \.color, "The light's colour. Default: white."),
    Field("candela", \.candela, "Luminous intensity. Default: 10, where `lumens` is not given.", in: .nonNegative),
    Field("lumens", \.lumens, "All of its light, 4 pi times its candela.", in: .nonNegative),
    Field("radius", \.radius, "Metres; softens the shadows. Default: 0.05.", in: .closed(1e-4, 1e3)),
    Field("shadows", \.shadows, "Whether it casts shadows. Default: true."),
  ]

  func validate(_ node: Node) throws(DocumentError) { try onlyOne("candela", candela, "lumens", lumens, node) }

  var light: LocalLight {
    LocalLight(
      .point, position: position, intensity: color.linear * (lumens.map { $0 / (4 * Double.pi) } ?? candela ?? 10),
      radius: radius, castsShadow: shadows)
  }
}

/// A lamp with a cone.
struct SpotLightSpec: DocumentPart {
  var position = Vector3(0, 0, 3)
  var target: Vector3?
  var direction: DirectionValue?
  var color = ColorValue(Vector3(1, 1, 1))
  var candela: Double?
  var lumens: Double?
  var angle = 60.0
  var penumbra = 0.2
  var radius = 0.05
  var shadows = true

  static let manual = Manual(
    name: "spot",
    summary: "A lamp that shines within a cone.",
    sample: """
      spot:
        position: [2, 0, 3]
        target: [0, 0, 0.5]
        angle: 40
        candela: 60
      """,
    limits: "The cone's angle is from 1 to 170 degrees; light fades out towards its edge over `penumbra` of it.")

  static let fields: [Field<SpotLightSpec>] = [
    Field("position", \.position, "Its middle; metres. Default: [0, 0, 3]."),
    Field("target", \.target, "The point that it shines at. Default: the origin, where `direction` is not given."),
    Field("direction", \.direction, "Where it shines to, in place of `target`."),
    Field("color", \.color, "The light's colour. Default: white."),
    Field(
      "candela", \.candela, "Luminous intensity along its axis. Default: 10, where `lumens` is not given.",
      in: .nonNegative),
    Field(
      "lumens", \.lumens, "Its light, were the whole cone as bright as its axis: 2 pi (1 - cos(angle / 2)) candela.",
      in: .nonNegative),
    Field("angle", \.angle, "Degrees across the cone. Default: 60.", in: .closed(1, 170)),
    Field(
      "penumbra", \.penumbra, "Share of the cone's half angle over which light fades out. Default: 0.2.", in: .unit),
    Field("radius", \.radius, "Metres; softens the shadows. Default: 0.05.", in: .closed(1e-4, 1e3)),
    Field("shadows", \.shadows, "Whether it casts shadows. Default: true."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    try onlyOne("candela", candela, "lumens", lumens, node)
    if direction != nil, target != nil {
      throw DocumentError(node.mark, found: "a spot with target and direction", expected: "one of the two")
    }
    if direction == nil, (target ?? Vector3()) == position {
      throw DocumentError(node["target"] ?? node, expected: "a target other than the light's own position")
    }
  }

  var light: LocalLight {
    let outer = (angle / 2).degreesInRadians
    let axis = direction?.unit ?? ((target ?? Vector3()) - position).normalized ?? Vector3(0, 0, -1)
    let strength = lumens.map { $0 / (2 * Double.pi * (1 - StableMath.cos(outer))) } ?? candela ?? 10
    return LocalLight(
      .spot(axis: axis, inner: outer * (1 - penumbra), outer: outer), position: position,
      intensity: color.linear * strength, radius: radius, castsShadow: shadows)
  }
}

/// A panel.
struct RectangleLightSpec: DocumentPart {
  var position = Vector3(0, 0, 3)
  var target: Vector3?
  var direction: DirectionValue?
  var width = 1.0
  var height = 1.0
  var roll = 0.0
  var color = ColorValue(Vector3(1, 1, 1))
  var radiance: Double?
  var lumens: Double?
  var shadows = true

  static let manual = Manual(
    name: "rectangle",
    summary: "A panel that shines from one side, with soft shadows.",
    sample: """
      rectangle:
        position: [0, -2, 2.5]
        target: [0, 0, 0.5]
        width: 1.2
        height: 0.6
        radiance: 12
      """,
    limits: "Its shadows are those of a disc of the same area; it is not seen itself.")

  static let fields: [Field<RectangleLightSpec>] = [
    Field("position", \.position, "Its middle; metres. Default: [0, 0, 3]."),
    Field("target", \.target, "The point that it faces. Default: the origin, where `direction` is not given."),
    Field("direction", \.direction, "Where it faces, in place of `target`."),
    Field("width", \.width, "Metres. Default: 1.", in: .closed(1e-3, 1e4)),
    Field("height", \.height, "Metres. Default: 1.", in: .closed(1e-3, 1e4)),
    Field("roll", \.roll, "Degrees by which it is turned about the direction that it faces. Default: 0."),
    Field("color", \.color, "The light's colour. Default: white."),
    Field(
      "radiance", \.radiance, "Candela per square metre. Default: 5, where `lumens` is not given.", in: .nonNegative),
    Field("lumens", \.lumens, "All of its light, pi times its area and radiance.", in: .nonNegative),
    Field("shadows", \.shadows, "Whether it casts shadows. Default: true."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    try onlyOne("radiance", radiance, "lumens", lumens, node)
    if direction != nil, target != nil {
      throw DocumentError(node.mark, found: "a rectangle with target and direction", expected: "one of the two")
    }
    if direction == nil, (target ?? Vector3()) == position {
      throw DocumentError(node["target"] ?? node, expected: "a target other than the light's own position")
    }
  }

  var light: LocalLight {
    let axis = direction?.unit ?? ((target ?? Vector3()) - position).normalized ?? Vector3(0, 0, -1)
    // Width runs level where the panel does not face straight up or down.
    let level = cross(Vector3(0, 0, 1), axis).normalized ?? Vector3(1, 0, 0)
    let upright = cross(axis, level)
    let (s, c) = StableMath.sincos(roll.degreesInRadians)
    let strength = lumens.map { $0 / (Double.pi * width * height) } ?? radiance ?? 5
    return LocalLight(
      .rectangle(
        halfWidth: (level * c + upright * s) * (width / 2), halfHeight: (upright * c - level * s) * (height / 2)),
      position: position, intensity: color.linear * strength, castsShadow: shadows)
  }
}

private func onlyOne(
  _ a: String, _ first: Double?, _ b: String, _ second: Double?, _ node: Node
) throws(DocumentError) {
  guard first != nil, second != nil else { return }
  throw DocumentError(node.mark, found: "a light with \(a) and \(b)", expected: "one of the two")
}

/// `ambient_occlusion:`
struct AmbientOcclusionSpec: DocumentRecord {
  var radius = 0.5
  var strength = 1.0

  static let fields: [Field<AmbientOcclusionSpec>] = [
    Field(
      "radius", \.radius, "How far away a surface still hides light; metres. Default: 0.5.", in: .closed(1e-4, 1e4)),
    Field("strength", \.strength, "0 none to 1 as estimated, up to 4. Default: 1.", in: .closed(0, 4)),
  ]

  static var grammar: Grammar { .record("AmbientOcclusion") { fieldGrammars } }

  var value: AmbientOcclusion { AmbientOcclusion(radius: radius, strength: strength) }
}
