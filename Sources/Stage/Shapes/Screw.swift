import Documents
import Geometry

/// A screw or a bolt with a thread.
public struct Screw: Shape {
  public enum Head: String, DocumentWord {
    case hex, pan, countersunk, none
  }

  /// Of the thread's crests, in metres.
  public var diameter = 0.01
  /// Below the head, in metres.
  public var length = 0.04
  /// Climb of the thread a turn, in metres; nil for a sixth of the diameter.
  public var pitch: Double?
  public var head = Head.hex
  /// In metres; nil for 1.75 (hexagonal, across flats) or 2 diameters.
  public var headWidth: Double?
  /// In metres; nil for 0.65 diameters.
  public var headHeight: Double?
  public var segments = 32

  public init() {}

  public init(
    diameter: Double, length: Double, pitch: Double? = nil, head: Head = .hex, headWidth: Double? = nil,
    headHeight: Double? = nil, segments: Int = 32
  ) {
    self.diameter = diameter
    self.length = length
    self.pitch = pitch
    self.head = head
    self.headWidth = headWidth
    self.headHeight = headHeight
    self.segments = segments
  }

  public static let manual = Manual(
    name: "screw",
    summary: "A screw along z whose right-handed thread reaches down from the head, the head's underside at z = 0.",
    sample: """
      screw:
        diameter: 0.006
        length: 0.03
        head: pan
      """,
    limits: "The thread is rounded and fades out at both ends. Shank and head are two solids that overlap; heads have "
      + "neither slot nor cross.")

  public static let fields: [Field<Screw>] = [
    Field("diameter", \.diameter, "Diameter over the thread's crests in metres; default 0.01.", in: ShapeBound.length),
    Field("length", \.length, "Length below the head in metres; default 0.04.", in: ShapeBound.length),
    Field(
      "pitch", \.pitch, "Climb of the thread a turn in metres; default a sixth of the diameter.", in: ShapeBound.length),
    Field("head", \.head, "hex, the default, pan, countersunk or none."),
    Field(
      "head_width", \.headWidth, "Width of the head in metres, of a hex across its flats; default 1.75 or 2 diameters.",
      in: ShapeBound.length),
    Field("head_height", \.headHeight, "Height of the head in metres; default 0.65 diameters.", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 32.", in: .closed(8, 128)),
  ]

  private var climb: Double { pitch ?? diameter / 6 }

  public func validate(_ node: Node) throws(DocumentError) {
    guard climb <= diameter, length >= climb, length / climb <= 200 else {
      throw DocumentError(
        (node["pitch"] ?? node["length"] ?? node).mark,
        found: "a pitch of \(climb) on a screw of diameter \(diameter) and length \(length)",
        expected: "a pitch of at most the diameter, and 1 to 200 turns")
    }
    let width = headWidth ?? (head == .hex ? 1.75 : 2) * diameter
    guard head == .none || width > diameter else {
      throw DocumentError(
        (node["head_width"] ?? node).mark, found: "a head of width \(width) on a screw of diameter \(diameter)",
        expected: "a head wider than the screw")
    }
  }

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    // 17/24 of the height of a sharp 60 degree thread, as metric screws have it.
    let depth = min(17.0 / 24 * 0.866 * climb, 0.45 * diameter)
    let core = diameter / 2 - depth
    let height = headHeight ?? 0.65 * diameter
    let top = head == .none ? 0 : head == .countersunk ? -height / 2 : height / 2
    Thread(base: core, depth: depth, pitch: climb, bottom: -length, top: top, segments: segments)
      .build(into: &surface)
    surface.disc(radius: core, z: top, segments: segments, facingUp: true)
    surface.disc(radius: core, z: -length, segments: segments, facingUp: false)
    switch head {
    case .none: break
    case .hex:
      let side = (headWidth ?? 1.75 * diameter) / 2 / 0.75.squareRoot()
      surface.extrude(
        Plate(outline: (0..<6).map { circlePoint($0, of: 6) * side }, holes: [], crease: 30), from: 0, to: height)
    case .pan:
      let r = (headWidth ?? 2 * diameter) / 2
      let dome = (0...8).map { k -> SurfaceBuilder.ProfilePoint in
        let p = circlePoint(k, of: 32)
        return .init(
          radius: r * p.y, z: height * (0.4 + 0.6 * p.x), normal: Vector2(0.6 * height * p.y, r * p.x),
          v: Double(k) / 10)
      }
      surface.revolve(dome, segments: segments)
      surface.revolve(
        [
          .init(radius: r, z: height * 0.4, normal: Vector2(1, 0), v: 0.8),
          .init(radius: r, z: 0, normal: Vector2(1, 0), v: 1),
        ], segments: segments)
      surface.disc(radius: r, z: 0, segments: segments, facingUp: false)
    case .countersunk:
      let r = (headWidth ?? 2 * diameter) / 2
      let neck = core * 1.02
      surface.disc(radius: r, z: 0, segments: segments, facingUp: true)
      surface.revolve(
        [
          .init(radius: r, z: 0, normal: Vector2(height, neck - r), v: 0),
          .init(radius: neck, z: -height, normal: Vector2(height, neck - r), v: 1),
        ], segments: segments)
      surface.disc(radius: neck, z: -height, segments: segments, facingUp: false)
    }
    return surface.mesh()
  }
}
