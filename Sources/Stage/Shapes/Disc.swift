import Documents
import Geometry

/// A flat disc that faces up.
public struct Disc: Shape {
  /// In metres.
  public var radius = 0.5
  /// Steps around the rim.
  public var segments = 64

  public init() {}

  public init(radius: Double, segments: Int = 64) {
    self.radius = radius
    self.segments = segments
  }

  public static let manual = Manual(
    name: "disc",
    summary: "A flat disc in the xy plane that faces +z, centred at the origin. It shows the texture's inscribed disc.",
    sample: """
      disc:
        radius: 0.5
      """,
    limits: "A polygon of that many corners on the circle. It has no thickness.")

  public static let fields: [Field<Disc>] = [
    Field("radius", \.radius, "Radius in metres; default 0.5.", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the rim; default 64.", in: ShapeBound.segments),
  ]

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    surface.disc(radius: radius, z: 0, segments: segments, facingUp: true)
    return surface.mesh()
  }
}
