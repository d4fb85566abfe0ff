import CLanes
import LaneMath

/// The least and greatest depth of blocks of 8 x 8 texels of a shadow map, and of each block with those around it: most of a
/// picture lies before all casters of its surroundings or behind them all, and need not look closer.
struct ShadowSummary: ~Copyable {
  static let blockBits = 3

  private(set) var columns = 0
  private(set) var rows = 0
  /// Least and greatest depth of each block.
  private(set) var least = Scratch<Float>()
  private(set) var greatest = Scratch<Float>()
  /// The same over each block and those around it; beyond the map there is nothing, at infinite depth.
  private(set) var aroundLeast = Scratch<Float>()
  private(set) var aroundGreatest = Scratch<Float>()
  private var rowLeast = Scratch<Float>()
  private var rowGreatest = Scratch<Float>()

  /// `map` has room for eight values behind each row's last; they do not hold a depth below the row's own casters.
  ///
  /// - Parameter reach: how many blocks on each side count as around one.
  mutating func make(_ map: UnsafePointer<Float>, stride: Int, width: Int, height: Int, reach: Int = 1) {
    columns = (width + 7) >> ShadowSummary.blockBits
    rows = (height + 7) >> ShadowSummary.blockBits
    least.reserve(columns * rows)
    greatest.reserve(columns * rows)
    aroundLeast.reserve(columns * rows)
    aroundGreatest.reserve(columns * rows)
    for r in 0..<rows {
      for c in 0..<columns {
        var (low, high) = (lanes(.infinity), lanes(-.infinity))
        for y in r * 8..<min(r * 8 + 8, height) {
          let row = UnsafeRawPointer(map + (y * stride + c * 8)).loadUnaligned(as: Lanes.self)
          low = minimum(low, row)
          high = maximum(high, row)
        }
        least.base[r * columns + c] = lanes_least(low)
        greatest.base[r * columns + c] = lanes_greatest(high)
      }
    }
    widen(reach)
  }

  /// Fills `aroundLeast` and `aroundGreatest`, first along rows, then along columns.
  private mutating func widen(_ reach: Int) {
    rowLeast.reserve(columns * rows)
    rowGreatest.reserve(columns * rows)
    for r in 0..<rows {
      for c in 0..<columns {
        var (low, high) = (Float.infinity, -Float.infinity)
        for x in max(c - reach, 0)...min(c + reach, columns - 1) {
          low = min(low, least.base[r * columns + x])
          high = max(high, greatest.base[r * columns + x])
        }
        rowLeast.base[r * columns + c] = low
        rowGreatest.base[r * columns + c] = c >= reach && c + reach < columns ? high : .infinity
      }
    }
    for r in 0..<rows {
      let isInside = r >= reach && r + reach < rows
      for c in 0..<columns {
        var (low, high) = (Float.infinity, -Float.infinity)
        for y in max(r - reach, 0)...min(r + reach, rows - 1) {
          low = min(low, rowLeast.base[y * columns + c])
          high = max(high, rowGreatest.base[y * columns + c])
        }
        aroundLeast.base[r * columns + c] = low
        aroundGreatest.base[r * columns + c] = isInside ? high : .infinity
      }
    }
  }

  /// Whether a texel in the given columns and rows of the map may hold a depth below `depth`.
  func hasDepth(below depth: Float, columns xs: ClosedRange<Int>, rows ys: ClosedRange<Int>) -> Bool {
    for y in ys.lowerBound >> 3...ys.upperBound >> 3 {
      for x in xs.lowerBound >> 3...xs.upperBound >> 3 where least.base[y * columns + x] < depth { return true }
    }
    return false
  }
}
