import Documents
import Geometry

/// A cylinder with half a sphere on each end.
public struct Capsule: Shape {
  /// In metres.
  public var radius = 0.25
  /// From tip to tip along z, in metres; at least twice the radius.
  public var height = 1.0
  /// Steps around the axis.
  public var segments = 64
  /// Bands of each half sphere.
  public var rings = 16

  public init() {}

  public init(radius: Double, height: Double, segments: Int = 64, rings: Int = 16) {
    self.radius = radius
    self.height = height
    self.segments = segments
    self.rings = rings
  }

  public static let manual = Manual(
    name: "capsule",
    summary: "A cylinder along z with half a sphere on each end, centred at the origin; the height is over all.",
    sample: """
      capsule:
        radius: 0.01
        height: 0.04
      """,
    limits: """
      A polyhedron of 4 segments rings triangles whose corners lie on the capsule. v runs from the top tip to the bottom \
      tip by arc length; the texture is pinched at the tips.
      """)

  public static let fields: [Field<Capsule>] = [
    Field("radius", \.radius, "Radius in metres; default 0.25.", in: ShapeBound.length),
    Field(
      "height", \.height, "Height from tip to tip in metres, at least twice the radius; default 1.",
      in: ShapeBound.length),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
    Field("rings", \.rings, "Bands of each half sphere; default 16.", in: .closed(1, 512)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard height >= 2 * radius else {
      throw DocumentError(
        (node["height"] ?? node["radius"] ?? node).mark, found: "height \(height) with radius \(radius)",
        expected: "a height of at least twice the radius")
    }
  }

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    let straight = height / 2 - radius
    let arc = radius * (Double.pi / 2)
    let length = 2 * (arc + straight)
    let quarter = (0...rings).map { i in (circlePoint(i, of: 4 * rings), arc * Double(i) / Double(rings)) }
    let upper = quarter.map { p, s in
      SurfaceBuilder.ProfilePoint(
        radius: radius * p.y, z: straight + radius * p.x, normal: Vector2(p.y, p.x), v: s / length)
    }
    let lower = upper.reversed().map { point in
      SurfaceBuilder.ProfilePoint(
        radius: point.radius, z: -point.z, normal: Vector2(point.normal.x, -point.normal.y), v: 1 - point.v)
    }
    // Without a straight part the two equators are one.
    surface.revolve(upper + (straight > 0 ? lower : Array(lower.dropFirst())), segments: segments)
    return surface.mesh()
  }
}
