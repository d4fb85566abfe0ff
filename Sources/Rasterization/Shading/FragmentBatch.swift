import CLanes
import LaneMath
import Stage

/// What shading needs of the frame; pointers are valid for the frame's rendering.
struct ShadingInputs {
  var primitives: UnsafePointer<Primitive>
  var positionU: UnsafePointer<SIMD4<Float>>
  var normalV: UnsafePointer<SIMD4<Float>>
  var materials: UnsafePointer<ShadingMaterial>
  /// See `SurfaceTables`.
  var surfaces: UnsafePointer<SurfaceMaterial>
  var instances: UnsafePointer<SurfaceInstance>
  /// The ray through a pixel position (x, y) is `(x * scaleX + originX, y * scaleY + originY, 1)` in camera axes.
  var rayScale: SIMD2<Float>
  var rayOrigin: SIMD2<Float>
  var near: Float
  /// Whether rays are parallel: that through (x, y) then starts at (x * scaleX + originX, y * scaleY + originY, 0).
  var isParallel = false
  /// Where the lens bends the picture: places on the ideal plane, in whose pixels `rayScale` and `rayOrigin` are then.
  var rays: WarpedRays?
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

  /// Intersects the viewing ray through each fragment's sample with its triangle.
  @inline(__always)
  init(
    _ t: UnsafePointer<TriangleLanes>, _ places: SIMD8<UInt32>, _ inputs: borrowing ShadingInputs,
    _ tile: TileRectangle
  ) {
    @inline(__always) func field(_ from: UInt32, _ mask: UInt32) -> Lanes {
      lanes_from_uint(lanes_shift_right_uint(places, from) & lanes_splat_uint(mask))
    }
    let px = field(0, 31) + field(16, 15) * 0.0625 + Float(tile.x)
    let py = field(5, 31) + field(20, 15) * 0.0625 + Float(tile.y)
    let (scale, origin) = (inputs.rayScale, inputs.rayOrigin)
    let (dx, dy): (Lanes, Lanes)
    var warp = WarpedRays.Batch()
    if let rays = inputs.rays {
      rays.fetch(places, tile, into: &warp)
      (dx, dy) = (warp.x * scale.x + origin.x, warp.y * scale.y + origin.y)
    } else {
      (dx, dy) = (px * scale.x + origin.x, py * scale.y + origin.y)
    }
    ray = Lanes3(dx, dy, lanes(1))

    // Products with the ray, whose z is 1.
    @inline(__always) func along(_ v: Lanes3) -> Lanes { v.x * dx + v.y * dy + v.z }
    let (n, r1, r2) = (t.pointee.n, t.pointee.r1, t.pointee.r2)
    let determinant = along(n)
    let inverse = lanes(1) / FragmentBatch.awayFromZero(determinant)
    let plane = inputs.isParallel ? along(t.pointee.parallelPlane) : t.pointee.plane
    // Rounding, and triangles seen edge on, may carry the hit out of the triangle: bring it back.
    z = maximum(t.pointee.zLow, minimum(t.pointee.zHigh, plane * inverse))
    // A ray that starts beside the camera is the ray from the camera to where it ends.
    if inputs.isParallel { ray = Lanes3(dx / z, dy / z, lanes(1)) }
    let w1 = FragmentBatch.clamped(along(r1) * inverse, to: lanes(1))
    let w2 = FragmentBatch.clamped(along(r2) * inverse, to: lanes(1) - w1)

    let m = t.pointee.normal0 + t.pointee.normal1 * w1 + t.pointee.normal2 * w2
    // d . N > 0: the winding is counter-clockwise as seen, the front. (Normals of mirrored instances are reversed.)
    let flip = bits(determinant) & lanes(int: Int32.min)
    @inline(__always) func facing(_ x: Lanes) -> Lanes {
      numbers(bits: bits(x) ^ flip)
    }
    normal = Lanes3(facing(m.x), facing(m.y), facing(m.z))

    let (du1, du2, dv1, dv2) = (t.pointee.u1, t.pointee.u2, t.pointee.v1, t.pointee.v2)
    let uRel = du1 * w1 + du2 * w2
    let vRel = dv1 * w1 + dv2 * w2
    u = t.pointee.u0 + uRel
    v = t.pointee.v0 + vRel
    // The weights are quotients of functions linear in the ray: differentiate the quotient.
    let (stepX, stepY) = (inverse * scale.x, inverse * scale.y)
    dudx = (du1 * r1.x + du2 * r2.x - uRel * n.x) * stepX
    dvdx = (dv1 * r1.x + dv2 * r2.x - vRel * n.x) * stepX
    dudy = (du1 * r1.y + du2 * r2.y - uRel * n.y) * stepY
    dvdy = (dv1 * r1.y + dv2 * r2.y - vRel * n.y) * stepY
    if inputs.rays != nil {
      // Those were per pixel of the ideal plane.
      let (ux, uy, vx, vy) = (dudx, dudy, dvdx, dvdy)
      dudx = ux * warp.dxdx + uy * warp.dydx
      dudy = ux * warp.dxdy + uy * warp.dydy
      dvdx = vx * warp.dxdx + vy * warp.dydx
      dvdy = vx * warp.dxdy + vy * warp.dydy
    }
  }

  @inline(__always)
  private static func clamped(_ x: Lanes, to high: Lanes) -> Lanes { minimum(maximum(x, lanes(0)), high) }

  /// `x`, or 1e-30 where it is nearer to 0 than that: a triangle seen edge on gives large numbers rather than NaN.
  @inline(__always)
  private static func awayFromZero(_ x: Lanes) -> Lanes {
    let magnitude = numbers(bits: bits(x) & lanes(int: Int32.max))
    return select(isLess(magnitude, lanes(1e-30)), lanes(1e-30), x)
  }
}
