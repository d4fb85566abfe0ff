import Documents
import Geometry

/// A hexagonal nut with a thread.
public struct Nut: Shape {
  /// Of the screw that fits, in metres.
  public var diameter = 0.01
  /// Across flats, in metres; nil for 1.75 diameters.
  public var width: Double?
  /// Along z, in metres; nil for 0.8 diameters.
  public var height: Double?
  /// Climb of the thread a turn, in metres; nil for a sixth of the diameter.
  public var pitch: Double?
  public var segments = 32

  public init() {}

  public init(
    diameter: Double, width: Double? = nil, height: Double? = nil, pitch: Double? = nil, segments: Int = 32
  ) {
    self.diameter = diameter
    self.width = width
    self.height = height
    self.pitch = pitch
    self.segments = segments
  }

  public static let manual = Manual(
    name: "nut",
    summary: "A hexagonal nut with a threaded hole along z, centred at the origin.",
    sample: """
      nut:
        diameter: 0.006
      """,
    limits: "The thread is rounded and fades out at both ends; the edges are not chamfered.")

  public static let fields: [Field<Nut>] = [
    Field("diameter", \.diameter, "Diameter of the screw that fits in metres; default 0.01.", in: ShapeBound.length),
    Field("width", \.width, "Width across flats in metres; default 1.75 diameters.", in: ShapeBound.length),
    Field("height", \.height, "Height along z in metres; default 0.8 diameters.", in: ShapeBound.length),
    Field(
      "pitch", \.pitch, "Climb of the thread a turn in metres; default a sixth of the diameter.", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 32.", in: .closed(8, 128)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    let (climb, tall) = (pitch ?? diameter / 6, height ?? 0.8 * diameter)
    guard climb <= diameter, tall >= climb, tall / climb <= 200 else {
      throw DocumentError(
        (node["pitch"] ?? node["height"] ?? node).mark,
        found: "a pitch of \(climb) in a nut of diameter \(diameter) and height \(tall)",
        expected: "a pitch of at most the diameter, and 1 to 200 turns")
    }
    if let width, width < 1.2 * diameter {
      throw DocumentError(
        (node["width"] ?? node).mark, found: "a nut of width \(width) for diameter \(diameter)",
        expected: "at least 1.2 diameters")
    }
  }

  public func makeMesh() -> Mesh {
    let climb = pitch ?? diameter / 6
    let half = (height ?? 0.8 * diameter) / 2
    let radius = diameter / 2
    let side = (width ?? 1.75 * diameter) / 2 / 0.75.squareRoot()
    var surface = SurfaceBuilder()
    surface.extrude(
      Plate(
        outline: (0..<6).map { circlePoint($0, of: 6) * side },
        holes: [(0..<segments).map { circlePoint($0, of: segments) * radius }], crease: 30, openHoles: [0]),
      from: -half, to: half)
    Thread(
      base: radius, depth: -min(17.0 / 24 * 0.866 * climb, 0.45 * diameter), pitch: climb, bottom: -half, top: half,
      segments: segments, isHole: true
    ).build(into: &surface)
    return surface.mesh()
  }
}
