import Geometry
import Stage

/// Whether the triangles of two objects meet.
enum MeshCollision {
  private struct Triangle {
    var a: Vector3
    var b: Vector3
    var c: Vector3
    var lower: Vector3 { pointwiseMin(a, pointwiseMin(b, c)) }
    var upper: Vector3 { pointwiseMax(a, pointwiseMax(b, c)) }
  }

  /// Triangles outside the common bounds of the two fall away first; the rest are swept along x.
  static func intersect(_ one: Instance, _ two: Instance) -> Bool {
    let p = triangles(one)
    let q = triangles(two)
    func bounds(_ t: [Triangle]) -> (Vector3, Vector3) {
      t.reduce((Vector3(repeating: .infinity), Vector3(repeating: -.infinity))) {
        (pointwiseMin($0.0, $1.lower), pointwiseMax($0.1, $1.upper))
      }
    }
    let (pl, pu) = bounds(p)
    let (ql, qu) = bounds(q)
    let (low, high) = (pointwiseMax(pl, ql), pointwiseMin(pu, qu))
    func meets(_ t: Triangle) -> Bool {
      let (l, u) = (t.lower, t.upper)
      return l.x <= high.x && u.x >= low.x && l.y <= high.y && u.y >= low.y && l.z <= high.z && u.z >= low.z
    }
    let near = p.filter(meets).sorted { $0.lower.x < $1.lower.x }
    for t in q.filter(meets) {
      let (l, u) = (t.lower, t.upper)
      for s in near {
        let (sl, su) = (s.lower, s.upper)
        if sl.x > u.x { break }
        if su.x < l.x || sl.y > u.y || su.y < l.y || sl.z > u.z || su.z < l.z { continue }
        if overlap(s, t) { return true }
      }
    }
    return false
  }

  private static func triangles(_ instance: Instance) -> [Triangle] {
    let mesh = instance.mesh
    func corner(_ i: Int) -> Vector3 {
      instance.objectToWorld * Vector3(mesh.vertices[Int(mesh.indices[i])].position)
    }
    return (0..<mesh.triangleCount).map { Triangle(a: corner($0 * 3), b: corner($0 * 3 + 1), c: corner($0 * 3 + 2)) }
  }

  /// By separating axes: the two normals, the products of edges, and the in-plane normals for coplanar triangles.
  private static func overlap(_ s: Triangle, _ t: Triangle) -> Bool {
    let e = [s.b - s.a, s.c - s.b, s.a - s.c]
    let f = [t.b - t.a, t.c - t.b, t.a - t.c]
    let (n, m) = (cross(e[0], e[1]), cross(f[0], f[1]))
    var axes = [n, m]
    for p in e { for q in f { axes.append(cross(p, q)) } }
    for p in e { axes.append(cross(n, p)) }
    for q in f { axes.append(cross(m, q)) }
    for axis in axes where dot(axis, axis) > 1e-30 {
      let x = [dot(s.a, axis), dot(s.b, axis), dot(s.c, axis)]
      let y = [dot(t.a, axis), dot(t.b, axis), dot(t.c, axis)]
      let (x0, x1) = (min(x[0], x[1], x[2]), max(x[0], x[1], x[2]))
      let (y0, y1) = (min(y[0], y[1], y[2]), max(y[0], y[1], y[2]))
      if x1 < y0 || y1 < x0 { return false }
    }
    return true
  }
}
