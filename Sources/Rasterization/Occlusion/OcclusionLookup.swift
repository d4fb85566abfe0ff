import CLanes
import LaneMath

/// Brings an occlusion map to full size: the four values around a pixel, weighted by nearness in the picture and in depth.
struct OcclusionLookup {
  /// See `OcclusionMap.pairs`; rows of `width + 1`.
  let pairs: UnsafePointer<SIMD2<Float>>
  /// The same apart, rows of `stride`, without the last value twice.
  let depth: UnsafePointer<Float>
  let open: UnsafePointer<Float>
  let stride: Int
  let width: Int
  let lastY: Int
  /// Whether its depths are distances.
  let isDistance: Bool
  /// See `OcclusionCells`.
  let openTiles: UnsafePointer<Bool>
  let tileColumns: Int
  let calmCells: UnsafePointer<Bool>
  let cellColumns: Int

  /// Whether all values of a tile of the image are 1.
  @inline(__always)
  func isOpen(_ tile: TileRectangle) -> Bool {
    openTiles[tile.y / TileGrid.side * tileColumns + tile.x / TileGrid.side]
  }

  /// Asks for what a tile looks up: a row of it is a line of the cache, and no row is next to another.
  @inline(__always)
  func prefetch(_ tile: TileRectangle) {
    for row in tile.y / 2...min((tile.y + tile.height) / 2, lastY) {
      let k = row &* stride &+ tile.x / 2
      lanes_prefetch(depth + k)
      lanes_prefetch(depth + (k &+ 15))
      lanes_prefetch(open + k)
      lanes_prefetch(open + (k &+ 15))
    }
  }

  /// For pixels at whole coordinates (x, y) of the image and what they see.
  @inline(__always)
  func value(_ x: Lanes, _ y: Lanes, _ point: Lanes3) -> Lanes {
    let (hx, hy) = (x * 0.5, y * 0.5)
    let (column, row) = (integers(hx), integers(hy))
    let (wx, wy) = (numbers(column), numbers(row))
    let columns = lanes(int: Int32(truncatingIfNeeded: width &+ 1))
    /// A value and the one beside it, of a row.
    @inline(__always) func pair(row: SIMD8<Int32>) -> Row {
      let index = row &* columns &+ column
      let c = LaneMath.columns {
        UnsafeRawPointer(pairs + Int(index[$0])).loadUnaligned(as: SIMD4<Float>.self)
      }
      return (c.x, c.y, c.z, c.w)
    }
    return mean(
      pair(row: row), pair(row: integers(minimum(wy + lanes(1), lanes(Float(lastY))))), hx - wx, hy - wy, point)
  }

  /// Whether all values that a run of eight pixels of one row looks up, from (x, y) on, are 1.
  @inline(__always)
  func isOpen(run x: Int, _ y: Int) -> Bool {
    let (left, right) = (x &>> 4, (x &>> 1 &+ 4) &>> 3)
    let (above, below) = (y &>> 4 &* cellColumns, min(y &>> 1 &+ 1, lastY) &>> 3 &* cellColumns)
    return calmCells[above &+ left] && calmCells[above &+ right] && calmCells[below &+ left]
      && calmCells[below &+ right]
  }

  /// Whether the other `value` can take the run of eight pixels from x on.
  @inline(__always)
  func reaches(run x: Int) -> Bool { x &+ 8 < 2 &* width &- 1 }

  /// The same for a run of eight pixels of one row, from (x, y) on.
  @inline(__always)
  func value(run x: Int, _ y: Int, _ point: Lanes3) -> Lanes {
    let isOdd = x & 1 == 1
    @inline(__always) func pair(row: Int) -> Row {
      let k = row &* stride &+ x &>> 1
      let (d, o) = (
        UnsafeRawPointer(depth + k).loadUnaligned(as: Lanes.self),
        UnsafeRawPointer(open + k).loadUnaligned(as: Lanes.self)
      )
      return isOdd
        ? (
          lanes_twice_from_second(d), lanes_twice_from_second(o), lanes_twice_next_from_second(d),
          lanes_twice_next_from_second(o)
        )
        : (lanes_twice(d), lanes_twice(o), lanes_twice_next(d), lanes_twice_next(o))
    }
    let fx = isOdd ? Lanes(0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0) : Lanes(0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5)
    let fy = lanes(y & 1 == 1 ? 0.5 : 0)
    return mean(pair(row: y &>> 1), pair(row: min(y &>> 1 &+ 1, lastY)), fx, fy, point)
  }

  /// Depths and openness of the left of two values and of the right one.
  private typealias Row = (Lanes, Lanes, Lanes, Lanes)

  /// The mean of a row's values and the next row's, weighted by nearness in the picture and in depth.
  @inline(__always)
  private func mean(_ above: Row, _ below: Row, _ fx: Lanes, _ fy: Lanes, _ point: Lanes3) -> Lanes {
    let z = isDistance ? squareRoot(dot(point, point)) : point.z
    let one = lanes(1)
    let sharpness = lanes(20) / z
    var (sum, weights) = (lanes(0), lanes(0))
    @inline(__always) func add(_ depth: Lanes, _ open: Lanes, _ share: Lanes) {
      let weight = share * maximum(one - magnitude(depth - z) * sharpness, lanes(1e-3)) + 1e-6
      sum = sum + open * weight
      weights = weights + weight
    }
    add(above.0, above.1, (one - fx) * (one - fy))
    add(above.2, above.3, fx * (one - fy))
    add(below.0, below.1, (one - fx) * fy)
    add(below.2, below.3, fx * fy)
    return sum / weights
  }
}
