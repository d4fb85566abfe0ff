import Documents
import Geometry

/// A flat rectangle that faces up; "plane" in a scene. (`Plane` is Imaging's rectangle of values.)
public struct PlaneShape: Shape {
  /// Extents along x and y in metres.
  public var size = Vector2(1, 1)
  /// How often the texture repeats along x and y.
  public var repeats = Vector2(1, 1)

  public init() {}

  public init(size: Vector2, repeats: Vector2 = Vector2(1, 1)) {
    self.size = size
    self.repeats = repeats
  }

  public static let manual = Manual(
    name: "plane",
    summary: "A flat rectangle in the xy plane that faces +z, centred at the origin; the ground of most scenes.",
    sample: """
      plane:
        size: [4, 4]
        repeat: [8, 8]
      """,
    limits: "Two triangles, without thickness. The texture starts at (-x, +y), with +y up in its picture.")

  public static let fields: [Field<PlaneShape>] = [
    Field("size", \.size, "Extents along x and y in metres; default [1, 1].", in: ShapeBound.length),
    Field(
      "repeat", \.repeats, "How often the texture repeats along x and y; default [1, 1].", in: .closed(-4096, 4096)),
  ]

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    func corner(_ x: Double, _ y: Double) -> UInt32 {
      surface.vertex(
        Vector3(size.x / 2 * x, size.y / 2 * y, 0), normal: Vector3(0, 0, 1),
        uv: Vector2((1 + x) / 2, (1 - y) / 2) * repeats)
    }
    surface.quad(corner(-1, 1), corner(-1, -1), corner(1, -1), corner(1, 1))
    return surface.mesh()
  }
}
