import CLanes
import LaneMath

/// Looks up how much of a light of some size a point sees, in a map of depths: shadows that are sharp at the contact and
/// widen with the distance from what casts them.
///
/// Percentage-closer soft shadows (Fernando 2005): the mean depth of the blockers around the point's place says how wide
/// the penumbra is, and a disc of that width says how much of the light is hidden. Both look at every texel of a row, and
/// at every row or evenly spaced ones, with weights that slide continuously: no noise, no pattern. The receiver's own
/// plane goes with the kernel, so that a slanted surface does not shadow itself.
///
/// Depths may be any measure that is linear over the map and grows away from the light.
struct SoftShadow {
  let map: UnsafePointer<Float>
  let stride: Int
  let width: Int
  let height: Int
  /// Least and greatest depth of blocks of 8 x 8 texels, in rows of `blockColumns`.
  let least: UnsafePointer<Float>
  let greatest: UnsafePointer<Float>
  let blockColumns: Int

  /// No kernel is wider, in texels from its middle.
  static let widest: Float = 128

  /// A point's place in the map in texels, its depth, and the depth's change per texel over the receiver's plane.
  struct Receiver {
    var x: Float
    var y: Float
    var depth: Float
    var right: Float
    var down: Float
  }

  /// - Parameters:
  ///   - search: radius in texels within which blockers matter, at least 1.
  ///   - penumbra: radius of the penumbra in texels, given how much nearer to the light than the receiver's plane the
  ///     blockers are on average.
  /// - Returns: 1 where all of the light is seen, 0 where none is.
  @inline(__always)
  func visibility(_ p: Receiver, search: Float, penumbra: (Float) -> Float) -> Float {
    let search = min(search, SoftShadow.widest)
    guard let around = Window(p, radius: search, width, height) else { return 1 }
    let rise = (abs(p.right) + abs(p.down)) * (search + 1)
    var (low, high) = (Float.infinity, -Float.infinity)
    for row in around.firstRow &>> 3...around.lastRow &>> 3 {
      for column in around.first &>> 3...around.last &>> 3 {
        let block = row &* blockColumns &+ column
        low = min(low, least[block])
        high = max(high, greatest[block])
      }
    }
    if p.depth + rise <= low { return 1 }
    if p.depth - rise > high && around.isWhole { return 0 }
    let blockers = sums(p, around, radius: search)
    guard blockers.weight > 0 else { return 1 }
    let radius = min(max(penumbra(blockers.gap / blockers.weight), 1), search)
    if radius >= search { return 1 - blockers.weight / blockers.total }
    guard let inner = Window(p, radius: radius, width, height) else { return 1 }
    let hidden = sums(p, inner, radius: radius)
    return 1 - hidden.weight / hidden.total
  }

  /// Rows and columns of the map that a kernel touches.
  private struct Window {
    let first: Int
    let last: Int
    let firstRow: Int
    let lastRow: Int
    /// Whether none of it is off the map.
    let isWhole: Bool

    @inline(__always)
    init?(_ p: Receiver, radius: Float, _ width: Int, _ height: Int) {
      let (left, right) = (p.x - radius - 0.5, p.x + radius + 0.5)
      let (top, bottom) = (p.y - radius - 0.5, p.y + radius + 0.5)
      // Written so that NaN fails it.
      guard right > 0, bottom > 0, left < Float(width), top < Float(height) else { return nil }
      (first, last) = (Int(max(left, 0)), min(Int(right), width &- 1))
      (firstRow, lastRow) = (Int(max(top, 0)), min(Int(bottom), height &- 1))
      isWhole = left >= 0 && top >= 0 && right < Float(width) && bottom < Float(height)
    }
  }

  /// Over a disc around the point: the weight of the texels nearer to the light than the point's plane, the sum of their
  /// distances from that plane times weight, and the weight of all texels. What is off the map hides nothing.
  @inline(never)
  private func sums(_ p: Receiver, _ window: Window, radius: Float) -> (weight: Float, gap: Float, total: Float) {
    let step = max(1, Int(radius * (1.0 / 8)))
    let reach = radius + 0.5
    // Rows at the point's own and every `step`-th from there, the first of them in the window.
    let middle = Int(p.y.rounded(.down))
    let before = (middle &- window.firstRow) % step
    var row = window.firstRow &+ (before < 0 ? before &+ step : before)
    var (weights, gaps, all) = (lanes(0), lanes(0), Float(0))
    let ramp = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
    while row <= window.lastRow {
      let dy = Float(row) + 0.5 - p.y
      let half = max(reach * reach - dy * dy, 0).squareRoot()
      if half > 0 {
        // The chord's length; each texel counts by as much of it as it holds, at the ends in part.
        all += 2 * half
        let line = map + row &* stride
        let (from, to) = (max(Int(max(p.x - half, 0)), window.first), min(Int(p.x + half), window.last))
        var x = from
        let base = p.depth + p.down * dy
        while x <= to {
          let dx = ramp + (Float(x) + 0.5 - p.x)
          let share = maximum(minimum(lanes(half + 0.5) - magnitude(dx), lanes(1)), lanes(0))
          let depth = UnsafeRawPointer(line + x).loadUnaligned(as: Lanes.self)
          let plane = dx * p.right + base
          let isBlocked = isLess(depth, plane) & lanes_less(ramp, lanes(Float(to &- x) + 0.5))
          let counted = numbers(bits: bits(share) & isBlocked)
          weights = weights + counted
          gaps = gaps + counted * numbers(bits: bits(plane - depth) & isBlocked)
          x &+= 8
        }
      }
      row &+= step
    }
    var (weight, gap): (Float, Float) = (0, 0)
    for i in 0..<8 { (weight, gap) = (weight + weights[i], gap + gaps[i]) }
    return (weight, gap, max(all, 1e-6))
  }
}
