import CLanes
import LaneMath

/// How much of a sun with an angular size eight surface points see: where to look at the map of depths for them, and where
/// what some of them see says enough of the others.
struct SunPenumbra {
  private let soft: SoftShadow
  /// Radius of the penumbra in texels, a metre that the blockers are nearer to the sun.
  private let softness: Float
  /// Radius in texels within which blockers are sought: no penumbra is wider.
  let widest: Float
  private let level: UnsafePointer<ShadowLevel>
  /// Metres a texel.
  private let texel: Float

  /// Nil where the map is empty, or no penumbra is wider than the hard shadow's box.
  init?(_ shadow: borrowing ShadowMap) {
    guard !shadow.isEmpty && shadow.isSoft else { return nil }
    softness = Float(shadow.penumbraPerMetre)
    widest = min(Float(max(shadow.widestPenumbra, 1)), SoftShadow.widest)
    texel = Float(1 / shadow.texelsPerMetre)
    soft = SoftShadow(
      levels: UnsafePointer(shadow.levels.levels.base), levelCount: shadow.levels.count, width: shadow.width,
      height: shadow.height,
      least: UnsafePointer(shadow.summary.least.base), greatest: UnsafePointer(shadow.summary.greatest.base),
      blockColumns: shadow.summary.columns)
    level = soft.level(toSearch: widest)
  }

  /// Map coordinates, depth and slopes, eight of each; the result is put behind them; behind that lie the mask of the lanes to
  /// be looked up, where the last run ended, and room for four more. `asked` has a bit for each lane to be looked up, `faces` for those that the
  /// sun may reach at all.
  ///
  /// What then lies in a penumbra is filtered lane by lane. Lanes 0, 4 and 7 come first. Those between two others are spared
  /// where they lie on the line between them on the map and the kernel is much the same for both.
  @inline(never)
  func lookUp(_ scratch: UnsafeMutableRawPointer, asked: UInt32, faces: UInt32) {
    let s = scratch.assumingMemoryBound(to: Float.self)
    // How far around each lane its value holds, about.
    var radii = lanes(widest)
    let open = findBlockers(s, asked, &radii)
    if open == 0 { return }
    func look(_ i: Int) {
      if open >> UInt32(i) & 1 == 1 { s[40 + i] = soft.share(receiver(s, i), radius: radii[i]) }
    }
    func look(_ i: Int, between a: Int, _ b: Int) {
      guard open >> UInt32(i) & 1 == 1 else { return }
      let ends = UInt32(1) << UInt32(a) | UInt32(1) << UInt32(b)
      let radius = min(radii[a], radii[b])
      guard faces & ends == ends, let value = between(s, i, a, b, radius: radius) else { return look(i) }
      s[40 + i] = value
      radii[i] = radius
    }
    look(0)
    look(4)
    look(7)
    look(2, between: 0, 4)
    look(6, between: 4, 7)
    look(1, between: 0, 2)
    look(3, between: 2, 4)
    look(5, between: 4, 6)
  }

  @inline(__always)
  private func receiver(_ s: UnsafePointer<Float>, _ i: Int) -> SoftShadow.Receiver {
    SoftShadow.Receiver(x: s[i], y: s[8 + i], depth: s[16 + i], right: s[24 + i], down: s[32 + i])
  }

  // MARK: - Blockers

  /// Seeks blockers around the lanes to be looked up: at the ends of runs of lanes that follow each other evenly, as they do
  /// along a row of a flat surface. Puts what the lanes see that see all of the sun or nothing, and those whose penumbra is as
  /// wide as the search; leaves the radii of the others' penumbrae in `radii`.
  ///
  /// Discs that overlap by as much as those at a run's ends miss nothing of account between them.
  ///
  /// - Returns: a bit for each lane that lies in a penumbra.
  @inline(__always)
  private func findBlockers(_ s: UnsafeMutablePointer<Float>, _ asked: UInt32, _ radii: inout Lanes) -> UInt32 {
    let rows = UnsafeMutableRawPointer(s + 64).assumingMemoryBound(to: SIMD4<Float>.self)
    let end = UnsafeMutableRawPointer(s + 56).assumingMemoryBound(to: SIMD4<Float>.self)
    let bends = bends(s)
    var rest = asked
    while rest != 0 {
      let first = rest.trailingZeroBitCount
      // Up to the next lane that is not looked up, or at which the row bends.
      var last = first &+ (~(rest &>> UInt32(first))).trailingZeroBitCount &- 1
      last = min(last, first &+ 1 &+ (bends &>> UInt32(first &+ 1) | 128).trailingZeroBitCount)
      var step = SIMD4<Float>(repeating: .nan)
      if last > first {
        step = (place(s, last) - place(s, first)) * (1 / Float(last &- first))
        let length = (step.x * step.x + step.y * step.y).squareRoot() * Float(last &- first)
        if length > 1.5 * widest {
          last = first &+ max(1, Int(Float(last &- first) * (1.5 * widest / length)))
        }
      }
      let right = soft.blockers(receiver(s, last), search: widest, level)
      rows[last] = right
      if last > first {
        // Where the run goes on from the one before, what was found at that one's end will do.
        let goesOn = isNear(place(s, first) - step, end[0])
        let left = goesOn ? end[1] : soft.blockers(receiver(s, first), search: widest, level)
        let before = goesOn ? first &- 1 : first
        let rise = (right - left) * (1 / Float(last &- before))
        for i in first..<last { rows[i] = left + rise * Float(i &- before) }
      }
      (end[0], end[1]) = (place(s, last), right)
      rest &= ~(2 &<< UInt32(last) &- 1)
    }
    let found = columns { rows[$0] }
    return take(found, s, &radii)
  }

  /// As `findBlockers`, given the weight, gap and total around each lane.
  @inline(__always)
  private func take(_ found: Columns, _ s: UnsafeMutablePointer<Float>, _ radii: inout Lanes) -> UInt32 {
    let all = UnsafeMutableRawPointer(s).assumingMemoryBound(to: Lanes.self)
    let (weight, gap, total, mask) = (found.x, found.y, found.z, bits(all[6]))
    let radius = maximum(gap / maximum(weight, lanes(1e-12)) * softness, lanes(1))
    let isOpen = isLess(lanes(0), weight) & isLess(weight, total) & isLess(radius, lanes(widest)) & mask
    // 1 and 0 to the bit where none is nearer, and where all are.
    all[5] = select(mask, lanes(1) - weight / total, all[5])
    radii = select(isOpen, radius, radii)
    return lanes_sign_bits(isOpen)
  }

  /// A bit for each lane that does not lie in the middle of those beside it, so nearly that eight lanes in a row without such
  /// a lane lie on a line to an eighth of the search's radius on the map, and in depth to a quarter of a texel.
  @inline(__always)
  private func bends(_ s: UnsafePointer<Float>) -> UInt32 {
    /// How far the lane behind each is from the middle, twice.
    @inline(__always) func bend(_ k: Int) -> Lanes {
      @inline(__always) func from(_ i: Int) -> Lanes {
        UnsafeRawPointer(s + (8 &* k &+ i)).loadUnaligned(as: Lanes.self)
      }
      return magnitude(from(0) - from(1) * 2 + from(2))
    }
    let away = maximum(maximum(bend(0), bend(1)), bend(2) * (0.5 * widest / texel))
    // Written so that NaN bends.
    let isStraight = lanes_sign_bits(isLess(away, lanes(widest * (1 / 48))))
    return ~isStraight &<< 1 & 0b0111_1110
  }

  /// Coordinates and depth of a lane.
  @inline(__always)
  private func place(_ s: UnsafePointer<Float>, _ i: Int) -> SIMD4<Float> { SIMD4(s[i], s[8 + i], s[16 + i], 0) }

  /// Whether two places are the same to within what counts as even. NaN is near nothing.
  @inline(__always)
  private func isNear(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Bool {
    let d = a - b
    return abs(d.x) < 0.125 * widest && abs(d.y) < 0.125 * widest && abs(d.z) < 0.25 * texel
  }

  // MARK: - Between lanes

  /// What lane `i` sees by what two others see; nil where it is not between them on the map and in depth, to a quarter of a
  /// texel, or they are too far from each other: half of the kernel's `radius`, or the whole where both see all or nothing.
  @inline(__always)
  private func between(_ s: UnsafePointer<Float>, _ i: Int, _ a: Int, _ b: Int, radius: Float) -> Float? {
    let (u, v) = (s[40 + a], s[40 + b])
    let (dx, dy) = (s[b] - s[a], s[8 + b] - s[8 + a])
    let distance = u == v && (u == 0 || u == 1) ? radius : 0.5 * radius
    guard dx * dx + dy * dy <= distance * distance else { return nil }
    let t = Float(i &- a) / Float(b &- a)
    let x = abs(s[a] + dx * t - s[i])
    let y = abs(s[8 + a] + dy * t - s[8 + i])
    let z = abs(s[16 + a] + (s[16 + b] - s[16 + a]) * t - s[16 + i])
    guard max(x, y) <= 0.25, z <= 0.25 * texel else { return nil }
    return u + (v - u) * t
  }
}
