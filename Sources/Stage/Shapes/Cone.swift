import Documents
import Geometry

/// A cone, or a frustum where its top is cut off.
public struct Cone: Shape {
  /// At the bottom, in metres.
  public var radius = 0.5
  /// At the top, in metres; 0 makes a tip.
  public var topRadius = 0.0
  /// Along z, in metres.
  public var height = 1.0
  /// Steps around the axis.
  public var segments = 64

  public init() {}

  public init(radius: Double, topRadius: Double = 0, height: Double, segments: Int = 64) {
    self.radius = radius
    self.topRadius = topRadius
    self.height = height
    self.segments = segments
  }

  public static let manual = Manual(
    name: "cone",
    summary: "A cone along z with its tip up, centred at half its height; a frustum where it has a top radius.",
    sample: """
      cone:
        radius: 0.04
        height: 0.1
      """,
    limits: """
      A pyramid of 2 segments triangles (4 segments with a top) whose corners lie on the cone. The texture is wrapped \
      once around the side and pinched at the tip; each end shows the texture's disc.
      """)

  public static let fields: [Field<Cone>] = [
    Field("radius", \.radius, "Radius at the bottom in metres; default 0.5.", in: ShapeBound.length),
    Field("top_radius", \.topRadius, "Radius at the top in metres; default 0, a tip.", in: .closed(0, 1e6)),
    Field("height", \.height, "Height along z in metres; default 1.", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
  ]

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    let normal = Vector2(height, radius - topRadius)
    surface.revolve(
      [
        .init(radius: topRadius, z: height / 2, normal: normal, v: 0),
        .init(radius: radius, z: -height / 2, normal: normal, v: 1),
      ], segments: segments)
    if topRadius > 0 { surface.disc(radius: topRadius, z: height / 2, segments: segments, facingUp: true) }
    surface.disc(radius: radius, z: -height / 2, segments: segments, facingUp: false)
    return surface.mesh()
  }
}
