import CLanes
import Geometry
import Stage

/// Looks up how much of the sun a surface point sees.
///
/// Percentage-closer filtering (Reeves, Salesin and Cook 1987) with a 3 x 3 texel box that slides continuously: four taps
/// a direction with weights (1-f, 1, 1, f) / 3.
///
/// Two biases keep a surface from shadowing itself: the point moves along its normal by as much as the filter's footprint
/// rises over the surface, and towards the sun by half a texel.
struct ShadowFilter {
  /// Camera axes to map texels (x, y) and light depth (z).
  let row0: SIMD4<Float>
  let row1: SIMD4<Float>
  let row2: SIMD4<Float>
  let map: UnsafePointer<Float>
  let stride: Int
  /// See `ShadowSummary`; rows of `blockColumns`.
  let aroundLeast: UnsafePointer<Float>
  let aroundGreatest: UnsafePointer<Float>
  let blockColumns: Int
  /// Points with texel coordinates in [2, limit) have all their taps on the map.
  let limitX: Float
  let limitY: Float
  /// Metres a texel.
  let texel: Float

  init(_ shadow: borrowing ShadowMap, camera: Camera) {
    let toWorld = AffineTransform(
      linear: camera.rotation.transpose, translation: camera.position)
    let t = AffineTransform(linear: shadow.axes) * toWorld
    let s = shadow.texelsPerMetre
    func row(_ r: Vector3, _ offset: Double, _ scale: Double) -> SIMD4<Float> {
      SIMD4(SIMD3<Float>(r * scale), Float(offset * scale))
    }
    row0 = row(t.linear.row0, t.translation.x - shadow.origin.x, s)
    row1 = row(t.linear.row1, t.translation.y - shadow.origin.y, s)
    row2 = row(t.linear.row2, t.translation.z, 1)
    map = UnsafePointer(shadow.depth.base)
    stride = shadow.stride
    aroundLeast = UnsafePointer(shadow.summary.aroundLeast.base)
    aroundGreatest = UnsafePointer(shadow.summary.aroundGreatest.base)
    blockColumns = shadow.summary.columns
    limitX = Float(shadow.width) - 2
    limitY = Float(shadow.height) - 2
    texel = Float(1 / s)
  }

  /// 1 where the sun is seen, 0 where it is hidden or `cosine` is not above 0.
  ///
  /// - Parameters:
  ///   - position: in camera axes; `normal` of unit length; `cosine` between the normal and the direction to the sun.
  ///   - scratch: room for five vectors.
  @inline(__always)
  func visibility(_ position: Lanes3, _ normal: Lanes3, cosine: Lanes, scratch: UnsafeMutablePointer<Lanes>) -> Lanes {
    let sine = squareRoot(maximum(lanes(1) - cosine * cosine, lanes(1e-12)))
    let p = position + normal * (sine * (2.5 * texel))
    scratch[0] = p.x * row0.x + p.y * row0.y + p.z * row0.z + lanes(row0.w)
    scratch[1] = p.x * row1.x + p.y * row1.y + p.z * row1.z + lanes(row1.w)
    scratch[2] = p.x * row2.x + p.y * row2.y + p.z * row2.z + lanes(row2.w - 0.5 * texel)
    scratch[3] = cosine
    filter(UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Float.self))
    return scratch[4]
  }

  /// Lane by lane: x, y, z and cosine lie one after another, eight of each; the result is put behind them.
  @inline(never)
  private func filter(_ scalars: UnsafeMutablePointer<Float>) {
    let (x, y, z, c, lit) = (scalars, scalars + 8, scalars + 16, scalars + 24, scalars + 32)
    for i in 0..<8 {
      if c[i] <= 0 {
        lit[i] = 0
      } else if x[i] >= 2 && x[i] < limitX && y[i] >= 2 && y[i] < limitY {
        lit[i] = filtered(x[i] - 0.5, y[i] - 0.5, z[i])
      } else {
        lit[i] = 1
      }
    }
  }

  @inline(__always)
  private func filtered(_ x: Float, _ y: Float, _ z: Float) -> Float {
    let whole = lanes_to_int4(SIMD4(x, y, 0, 0))
    let (xi, yi) = (whole.x, whole.y)
    // The taps are at most two texels away: in the point's block or one beside it.
    let block = (Int(yi) &>> ShadowSummary.blockBits) &* blockColumns &+ Int(xi) &>> ShadowSummary.blockBits
    if z <= aroundLeast[block] { return 1 }
    if z > aroundGreatest[block] { return 0 }
    let (fx, fy) = (x - Float(xi), y - Float(yi))
    let weights = SIMD4<Float>(1 - fx, 1, 1, fx)
    let reference = lanes_splat4(z)
    let corner = UnsafeRawPointer(map + ((Int(yi) &- 1) &* stride &+ Int(xi) &- 1))
    let step = stride &* 4
    // A tap counts where the map's depth is not nearer to the sun than the point.
    @inline(__always) func row(_ offset: Int) -> SIMD4<Float> {
      lanes_keep4(weights, (corner + offset).loadUnaligned(as: SIMD4<Float>.self), reference)
    }
    let sum = row(0) * (1 - fy) + row(step) + row(step &* 2) + row(step &* 3) * fy
    return ((sum.x + sum.y) + (sum.z + sum.w)) * (1 / 9)
  }
}
