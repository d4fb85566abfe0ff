import CLanes
import Geometry
import LaneMath
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
  /// Where penumbrae are wider than the box.
  private let soft: SunPenumbra?

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
    row2 = row(t.linear.row2, t.translation.z - shadow.originZ, 1)
    map = UnsafePointer(shadow.depth.base)
    stride = shadow.stride
    aroundLeast = UnsafePointer(shadow.summary.aroundLeast.base)
    aroundGreatest = UnsafePointer(shadow.summary.aroundGreatest.base)
    blockColumns = shadow.summary.columns
    limitX = Float(shadow.width) - 2
    limitY = Float(shadow.height) - 2
    texel = Float(1 / s)
    soft = SunPenumbra(shadow)
  }

  /// Room that `visibility` needs, in vectors.
  static let scratchVectors = 12

  /// Says that what is asked for next does not go on where the last was: to be called before the first `visibility`.
  @inline(__always)
  func begin(scratch: UnsafeMutablePointer<Lanes>) { scratch[7] = lanes(.nan) }

  /// 1 where the sun is seen, 0 where it is hidden or `cosine` is not above 0.
  ///
  /// - Parameters:
  ///   - position: in camera axes; `normal` of unit length; `cosine` between the normal and the direction to the sun.
  ///   - scratch: room for `scratchVectors` vectors.
  @inline(__always)
  func visibility(_ position: Lanes3, _ normal: Lanes3, cosine: Lanes, scratch: UnsafeMutablePointer<Lanes>) -> Lanes {
    let sine = squareRoot(maximum(lanes(1) - cosine * cosine, lanes(1e-12)))
    let p = position + normal * (sine * (2.5 * texel))
    let x = p.x * row0.x + p.y * row0.y + p.z * row0.z + lanes(row0.w)
    let y = p.x * row1.x + p.y * row1.y + p.z * row1.z + lanes(row1.w)
    let z = p.x * row2.x + p.y * row2.y + p.z * row2.z + lanes(row2.w - 0.5 * texel)
    let faces = isLess(lanes(0), cosine)
    if let soft { return softly(soft, x, y, z, normal, cosine, faces, scratch) }
    let isOnMap = isLess(lanes(2), x) & isLess(x, lanes(limitX)) & isLess(lanes(2), y) & isLess(y, lanes(limitY))
    let isAsked = faces & isOnMap
    // Off the map nothing hides the sun; there and where nobody asks, the point is put before everything.
    let fromX = select(isAsked, x - 0.5, lanes(0))
    let fromY = select(isAsked, y - 0.5, lanes(0))
    let (xi, yi) = (integers(fromX), integers(fromY))
    let shift = Int32(ShadowSummary.blockBits)
    let row = lanes_shift_right_int(yi, shift) &* Int32(truncatingIfNeeded: blockColumns)
    let block = row &+ lanes_shift_right_int(xi, shift)
    let depth = select(isAsked, z, lanes(-.infinity))
    // The taps are at most two texels away: in the point's block or one beside it.
    let hidden = isLess(lanes_look_up(aroundLeast, block), depth)
    if !isAnySet(hidden) { return numbers(bits: bits(lanes(1)) & faces) }
    let open = hidden & ~isLess(lanes_look_up(aroundGreatest, block), depth)
    let lit = numbers(bits: bits(lanes(1)) & faces & ~hidden)
    if !isAnySet(open) { return lit }
    scratch[0] = lit
    scratch[1] = depth
    scratch[2] = numbers(bits: yi &* Int32(truncatingIfNeeded: stride) &+ xi)
    scratch[3] = fromX - numbers(xi)
    scratch[4] = fromY - numbers(yi)
    filter(UnsafeMutableRawPointer(scratch), lanes_sign_bits(open & faces))
    return scratch[0]
  }

  /// As `visibility`, with penumbrae that widen with the distance.
  @inline(__always)
  private func softly(
    _ soft: SunPenumbra, _ x: Lanes, _ y: Lanes, _ z: Lanes, _ normal: Lanes3, _ cosine: Lanes, _ faces: LaneMask,
    _ scratch: UnsafeMutablePointer<Lanes>
  ) -> Lanes {
    // The receiver's plane in light axes: depth per texel. Steeper than 20 to 1 counts as that.
    let scale = lanes(texel * texel) / maximum(cosine, lanes(1e-3))
    let (low, high) = (lanes(-20 * texel), lanes(20 * texel))
    @inline(__always) func slope(_ row: SIMD4<Float>) -> Lanes {
      minimum(maximum((normal.x * row.x + normal.y * row.y + normal.z * row.z) * scale, low), high)
    }
    let (right, down) = (slope(row0), slope(row1))
    // Where the point lies before or behind all that is around it, wherever in its block it is.
    let isOnMap =
      isLess(lanes(0), x) & isLess(x, lanes(limitX)) & isLess(lanes(0), y) & isLess(y, lanes(limitY)) & faces
    let column = lanes_shift_right_int(integers(select(isOnMap, x, lanes(0))), Int32(ShadowSummary.blockBits))
    let row = lanes_shift_right_int(integers(select(isOnMap, y, lanes(0))), Int32(ShadowSummary.blockBits))
    let block = row &* Int32(truncatingIfNeeded: blockColumns) &+ column
    let rise = (magnitude(right) + magnitude(down)) * (soft.widest + 1)
    let isOpen = ~isLess(lanes_look_up(aroundLeast, block), z + rise) & isOnMap
    let isHidden = isLess(lanes_look_up(aroundGreatest, block), z - rise) & isOnMap
    // Whose disc is wholly off the map sees all of the sun, too.
    let reach = soft.widest + 1
    let isAround =
      isLess(lanes(-reach), x) & isLess(x, lanes(limitX + 2 + reach))
      & isLess(lanes(-reach), y) & isLess(y, lanes(limitY + 2 + reach))
    let asked = faces & isAround & ~isOpen & ~isHidden
    let lit = numbers(bits: bits(lanes(1)) & (isOpen | faces & ~isAround))
    if !isAnySet(asked) { return lit }
    scratch[0] = x
    scratch[1] = y
    scratch[2] = z
    scratch[3] = right
    scratch[4] = down
    scratch[5] = lit
    scratch[6] = numbers(bits: asked)
    soft.lookUp(UnsafeMutableRawPointer(scratch), asked: lanes_sign_bits(asked), faces: lanes_sign_bits(faces))
    return scratch[5]
  }

  /// Filters the lanes whose bit is set: visibility, depth, map index of the tap before the point, and the fractions,
  /// eight of each.
  @inline(never)
  private func filter(_ scratch: UnsafeMutableRawPointer, _ open: UInt32) {
    let integers = scratch.assumingMemoryBound(to: Int32.self)
    let scalars = scratch.assumingMemoryBound(to: Float.self)
    var rest = open
    while rest != 0 {
      let i = rest.trailingZeroBitCount
      rest &= rest &- 1
      scalars[i] = filtered(Int(integers[16 + i]), scalars[8 + i], scalars[24 + i], scalars[32 + i])
    }
  }

  @inline(__always)
  private func filtered(_ index: Int, _ z: Float, _ fx: Float, _ fy: Float) -> Float {
    let weights = SIMD4<Float>(1 - fx, 1, 1, fx)
    let reference = lanes_splat4(z)
    let step = stride &* 4
    let corner = UnsafeRawPointer(map + (index &- stride &- 1))
    // A tap counts where the map's depth is not nearer to the sun than the point.
    @inline(__always) func row(_ offset: Int) -> SIMD4<Float> {
      lanes_keep4(weights, (corner + offset).loadUnaligned(as: SIMD4<Float>.self), reference)
    }
    let sum = row(0) * (1 - fy) + row(step) + row(step &* 2) + row(step &* 3) * fy
    return ((sum.x + sum.y) + (sum.z + sum.w)) * (1 / 9)
  }
}
