import Documents
import Geometry

/// A ring with a round tube.
public struct Torus: Shape {
  /// From the axis to the middle of the tube, in metres.
  public var majorRadius = 0.4
  /// Of the tube, in metres; at most the major radius.
  public var minorRadius = 0.1
  /// Steps around the axis.
  public var segments = 64
  /// Steps around the tube.
  public var tubeSegments = 32

  public init() {}

  public init(majorRadius: Double, minorRadius: Double, segments: Int = 64, tubeSegments: Int = 32) {
    self.majorRadius = majorRadius
    self.minorRadius = minorRadius
    self.segments = segments
    self.tubeSegments = tubeSegments
  }

  public static let manual = Manual(
    name: "torus",
    summary: "A ring with a round tube, lying in the xy plane and centred at the origin.",
    sample: """
      torus:
        major_radius: 0.03
        minor_radius: 0.01
      """,
    limits: """
      A polyhedron of 2 segments tube_segments triangles whose corners lie on the torus: 4,096 with the defaults. u runs \
      around the axis, v around the tube from its inner side over the top; the texture is stretched on the outer side.
      """)

  public static let fields: [Field<Torus>] = [
    Field(
      "major_radius", \.majorRadius, "From the axis to the middle of the tube in metres; default 0.4.",
      in: ShapeBound.length),
    Field(
      "minor_radius", \.minorRadius, "Radius of the tube in metres, at most the major radius; default 0.1.",
      in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
    Field("tube_segments", \.tubeSegments, "Steps around the tube; default 32.", in: ShapeBound.segments),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard minorRadius <= majorRadius else {
      throw DocumentError(
        (node["minor_radius"] ?? node["major_radius"] ?? node).mark,
        found: "minor_radius \(minorRadius) with major_radius \(majorRadius)",
        expected: "a minor_radius of at most the major_radius")
    }
  }

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    let outline = (0...tubeSegments).map { i in
      let p = circlePoint(i, of: tubeSegments)
      return SurfaceBuilder.ProfilePoint(
        radius: majorRadius - minorRadius * p.x, z: minorRadius * p.y, normal: Vector2(-p.x, p.y),
        v: Double(i) / Double(tubeSegments))
    }
    surface.revolve(outline, segments: segments)
    return surface.mesh()
  }
}
