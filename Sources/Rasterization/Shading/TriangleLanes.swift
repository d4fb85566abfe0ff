import LaneMath

/// What interpolation needs of the triangles of eight fragments, in camera axes.
///
/// With e1, e2 the sides at vertex 0 and T = -V0, a ray d meets the plane at z = (e2 . R2) / (d . N) and the barycentric
/// weights of vertices 1 and 2 are (d . R1) / (d . N) and (d . R2) / (d . N), where N = e2 x e1, R1 = e2 x T and
/// R2 = T x e1 (Moeller and Trumbore 1997). They are relative to vertex 0, so a small far triangle keeps its precision,
/// and a vertex behind the camera needs no special case.
struct TriangleLanes {
  var n: Lanes3
  var r1: Lanes3
  var r2: Lanes3
  /// e2 . R2
  var plane: Lanes
  /// For parallel rays in place of `plane`: its product with (x, y, 1), with the ray through (x, y).
  var parallelPlane: Lanes3
  /// Range of z over the vertices, not nearer than the near plane.
  var zLow: Lanes
  var zHigh: Lanes
  /// Normal, u and v at vertex 0, and what vertices 1 and 2 add to them.
  var normal0: Lanes3
  var normal1: Lanes3
  var normal2: Lanes3
  var u0: Lanes
  var u1: Lanes
  var u2: Lanes
  var v0: Lanes
  var v1: Lanes
  var v2: Lanes

  @inline(__always)
  private init(
    position p: (Columns, Columns, Columns), normal m: (Columns, Columns, Columns), near: Float, isParallel: Bool
  ) {
    let a = Lanes3(p.0.x, p.0.y, p.0.z)
    let b = Lanes3(p.1.x, p.1.y, p.1.z)
    let c = Lanes3(p.2.x, p.2.y, p.2.z)
    let (e1, e2) = (b - a, c - a)
    n = cross(e2, e1)
    r1 = cross(a, e2)  // e2 x T with T = -a
    r2 = cross(e1, a)  // T x e1
    plane = dot(e2, r2)
    parallelPlane = n
    if isParallel {
      // T = (x, y, 0) - V0 and d = (0, 0, 1): the same products, written as functions of (x, y, 1).
      n = Lanes3(lanes(0), lanes(0), n.z)
      r1 = Lanes3(-e2.y, e2.x, r1.z)
      r2 = Lanes3(e1.y, -e1.x, r2.z)
      // z = V0.z + w1 e1.z + w2 e2.z, times d . N
      parallelPlane = n * a.z + r1 * e1.z + r2 * e2.z
    }
    zLow = maximum(minimum(a.z, minimum(b.z, c.z)), lanes(near))
    zHigh = maximum(maximum(a.z, maximum(b.z, c.z)), zLow)
    normal0 = Lanes3(m.0.x, m.0.y, m.0.z)
    normal1 = Lanes3(m.1.x, m.1.y, m.1.z) - normal0
    normal2 = Lanes3(m.2.x, m.2.y, m.2.z) - normal0
    (u0, u1, u2) = (p.0.w, p.1.w - p.0.w, p.2.w - p.0.w)
    (v0, v1, v2) = (m.0.w, m.1.w - m.0.w, m.2.w - m.0.w)
  }

  /// Puts eight triangles, fetched lane by lane, where `out` points: in place, for the value is large.
  @inline(never)
  static func fetch(
    _ ids: UnsafePointer<UInt32>, _ inputs: borrowing ShadingInputs, into out: UnsafeMutablePointer<Self>
  ) {
    out.pointee = TriangleLanes(ids, inputs)
  }

  @inline(__always)
  private init(_ ids: UnsafePointer<UInt32>, _ inputs: borrowing ShadingInputs) {
    let p = inputs.primitives
    @inline(__always) func corner(
      _ source: UnsafePointer<SIMD4<Float>>, _ vertex: (UnsafePointer<Primitive>) -> UInt32
    ) -> Columns {
      columns { source[Int(vertex(p + Int(ids[$0])))] }
    }
    let (position, normal) = (inputs.positionU, inputs.normalV)
    self.init(
      position: (
        corner(position) { $0.pointee.vertex0 }, corner(position) { $0.pointee.vertex1 },
        corner(position) { $0.pointee.vertex2 }
      ),
      normal: (
        corner(normal) { $0.pointee.vertex0 }, corner(normal) { $0.pointee.vertex1 },
        corner(normal) { $0.pointee.vertex2 }
      ), near: inputs.near, isParallel: inputs.isParallel)
  }

  /// Puts the same triangle in every lane.
  @inline(never)
  static func fetch(all id: UInt32, _ inputs: borrowing ShadingInputs, into out: UnsafeMutablePointer<Self>) {
    out.pointee = TriangleLanes(all: id, inputs)
  }

  @inline(__always)
  init(all id: UInt32, _ inputs: borrowing ShadingInputs) {
    let p = inputs.primitives[Int(id)]
    @inline(__always) func spread(_ v: SIMD4<Float>) -> Columns { (lanes(v.x), lanes(v.y), lanes(v.z), lanes(v.w)) }
    let (position, normal) = (inputs.positionU, inputs.normalV)
    self.init(
      position: (
        spread(position[Int(p.vertex0)]), spread(position[Int(p.vertex1)]), spread(position[Int(p.vertex2)])
      ),
      normal: (spread(normal[Int(p.vertex0)]), spread(normal[Int(p.vertex1)]), spread(normal[Int(p.vertex2)])),
      near: inputs.near, isParallel: inputs.isParallel)
  }
}
