import Documents
import Geometry
import Stage

/// An element of `decals:`.
struct DecalSpec: DocumentRecord {
  var texture = Shared(TextureSpec())
  var center = Vector3()
  var facing = DirectionValue(unit: Vector3(0, 0, 1))
  var up: DirectionValue?
  var size = Vector2(0.1, 0.1)
  var depth: Double?
  var color = ColorValue(Vector3(1, 1, 1))
  var opacity = 1.0
  var roughness: Double?
  var metallic: Double?
  var bothSides = false

  static let fields: [Field<DecalSpec>] = [
    Field(
      "texture", \.texture,
      "An image, whose alpha counts, or a pattern: without `colors` it is a stencil for `color`, the second colour "
        + "printed and the first left free.", required: true),
    Field("center", \.center, "The picture's middle in the object's frame; metres. Default: its origin."),
    Field("facing", \.facing, "Direction out of the picture, in the object's frame. Default: +z."),
    Field("up", \.up, "Direction of the picture's upper edge. Default: +z, or +y where it faces up or down."),
    Field("size", \.size, "Width and height in metres. Default: [0.1, 0.1].", in: .positive),
    Field(
      "depth", \.depth,
      "How far it reaches in front of and behind its middle; metres. Default: half of the longer side.",
      in: .positive),
    Field("color", \.color, "Multiplies its colour. Default: white.", in: .unit),
    Field("opacity", \.opacity, "0 to 1. Default: 1.", in: .unit),
    Field("roughness", \.roughness, "Roughness of what is printed. Default: the surface's.", in: .unit),
    Field("metallic", \.metallic, "Whether it is metal, 0 to 1. Default: as the surface.", in: .unit),
    Field("both_sides", \.bothSides, "Whether it also covers what faces away from it. Default: false."),
  ]

  static var grammar: Grammar { .record("Decal") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard axes != nil else {
      throw DocumentError(
        (node["up"] ?? node["facing"] ?? node).mark, found: "up along facing", expected: "two directions")
    }
  }

  private var axes: (facing: Vector3, up: Vector3)? {
    let out = facing.unit
    let wanted = up?.unit ?? (abs(out.z) > 0.999 ? Vector3(0, 1, 0) : Vector3(0, 0, 1))
    guard let level = (wanted - out * dot(wanted, out)).normalized, abs(dot(wanted, out)) < 0.9999 else { return nil }
    return (out, level)
  }

  func decal(_ use: TextureUse) -> Decal? {
    guard let axes else { return nil }
    let isMask = texture.value.pattern != nil && texture.value.colors == nil
    var plain = use
    if isMask { plain.ramp = nil }
    return Decal(
      center: center, facing: axes.facing, up: axes.up, size: size, depth: depth ?? max(size.x, size.y) / 2,
      texture: plain, isMask: isMask, color: color.linear, opacity: opacity, roughness: roughness, metallic: metallic,
      leastCosine: bothSides ? -1 : 0.1)
  }
}
