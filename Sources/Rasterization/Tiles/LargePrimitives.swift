import LaneMath

// Primitives larger than `FixedPoint.smallExtent`: blocks of 8 x 8 pixels are tested as a whole against each edge, and
// only blocks that an edge crosses look at single samples, in Int64.

extension SampleTile {
  static let block = 8

  @inline(never)
  func drawLarge(
    _ p: borrowing Primitive, _ number: UInt32, _ tile: TileRectangle, _ x0: Int, _ x1: Int, _ y0: Int, _ y1: Int
  ) {
    let edges = p.edges
    let zOffset = SamplePattern.offsetX * p.inverseZdx + SamplePattern.offsetY * p.inverseZdy
    let (zMin, zMax) = (lanes(p.inverseZMin), lanes(p.inverseZMax))
    let ids = lanes(int: Int32(bitPattern: number))
    for by in stride(from: y0, through: y1, by: SampleTile.block) {
      let yEnd = min(by + SampleTile.block - 1, y1)
      for bx in stride(from: x0, through: x1, by: SampleTile.block) {
        let xEnd = min(bx + SampleTile.block - 1, x1)
        let cover = SampleTile.cover(edges, bx, xEnd, by, yEnd)
        if cover == .none { continue }
        let corner = p.blockDepth(bx, by)
        for y in by...yEnd {
          let zRow = corner + p.inverseZdy * Float(y - by)
          let line = (y - tile.y) * TileGrid.side - tile.x
          touch(bx &- tile.x, xEnd &- tile.x, row: y &- tile.y)
          for x in bx...xEnd {
            let z = zOffset + lanes(zRow + p.inverseZdx * Float(x - bx))
            let outside = cover == .all ? lanes(int: 0) : SampleTile.outside(edges, x, y)
            put(line + x, minimum(maximum(z, zMin), zMax), ids, outside: outside)
          }
        }
      }
    }
  }

  enum Cover { case none, some, all }

  /// Whether the samples of a rectangle of pixels are all inside, all outside one side, or neither is sure.
  @inline(__always)
  static func cover(_ edges: (Edge, Edge, Edge), _ x0: Int, _ x1: Int, _ y0: Int, _ y1: Int) -> Cover {
    // Samples lie between 16/256 and 240/256 of a pixel.
    let (left, right) = (Int32(x0 * 256 + 16), Int32(x1 * 256 + 240))
    let (top, bottom) = (Int32(y0 * 256 + 16), Int32(y1 * 256 + 240))
    @inline(__always) func most(_ e: Edge) -> Int64 {
      e.value(x: e.a > 0 ? right : left, y: e.b > 0 ? bottom : top)
    }
    @inline(__always) func least(_ e: Edge) -> Int64 {
      e.value(x: e.a > 0 ? left : right, y: e.b > 0 ? top : bottom)
    }
    if most(edges.0) | most(edges.1) | most(edges.2) < 0 { return .none }
    return least(edges.0) | least(edges.1) | least(edges.2) >= 0 ? .all : .some
  }

  static func cover(_ edges: (Edge, Edge, Edge), _ t: TileRectangle) -> Cover {
    cover(edges, t.x, t.x + t.width - 1, t.y, t.y + t.height - 1)
  }

  /// For each sample of a pixel a negative number where it is outside.
  @inline(__always)
  static func outside(_ edges: (Edge, Edge, Edge), _ x: Int, _ y: Int) -> SIMD8<Int32> {
    let cx = Int32(truncatingIfNeeded: x) &* 256 &+ 128
    let cy = Int32(truncatingIfNeeded: y) &* 256 &+ 128
    let e = wide(edges.0, cx, cy) | wide(edges.1, cx, cy) | wide(edges.2, cx, cy)
    return SIMD8<Int32>(truncatingIfNeeded: e &>> 32)
  }

  @inline(__always)
  private static func wide(_ e: Edge, _ x: Int32, _ y: Int32) -> SIMD8<Int64> {
    let sx = SIMD8<Int64>(truncatingIfNeeded: SamplePattern.x)
    let sy = SIMD8<Int64>(truncatingIfNeeded: SamplePattern.y)
    return SIMD8(repeating: e.value(x: x, y: y)) &+ sx &* (Int64(e.a) &* 16) &+ sy &* (Int64(e.b) &* 16)
  }
}
