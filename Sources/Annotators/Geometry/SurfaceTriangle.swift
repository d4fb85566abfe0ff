import Geometry
import Stage

/// A triangle in camera axes, and what its corners are in its own.
struct SurfaceTriangle {
  var a = Vector3()
  var e1 = Vector3()
  var e2 = Vector3()
  /// Along the winding, not of unit length; then of unit length.
  private(set) var n = Vector3()
  var normal = Vector3()
  var own = (Vector3(), Vector3(), Vector3())
  var uv = (Vector2(), Vector2(), Vector2())

  init() {}

  init(_ mesh: Mesh, _ t: Int, _ toCamera: AffineTransform) {
    let v0 = mesh.vertices[Int(mesh.indices[3 * t])]
    let v1 = mesh.vertices[Int(mesh.indices[3 * t + 1])]
    let v2 = mesh.vertices[Int(mesh.indices[3 * t + 2])]
    own = (Vector3(v0.position), Vector3(v1.position), Vector3(v2.position))
    uv = (Vector2(v0.uv), Vector2(v1.uv), Vector2(v2.uv))
    a = toCamera * own.0
    e1 = toCamera.linear * (own.1 - own.0)
    e2 = toCamera.linear * (own.2 - own.0)
    n = cross(e1, e2)
    normal = n.normalized ?? Vector3()
  }

  /// The weights of the second and third corner where a ray meets the triangle.
  @inline(__always)
  func weights(_ origin: Vector3, _ direction: Vector3) -> (Double, Double) {
    let q = a - origin
    let slope = dot(direction, n)
    // Seen edge on: any point of it will do.
    guard slope != 0 else { return (0, 0) }
    let w1 = min(max(dot(direction, cross(e2, q)) / slope, 0), 1)
    let w2 = min(max(dot(direction, cross(q, e1)) / slope, 0), 1 - w1)
    return (w1, w2)
  }

  /// The point of these weights in the frame of the mesh.
  @inline(__always)
  func object(_ w1: Double, _ w2: Double) -> Vector3 { own.0 * (1 - w1 - w2) + own.1 * w1 + own.2 * w2 }

  /// Where a ray meets the triangle's plane, in lengths of `direction`; not finite where it never does.
  func distance(_ origin: Vector3, _ direction: Vector3) -> Double { dot(a - origin, n) / dot(direction, n) }
}
