import Documents
import Geometry

/// A straight cylinder with flat ends.
public struct Cylinder: Shape {
  /// In metres.
  public var radius = 0.5
  /// Along z, in metres.
  public var height = 1.0
  /// Steps around the axis.
  public var segments = 64

  public init() {}

  public init(radius: Double, height: Double, segments: Int = 64) {
    self.radius = radius
    self.height = height
    self.segments = segments
  }

  public static let manual = Manual(
    name: "cylinder",
    summary: "A cylinder along z with flat ends, centred at the origin. The texture goes once around the side.",
    sample: """
      cylinder:
        radius: 0.03
        height: 0.12
      """,
    limits: "A prism of 4 segments triangles whose corners lie on the cylinder. Each end shows the texture's disc.")

  public static let fields: [Field<Cylinder>] = [
    Field("radius", \.radius, "Radius in metres; default 0.5.", in: ShapeBound.length),
    Field("height", \.height, "Height along z in metres; default 1.", in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
  ]

  public func makeMesh() -> Mesh {
    Cone(radius: radius, topRadius: radius, height: height, segments: segments).makeMesh()
  }
}
