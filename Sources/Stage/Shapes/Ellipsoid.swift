import Documents
import Geometry

/// A sphere that is stretched along its axes.
public struct Ellipsoid: Shape {
  /// Half axes along x, y and z in metres.
  public var radii = Vector3(0.5, 0.4, 0.3)
  /// Steps around the z axis.
  public var segments = 64
  /// Bands from pole to pole.
  public var rings = 32

  public init() {}

  public init(radii: Vector3, segments: Int = 64, rings: Int = 32) {
    self.radii = radii
    self.segments = segments
    self.rings = rings
  }

  public static let manual = Manual(
    name: "ellipsoid",
    summary: "An ellipsoid centred at the origin: a sphere stretched along x, y and z, and its texture with it.",
    sample: """
      ellipsoid:
        radii: [0.03, 0.02, 0.02]
      """,
    limits: """
      A polyhedron of 2 segments (rings - 1) triangles whose corners lie on the ellipsoid. Triangles are spread by the \
      sphere's angles, so that a very long one is coarse where it is most curved.
      """)

  public static let fields: [Field<Ellipsoid>] = [
    Field("radii", \.radii, "Half axes along x, y and z in metres; default [0.5, 0.4, 0.3].", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
    Field("rings", \.rings, "Bands from pole to pole; default 32.", in: ShapeBound.rings),
  ]

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder(scale: radii)
    surface.unitSphere(segments: segments, rings: rings)
    return surface.mesh()
  }
}
