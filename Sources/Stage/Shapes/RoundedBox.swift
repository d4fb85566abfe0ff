import Documents
import Geometry

/// A box whose edges and corners are rounded: the sum of a smaller box and a ball.
///
/// Each face is a grid that is bent over the edges and meets its neighbours on their middle lines, where the directions
/// are computed from the same three numbers and so agree to the bit.
public struct RoundedBox: Shape {
  /// Extents along x, y and z in metres.
  public var size = Vector3(1, 1, 1)
  /// Radius of the edges in metres; 0 to half the smallest extent.
  public var radius = 0.1
  /// Steps from a face's flat part to the middle of an edge.
  public var segments = 3

  public init() {}

  public init(size: Vector3, radius: Double, segments: Int = 3) {
    self.size = size
    self.radius = radius
    self.segments = segments
  }

  public static let manual = Manual(
    name: "rounded_box",
    summary: "A box with rounded edges and corners, centred at the origin; the size is over all.",
    sample: """
      rounded_box:
        size: [0.048, 0.0075, 0.024]
        radius: 0.001
      """,
    limits: """
      Each face shows the whole texture, laid on by arc length; faces meet on the middle lines of the edges, and \
      towards the corners the texture is squeezed. It has 12 (2 segments + 1)^2 triangles.
      """)

  public static let fields: [Field<RoundedBox>] = [
    Field("size", \.size, "Extents along x, y and z in metres; default [1, 1, 1].", in: ShapeBound.length),
    Field(
      "radius", \.radius, "Radius of the edges in metres, at most half the smallest extent; default 0.1.",
      in: .nonNegative),
    Field(
      "segments", \.segments, "Steps from a flat face to the middle of an edge, half of its quarter turn; default 3.",
      in: .closed(1, 128)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    let limit = size.min() / 2
    guard radius <= limit else {
      throw DocumentError(
        (node["radius"] ?? node).mark, found: "radius \(radius)",
        expected: "a radius of at most half the smallest extent, \(limit)")
    }
  }

  public func makeMesh() -> Mesh {
    guard radius > 0 else { return Box(size: size).makeMesh() }
    var surface = SurfaceBuilder()
    // Half extents of the inner box; the faces' flat parts.
    let inner = size / 2 - radius
    let arc = radius * (Double.pi / 4)

    // One direction of a face's grid, from one edge's middle line to the other's: on which side of the inner box a
    // line lies, and the tangent of its angle from the face's normal.
    struct Line {
      var side: Double
      var tangent: Double
      /// Fraction of the arc from the flat part to the middle line.
      var step: Double
    }
    func lines(_ innerHalf: Double) -> [Line] {
      // Where the flat part has no width, its two borders are one line.
      (0...segments).reversed().map { line(-1, $0) } + ((innerHalf > 0 ? 0 : 1)...segments).map { line(1, $0) }
    }
    func line(_ side: Double, _ i: Int) -> Line {
      let step = Double(i) / Double(segments)
      // The tangent of 45 degrees is 1 to the bit, for neighbours share it with their normals' 1.
      let tangent = i == segments ? 1 : StableMath.tan(step * (Double.pi / 4))
      return Line(side: side, tangent: side * tangent, step: step)
    }
    func coordinate(_ l: Line, _ innerHalf: Double) -> Double {
      0.5 + 0.5 * l.side * (innerHalf + arc * l.step) / (innerHalf + arc)
    }

    for face in BoxFace.all {
      let (right, up) = (face.right, face.up)
      let innerRight = abs(dot(right, inner))
      let innerUp = abs(dot(up, inner))
      let grid = lines(innerUp).reversed().map { y in
        lines(innerRight).map { x -> UInt32 in
          let direction = face.normal + right * x.tangent + up * y.tangent
          let unit = direction / direction.length
          let corner = (face.normal + right * x.side + up * y.side) * inner
          return surface.vertex(
            corner + unit * radius, normal: unit,
            uv: Vector2(coordinate(x, innerRight), 1 - coordinate(y, innerUp)))
        }
      }
      for (upper, lower) in zip(grid, grid.dropFirst()) {
        for k in 0..<upper.count - 1 { surface.quad(upper[k], lower[k], lower[k + 1], upper[k + 1]) }
      }
    }
    return surface.mesh()
  }
}
