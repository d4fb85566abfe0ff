import Geometry
import LaneMath
import Stage

/// One triangle for single rays, in double precision and camera axes: what `TriangleLanes` is for eight fragments (see there
/// for the formulas). Coverage tests and general materials interpolate with it.
struct TrianglePlane {
  let corner: Vector3
  let e1: Vector3
  let e2: Vector3
  /// Towards the side from which the winding runs counter-clockwise, where that is the viewer's: `dot(ray, n)` is above 0
  /// on the front. Not of unit length.
  let n: Vector3
  private let r1: Vector3
  private let r2: Vector3
  private let uv0: Vector2
  let uv1: Vector2
  let uv2: Vector2

  init(
    _ p: borrowing Primitive, positionU: UnsafePointer<SIMD4<Float>>, normalV: UnsafePointer<SIMD4<Float>>
  ) {
    let (a, b, c) = (positionU[Int(p.vertex0)], positionU[Int(p.vertex1)], positionU[Int(p.vertex2)])
    corner = TrianglePlane.wide(a)
    e1 = TrianglePlane.wide(b) - corner
    e2 = TrianglePlane.wide(c) - corner
    n = cross(e2, e1)
    r1 = cross(corner, e2)
    r2 = cross(e1, corner)
    let (va, vb, vc) = (normalV[Int(p.vertex0)].w, normalV[Int(p.vertex1)].w, normalV[Int(p.vertex2)].w)
    uv0 = Vector2(Double(a.w), Double(va))
    uv1 = Vector2(Double(b.w) - Double(a.w), Double(vb) - Double(va))
    uv2 = Vector2(Double(c.w) - Double(a.w), Double(vc) - Double(va))
  }

  @inline(__always)
  private static func wide(_ v: SIMD4<Float>) -> Vector3 { Vector3(Double(v.x), Double(v.y), Double(v.z)) }

  /// Whether the triangle is seen from the side where its winding, as it stands in camera axes, is counter-clockwise.
  func isFrontSeen(isParallel: Bool) -> Bool { isParallel ? n.z > 0 : dot(corner, n) > 0 }

  /// z where a ray along z through (x, y) meets the plane; above 0.
  func depth(parallel p: Vector2) -> Double {
    let z = n.z == 0 ? corner.z : (dot(corner, n) - n.x * p.x - n.y * p.y) / n.z
    return max(z, 1e-6)
  }

  /// A point of the triangle: barycentric weights of vertices 1 and 2, within 0 and 1.
  struct Point {
    var w1: Double
    var w2: Double
    /// 1 / (ray . n)
    var inverse: Double
  }

  /// Where a ray of any length meets the triangle; brought back into it where rounding leads out.
  @inline(__always)
  func point(along ray: Vector3) -> Point {
    let determinant = dot(ray, n)
    let inverse = abs(determinant) < 1e-30 ? 1e30 : 1 / determinant
    let w1 = min(max(dot(ray, r1) * inverse, 0), 1)
    let w2 = min(max(dot(ray, r2) * inverse, 0), 1 - w1)
    return Point(w1: w1, w2: w2, inverse: inverse)
  }

  @inline(__always) func uv(_ p: Point) -> Vector2 { uv0 + uv1 * p.w1 + uv2 * p.w2 }

  /// Change of the weights as the ray, whose z is 1, changes by `step` with z 0.
  @inline(__always)
  private func weightChange(_ p: Point, _ step: Vector3) -> (w1: Double, w2: Double) {
    // They are quotients of functions linear in the ray.
    let along = dot(step, n)
    return ((dot(step, r1) - p.w1 * along) * p.inverse, (dot(step, r2) - p.w2 * along) * p.inverse)
  }

  @inline(__always)
  func uvChange(_ p: Point, _ step: Vector3) -> Vector2 {
    let w = weightChange(p, step)
    return uv1 * w.w1 + uv2 * w.w2
  }

  @inline(__always)
  func positionChange(_ p: Point, _ step: Vector3) -> Vector3 {
    let w = weightChange(p, step)
    return e1 * w.w1 + e2 * w.w2
  }

  /// The cosine between the ray and the triangle's normal, on either side.
  @inline(__always)
  func cosine(_ ray: Vector3) -> Double {
    let squared = dot(ray, ray) * dot(n, n)
    return squared > 0 ? min(abs(dot(ray, n)) / squared.squareRoot(), 1) : 1
  }

  /// A value at the point from the values at the three corners.
  @inline(__always)
  func mix(_ p: Point, _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>) -> SIMD4<Float> {
    a * Float(1 - p.w1 - p.w2) + b * Float(p.w1) + c * Float(p.w2)
  }
}
