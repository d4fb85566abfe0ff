import CLanes
import LaneMath

/// Looks up how much of a light of some size a point sees, in a map of depths: shadows that are sharp at the contact and
/// widen with the distance from what casts them.
///
/// Percentage-closer soft shadows (Fernando 2005): the mean depth of the blockers around the point's place says how wide
/// the penumbra is, and a disc of that width says how much of the light is hidden. The first looks at a dozen texels, the
/// second at some thirty, however wide they are: wide ones at a map that is thinned out (`ShadowLevels`). Weights slide
/// continuously with the point, so there is no noise and no pattern of the picture's. The receiver's own plane goes with the
/// kernel, so that a slanted surface does not shadow itself.
///
/// Depths may be any measure that is linear over the map and grows away from the light.
struct SoftShadow {
  /// The map and what is thinned out of it.
  let levels: UnsafePointer<ShadowLevel>
  let levelCount: Int
  let width: Int
  let height: Int
  /// Least and greatest depth of blocks of 8 x 8 texels, in rows of `blockColumns`.
  let least: UnsafePointer<Float>
  let greatest: UnsafePointer<Float>
  let blockColumns: Int

  /// No kernel is wider, in texels from its middle.
  static let widest: Float = 128

  /// The widest radius of a kernel in texels of the level that it looks at. Eight texels across, so that a vector holds a row;
  /// fewer to find blockers, whose mean distance asks for less.
  private static let filtered: Float = 3.5
  private static let searched: Float = 1.4

  /// Whether no kernel of `radius` texels needs a level of a greater step.
  static func fits(_ radius: Float, step: Int) -> Bool { radius <= searched * Float(step) }

  /// Whether some kernel of at most `widest` texels that filters needs a level of a greater step.
  static func filters(_ widest: Float, beyond step: Int) -> Bool { widest > filtered * Float(step) }

  /// A point's place in the map in texels, its depth, and the depth's change per texel over the receiver's plane.
  struct Receiver {
    var x: Float
    var y: Float
    var depth: Float
    var right: Float
    var down: Float
  }

  /// What a point sees of the light: 1 for all of it, 0 for nothing, and how many texels away from the point it is about as
  /// much: the radius of the kernel that found it, or of the search where that found no blocker or nothing else.
  typealias Answer = (share: Float, radius: Float)

  /// - Parameters:
  ///   - search: radius in texels within which blockers matter, at least 1.
  ///   - penumbra: radius of the penumbra in texels, given how much nearer to the light than the receiver's plane the
  ///     blockers are on average.
  @inline(__always)
  func visibility(_ p: Receiver, search: Float, penumbra: (Float) -> Float) -> Answer {
    let search = min(search, SoftShadow.widest)
    let (left, right) = (p.x - search - 0.5, p.x + search + 0.5)
    let (top, bottom) = (p.y - search - 0.5, p.y + search + 0.5)
    // Written so that NaN fails it.
    guard right > 0, bottom > 0, left < Float(width), top < Float(height) else { return (1, 0) }
    let isWhole = left >= 0 && top >= 0 && right < Float(width) && bottom < Float(height)
    let rise = (abs(p.right) + abs(p.down)) * (search + 1)
    var (low, high) = (Float.infinity, -Float.infinity)
    for row in Int(max(top, 0)) &>> 3...min(Int(bottom), height &- 1) &>> 3 {
      for column in Int(max(left, 0)) &>> 3...min(Int(right), width &- 1) &>> 3 {
        let block = row &* blockColumns &+ column
        low = min(low, least[block])
        high = max(high, greatest[block])
      }
    }
    if p.depth + rise <= low { return (1, search) }
    if p.depth - rise > high && isWhole { return (0, search) }
    let blockers = sums(p, radius: search, level(toSearch: search))
    // Where all are, or none is, the two are equal to the bit.
    if blockers.weight == 0 { return (1, search) }
    if blockers.weight == blockers.total { return (0, search) }
    let radius = min(max(penumbra(blockers.gap / blockers.weight), 1), search)
    if radius >= search { return (1 - blockers.weight / blockers.total, search) }
    return (share(p, radius: radius), radius)
  }

  /// Over a disc around a point, what `visibility` sums to find blockers: the weight of the texels nearer to the light, the sum
  /// of their distances from the point's plane times weight, and the weight of all texels. Where all are nearer, or none is,
  /// weight and total, or weight and 0, are equal to the bit.
  ///
  /// - Parameter level: `level(toSearch: search)`.
  @inline(__always)
  func blockers(_ p: Receiver, search: Float, _ level: UnsafePointer<ShadowLevel>) -> SIMD4<Float> {
    let found = sums(p, radius: search, level)
    return SIMD4(found.weight, found.gap, found.total, 0)
  }

  /// How much of the light a point sees whose penumbra has a radius of `radius` texels.
  @inline(__always)
  func share(_ p: Receiver, radius: Float) -> Float {
    let hidden = sums(p, radius: radius, level(radius, across: SoftShadow.filtered))
    return 1 - hidden.weight / hidden.total
  }

  /// The level in which blockers are sought within a radius in texels.
  func level(toSearch radius: Float) -> UnsafePointer<ShadowLevel> { level(radius, across: SoftShadow.searched) }

  /// The level that a kernel of `radius` texels looks at.
  @inline(__always)
  private func level(_ radius: Float, across: Float) -> UnsafePointer<ShadowLevel> {
    var k = 0
    while k &+ 1 < levelCount, radius > across * levels[k].size { k &+= 1 }
    return levels + k
  }

  private typealias Sums = (weight: Float, gap: Float, total: Float)

  /// Over a disc around the point: the weight of the texels nearer to the light than the point's plane, the sum of their
  /// distances from that plane times weight, and the weight of all texels. What is off the map hides nothing.
  @inline(never)
  private func sums(_ p: Receiver, radius: Float, _ level: UnsafePointer<ShadowLevel>) -> Sums {
    let step = level.pointee.size
    let reach = radius + 0.5 * step
    let inverse = level.pointee.inverse
    // Texels of the level that may be within reach.
    let first = Int(lanes_ceiling((p.y - reach + 0.5 - step) * inverse))
    let last = max(first, Int(lanes_floor((p.y + reach - 0.5) * inverse)))
    let isInside =
      first >= 0 && last < level.pointee.rows && p.x - reach - step >= 0
      && p.x + reach + step <= Float(level.pointee.columns &* level.pointee.step)
    // Weights fall from 1 to 0 over the outermost step; the ramp is linear in the square of the distance.
    let (squared, slope) = (lanes(reach * reach), 1 / ((2 * reach - step) * step))
    // For each of four rows how far column 0 is from the point, the columns within reach, and how far the first of those is.
    let across = level.pointee.across - lanes_splat4(p.x)
    let column = lanes_ceiling4((lanes_splat4(-reach) - across) * inverse)
    let lastColumn = lanes_floor4((lanes_splat4(reach) - across) * inverse)
    let start = lanes_from_int4(column) * step + across
    var (weights, gaps, all) = (lanes(0), lanes(0), lanes(0))
    @inline(__always) func add(_ dx: Lanes, _ dy: Lanes, _ depth: Lanes) {
      let share = maximum(minimum((squared - (dx * dx + dy * dy)) * slope, lanes(1)), lanes(0))
      let plane = dx * p.right + (dy * p.down + p.depth)
      let isBlocked = isLess(depth, plane)
      weights = weights + numbers(bits: bits(share) & isBlocked)
      gaps = gaps + numbers(bits: bits(share * (plane - depth)) & isBlocked)
      all = all + share
    }
    // Nearly always a vector holds a row, or two of four texels, and no row leaves the map.
    let columns = lanes_greatest_int4(lastColumn &- column) &+ 1
    if isInside && columns <= 4 && last &+ 1 < level.pointee.rows {
      let ramp = Lanes(0, 1, 2, 3, 0, 1, 2, 3) * step
      var row = first
      while row <= last {
        let (a, b) = (row & 3, (row &+ 1) & 3)
        let (left, right) = (Int(column[a]), Int(column[b]))
        let y = Float(row) * step + 0.5 - p.y
        let lines = lanes_join(lanes_splat4(y), lanes_splat4(y + step))
        add(
          ramp + lanes_join(lanes_splat4(start[a]), lanes_splat4(start[b])),
          lanes_join(
            four(ShadowLevel.offsets(level, startingAt: left)), four(ShadowLevel.offsets(level, startingAt: right)))
            + lines,
          lanes_join(
            four(level.pointee.map + (row &* level.pointee.stride &+ left)),
            four(level.pointee.map + ((row &+ 1) &* level.pointee.stride &+ right))))
        row &+= 2
      }
    } else if isInside && columns <= 8 {
      let ramp = Lanes(0, 1, 2, 3, 4, 5, 6, 7) * step
      for row in first...last {
        let first = Int(column[row & 3])
        add(
          ramp + start[row & 3], ShadowLevel.offsets(level, from: first) + (Float(row) * step + 0.5 - p.y),
          load(level, first, row))
      }
    } else {
      let ramp = Lanes(0, 1, 2, 3, 4, 5, 6, 7) * step
      for row in first...last {
        let line = Float(row) * step + 0.5 - p.y
        var first = Int(column[row & 3])
        while first <= Int(lastColumn[row & 3]) {
          add(
            ramp + (Float(first) * step + across[row & 3]), ShadowLevel.offsets(level, from: first) + line,
            isInside ? load(level, first, row) : pick(level, first, row))
          first &+= 8
        }
      }
    }
    let (weight, gap, total) = (lanes_sum(weights), lanes_sum(gaps), lanes_sum(all))
    return (weight, gap, max(total, 1e-6))
  }

  @inline(__always)
  private func load(_ level: UnsafePointer<ShadowLevel>, _ column: Int, _ row: Int) -> Lanes {
    UnsafeRawPointer(level.pointee.map + (row &* level.pointee.stride &+ column)).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private func four(_ values: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD4<Float>.self)
  }

  /// The same where some are off the map.
  @inline(never)
  private func pick(_ level: UnsafePointer<ShadowLevel>, _ column: Int, _ row: Int) -> Lanes {
    var depth = lanes(.infinity)
    guard row >= 0, row < level.pointee.rows else { return depth }
    for i in max(0, -column)..<max(0, -column, min(8, level.pointee.columns &- column)) {
      depth[i] = level.pointee.map[row &* level.pointee.stride &+ column &+ i]
    }
    return depth
  }
}
