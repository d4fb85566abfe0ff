import Documents
import Geometry

/// A box with hard edges: 12 triangles.
public struct Box: Shape {
  /// Extents along x, y and z in metres.
  public var size = Vector3(1, 1, 1)

  public init() {}

  public init(size: Vector3) { self.size = size }

  public static let manual = Manual(
    name: "box",
    summary: "A box with hard edges, centred at the origin. Each face shows the whole texture, upright on the sides.",
    sample: """
      box:
        size: [0.048, 0.0075, 0.024]
      """)

  public static let fields: [Field<Box>] = [
    Field("size", \.size, "Extents along x, y and z in metres; default [1, 1, 1].", in: ShapeBound.length)
  ]

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    let half = size / 2
    for face in BoxFace.all {
      func corner(_ x: Double, _ y: Double) -> UInt32 {
        surface.vertex(
          (face.normal + face.right * x + face.up * y) * half, normal: face.normal,
          uv: Vector2((1 + x) / 2, (1 - y) / 2))
      }
      surface.quad(corner(-1, 1), corner(-1, -1), corner(1, -1), corner(1, 1))
    }
    return surface.mesh()
  }
}
