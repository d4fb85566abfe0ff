import Documents
import Geometry

/// A dim room with soft boxes: rectangles of even light, as photographers use them.
public struct StudioSky: Sky {
  /// One rectangle of light, seen from the middle of the room.
  public struct SoftBox: DocumentRecord, Hashable {
    /// Degrees from +X towards +Y, and above the horizon, of its middle.
    public var azimuth = 0.0
    public var elevation = 45.0
    /// Degrees across, level and upright.
    public var width = 40.0
    public var height = 40.0
    /// Linear RGB radiance.
    public var radiance = ColorValue(Vector3(8, 8, 8))

    public init() {}

    public init(azimuth: Double, elevation: Double, width: Double, height: Double, radiance: Vector3) {
      (self.azimuth, self.elevation, self.width, self.height) = (azimuth, elevation, width, height)
      self.radiance = ColorValue(radiance)
    }

    public static let fields: [Field<SoftBox>] = [
      Field("azimuth", \.azimuth, "Degrees from +X towards +Y of its middle; default 0.", in: .closed(-36000, 36000)),
      Field("elevation", \.elevation, "Degrees above the horizon of its middle; default 45.", in: .closed(-90, 90)),
      Field("width", \.width, "Degrees across; default 40.", in: .closed(0.1, 150)),
      Field("height", \.height, "Degrees from its lower to its upper edge; default 40.", in: .closed(0.1, 150)),
      Field("radiance", \.radiance, "Radiance; 1 is white in the picture. Default: 8."),
    ]
  }

  public var boxes = [
    SoftBox(azimuth: -50, elevation: 45, width: 50, height: 40, radiance: Vector3(9, 8.7, 8.2)),
    SoftBox(azimuth: 60, elevation: 25, width: 30, height: 60, radiance: Vector3(2.4, 2.6, 3)),
    SoftBox(azimuth: 170, elevation: 55, width: 60, height: 20, radiance: Vector3(5, 5, 5)),
  ]
  /// Radiance of the walls and the ceiling, and of the floor.
  public var room = ColorValue(Vector3(0.15, 0.15, 0.15))
  public var floor = ColorValue(Vector3(0.1, 0.1, 0.1))
  /// Degrees in which the boxes' edges fade.
  public var softness = 3.0

  public init() {}

  public init(boxes: [SoftBox], room: Vector3, floor: Vector3, softness: Double = 3) {
    self.boxes = boxes
    self.room = ColorValue(room)
    self.floor = ColorValue(floor)
    self.softness = softness
  }

  public static let manual = Manual(
    name: "studio",
    summary: "A dim room with soft boxes, rectangles of even light around the scene.",
    sample: """
      studio:
        boxes: [{azimuth: -40, elevation: 50, width: 50, height: 40, radiance: 9}, {azimuth: 90, elevation: 20}]
        room: 0.2
        softness: 4
      """,
    limits:
      "The boxes are infinitely far away: they light and mirror alike wherever an object stands, and cast no shadow.")

  public static let fields: [Field<StudioSky>] = [
    Field("boxes", \.boxes, "Up to 16 soft boxes; default three: a warm key, a cool fill and a rim light."),
    Field("room", \.room, "Radiance of the walls and the ceiling; default 0.15."),
    Field("floor", \.floor, "Radiance of the floor; default 0.1."),
    Field("softness", \.softness, "Degrees in which the boxes' edges fade; default 3.", in: .closed(0.5, 30)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard boxes.count <= 16 else {
      throw DocumentError(node["boxes"] ?? node, expected: "at most 16 soft boxes").inside("boxes")
    }
  }

  public func makeEnvironment() -> Environment {
    let lights = boxes.map(Rectangle.init)
    let edge = StableMath.tan(softness.degreesInRadians)
    return Environment(side: Octahedron.skySide) { d in
      let share = smoothStep(-0.1, 0.1, d.z)
      var sum = floor.linear * (1 - share) + room.linear * share
      for light in lights {
        let cover = light.cover(d, edge: edge)
        if cover > 0 { sum = sum * (1 - cover) + light.radiance * cover }
      }
      return sum
    }
  }

  /// A box as a rectangle on the plane at distance 1.
  private struct Rectangle {
    let towards: Vector3
    let right: Vector3
    let up: Vector3
    let half: Vector2
    let radiance: Vector3

    init(_ box: SoftBox) {
      let (sa, ca) = StableMath.sincos(box.azimuth.degreesInRadians)
      let (se, ce) = StableMath.sincos(box.elevation.degreesInRadians)
      towards = Vector3(ca * ce, sa * ce, se)
      right = Vector3(sa, -ca, 0)
      up = cross(right, towards)
      half = Vector2(
        StableMath.tan(box.width.degreesInRadians / 2), StableMath.tan(box.height.degreesInRadians / 2))
      radiance = box.radiance.linear
    }

    /// From 0 outside to 1 inside; the edge is half-way at the rectangle's border.
    func cover(_ d: Vector3, edge: Double) -> Double {
      let depth = dot(d, towards)
      guard depth > 0.05 else { return 0 }
      let (x, y) = (abs(dot(d, right)) / depth, abs(dot(d, up)) / depth)
      let (ex, ey) = (min(edge, half.x), min(edge, half.y))
      return (1 - smoothStep(half.x - ex / 2, half.x + ex / 2, x))
        * (1 - smoothStep(half.y - ey / 2, half.y + ey / 2, y))
    }
  }
}
