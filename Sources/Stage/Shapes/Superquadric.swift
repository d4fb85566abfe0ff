import Documents
import Geometry

/// From box over ball to octahedron: Barr, "Superquadrics and Angle-Preserving Transformations" (1981).
public struct Superquadric: Shape {
  /// Half extents along x, y and z in metres.
  public var radii = Vector3(0.5, 0.5, 0.5)
  /// Exponents seen from the side and from above: near 0 a box, 1 an ellipsoid, 2 an octahedron.
  public var side = 0.5
  public var top = 0.5
  /// Steps around the axis, and bands from pole to pole.
  public var segments = 64
  public var rings = 32

  public init() {}

  public init(radii: Vector3, side: Double, top: Double, segments: Int = 64, rings: Int = 32) {
    self.radii = radii
    self.side = side
    self.top = top
    self.segments = segments
    self.rings = rings
  }

  public static let manual = Manual(
    name: "superquadric",
    summary: "Anything between a box, an ellipsoid and an octahedron, centred at the origin.",
    sample: """
      superquadric:
        radii: [0.03, 0.03, 0.05]
        side: 0.4
        top: 1
      """,
    limits: """
      With `side` below 1 and `top` of 1 it is a rounded cylinder. Corners lie on the surface; where the exponents are \
      far from 1, few of them lie on the flat parts. u runs around the z axis, v from top to bottom.
      """)

  public static let fields: [Field<Superquadric>] = [
    Field("radii", \.radii, "Half extents along x, y and z in metres; default 0.5 each.", in: ShapeBound.length),
    Field(
      "side", \.side,
      "Exponent of the outline seen from the side: 0.1 a square, 1 a circle, 1.9 nearly a rhombus; "
        + "default 0.5.", in: .closed(0.1, 1.9)),
    Field("top", \.top, "Exponent of the outline seen from above; default 0.5.", in: .closed(0.1, 1.9)),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
    Field("rings", \.rings, "Bands from pole to pole; default 32.", in: ShapeBound.rings),
  ]

  public func makeMesh() -> Mesh {
    /// The power of the absolute value, with the value's sign.
    func power(_ x: Double, _ e: Double) -> Double { x < 0 ? -StableMath.pow(-x, e) : StableMath.pow(x, e) }
    let around = (0...segments).map { circlePoint($0, of: segments) }
    let upright = (0...rings).map { circlePoint($0, of: 2 * rings) }
    var surface = SurfaceBuilder()
    surface.sheet(columns: segments, rows: rings) { i, j in
      // x of the upright circle points to +z.
      let (c, s) = (around[i], upright[j])
      let isPole = j == 0 || j == rings
      let reach = isPole ? 0 : power(s.y, side)
      let position =
        Vector3(reach * power(c.x, top), reach * power(c.y, top), power(s.x, side)) * radii
      // The dual superquadric's point is the normal. Its zeroth power of 0 would be a sign that is not there.
      let nr = isPole ? 0 : power(s.y, 2 - side)
      let normal = Vector3(nr * power(c.x, 2 - top), nr * power(c.y, 2 - top), power(s.x, 2 - side)) / radii
      let u = (Double(i) + (j == 0 ? 0.5 : j == rings ? -0.5 : 0)) / Double(segments)
      return .init(position: position, normal: normal, uv: Vector2(u, Double(j) / Double(rings)))
    }
    return surface.mesh()
  }
}
