import Documents
import Geometry

/// A sphere of latitude bands and longitude segments.
public struct Sphere: Shape {
  /// In metres.
  public var radius = 0.5
  /// Steps around the axis.
  public var segments = 64
  /// Bands from pole to pole.
  public var rings = 32

  public init() {}

  public init(radius: Double, segments: Int = 64, rings: Int = 32) {
    self.radius = radius
    self.segments = segments
    self.rings = rings
  }

  public static let manual = Manual(
    name: "sphere",
    summary: "A sphere centred at the origin. u runs around the z axis, v from 0 at the top to 1 at the bottom.",
    sample: """
      sphere:
        radius: 0.02
      """,
    limits: """
      A polyhedron of 2 segments (rings - 1) triangles whose corners lie on the sphere: 3,968 with the defaults, \
      with a volume 0.4 % below the sphere's. The texture is pinched at the poles.
      """)

  public static let fields: [Field<Sphere>] = [
    Field("radius", \.radius, "Radius in metres; default 0.5.", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
    Field("rings", \.rings, "Bands from pole to pole; default 32.", in: ShapeBound.rings),
  ]

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder(scale: Vector3(repeating: radius))
    surface.unitSphere(segments: segments, rings: rings)
    return surface.mesh()
  }
}
