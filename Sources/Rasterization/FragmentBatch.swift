import Stage

/// What shading needs of the frame; pointers are valid for the frame's rendering.
struct ShadingInputs {
  var primitives: UnsafePointer<Primitive>
  var positionU: UnsafePointer<SIMD4<Float>>
  var normalV: UnsafePointer<SIMD4<Float>>
  var materials: UnsafePointer<ShadingMaterial>
  /// The ray through a pixel position (x, y) is `(x * scaleX + originX, y * scaleY + originY, 1)` in camera axes.
  var rayScale: SIMD2<Float>
  var rayOrigin: SIMD2<Float>
  var near: Float
}

/// Eight fragments' surface points, interpolated.
struct FragmentBatch {
  /// Unnormalized viewing ray (x, y, 1), and z along the optical axis in metres.
  var ray: Lanes3
  var z: Lanes
  /// Interpolated normal, not of unit length, on the side that faces the camera.
  var normal: Lanes3
  var u: Lanes
  var v: Lanes
  /// Change of (u, v) per pixel to the right and down.
  var dudx: Lanes
  var dvdx: Lanes
  var dudy: Lanes
  var dvdy: Lanes

  /// Intersects the viewing ray through each fragment's sample with its triangle (Moeller and Trumbore 1997), in camera
  /// axes, so that a vertex behind the camera needs no special case.
  ///
  /// With e1, e2 the sides at vertex 0 and T = -V0, a ray d meets the plane at z = (e2 . R2) / (d . N) and the
  /// barycentric weights of vertices 1 and 2 are (d . R1) / (d . N) and (d . R2) / (d . N), where N = e2 x e1,
  /// R1 = e2 x T, R2 = T x e1. They are relative to vertex 0, so a small far triangle keeps its precision.
  @inline(__always)
  init(
    _ ids: UnsafePointer<UInt32>, _ places: SIMD8<UInt32>, _ inputs: borrowing ShadingInputs, _ tile: TileRectangle
  ) {
    let p = inputs.primitives
    @inline(__always) func corner(
      _ source: UnsafePointer<SIMD4<Float>>, _ vertex: (UnsafePointer<Primitive>) -> UInt32
    ) -> (x: Lanes, y: Lanes, z: Lanes, w: Lanes) {
      @inline(__always) func at(_ i: Int) -> SIMD4<Float> { source[Int(vertex(p + Int(ids[i])))] }
      return transpose((at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)))
    }
    @inline(__always) func bits(_ from: UInt32, _ mask: UInt32) -> Lanes {
      numbers(places &>> SIMD8(repeating: from) & SIMD8(repeating: mask))
    }
    let px = bits(0, 31) + bits(16, 15) * 0.0625 + Float(tile.x)
    let py = bits(5, 31) + bits(20, 15) * 0.0625 + Float(tile.y)
    ray = Lanes3(
      px * inputs.rayScale.x + inputs.rayOrigin.x, py * inputs.rayScale.y + inputs.rayOrigin.y, lanes(1))

    let p0 = corner(inputs.positionU) { $0.pointee.vertex0 }
    let p1 = corner(inputs.positionU) { $0.pointee.vertex1 }
    let p2 = corner(inputs.positionU) { $0.pointee.vertex2 }
    let v0 = Lanes3(p0.x, p0.y, p0.z)
    let v1 = Lanes3(p1.x, p1.y, p1.z)
    let v2 = Lanes3(p2.x, p2.y, p2.z)
    let (e1, e2) = (v1 - v0, v2 - v0)
    let n = cross(e2, e1)
    let r1 = cross(v0, e2)  // e2 x T with T = -v0
    let r2 = cross(e1, v0)  // T x e1
    let determinant = dot(ray, n)
    let inverse = lanes(1) / determinant
    // Rounding, and triangles seen edge on, may carry the hit out of the triangle: bring it back.
    let zLow = maximum(minimum(v0.z, minimum(v1.z, v2.z)), lanes(inputs.near))
    let zHigh = maximum(maximum(v0.z, maximum(v1.z, v2.z)), zLow)
    let hit = dot(e2, r2) * inverse
    z = zHigh.replacing(with: hit, where: hit .<= zHigh).replacing(with: zLow, where: hit .< zLow)
    let w1 = FragmentBatch.clamped(dot(ray, r1) * inverse, to: lanes(1))
    let w2 = FragmentBatch.clamped(dot(ray, r2) * inverse, to: lanes(1) - w1)

    let n0 = corner(inputs.normalV) { $0.pointee.vertex0 }
    let n1 = corner(inputs.normalV) { $0.pointee.vertex1 }
    let n2 = corner(inputs.normalV) { $0.pointee.vertex2 }
    let w0 = lanes(1) - w1 - w2
    let interpolated = Lanes3(
      n0.x * w0 + n1.x * w1 + n2.x * w2, n0.y * w0 + n1.y * w1 + n2.y * w2, n0.z * w0 + n1.z * w1 + n2.z * w2)
    // d . N > 0: the winding is counter-clockwise as seen, the front. (Normals of mirrored instances are reversed.)
    let front = signMask(-determinant)
    let (same, flipped) = (interpolated, -interpolated)
    normal = Lanes3(
      select(front, same.x, flipped.x), select(front, same.y, flipped.y), select(front, same.z, flipped.z))

    let (du1, du2) = (p1.w - p0.w, p2.w - p0.w)
    let (dv1, dv2) = (n1.w - n0.w, n2.w - n0.w)
    let uRel = du1 * w1 + du2 * w2
    let vRel = dv1 * w1 + dv2 * w2
    u = p0.w + uRel
    v = n0.w + vRel
    // The weights are quotients of functions linear in the ray: differentiate the quotient.
    let stepX = inverse * inputs.rayScale.x
    let stepY = inverse * inputs.rayScale.y
    dudx = (du1 * r1.x + du2 * r2.x - uRel * n.x) * stepX
    dvdx = (dv1 * r1.x + dv2 * r2.x - vRel * n.x) * stepX
    dudy = (du1 * r1.y + du2 * r2.y - uRel * n.y) * stepY
    dvdy = (dv1 * r1.y + dv2 * r2.y - vRel * n.y) * stepY
  }

  /// `x` within [0, high]; NaN becomes 0.
  @inline(__always)
  private static func clamped(_ x: Lanes, to high: Lanes) -> Lanes {
    let zero = Lanes(repeating: 0)
    return zero.replacing(with: x, where: x .> zero).replacing(with: high, where: x .> high)
  }
}
