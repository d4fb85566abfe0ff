/// The image cut into square tiles, the unit of rasterization and shading: a tile's samples stay in the cache, and tiles
/// can be drawn in any order, by any thread, with the same result.
struct TileGrid {
  /// 32 x 32 pixels of 8 samples of 8 bytes: 64 KiB.
  static let sideBits = 5
  static let side = 1 << sideBits
  static let pixels = side * side

  let width: Int
  let height: Int
  let columns: Int
  let rows: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    columns = (width + TileGrid.side - 1) / TileGrid.side
    rows = (height + TileGrid.side - 1) / TileGrid.side
  }

  var count: Int { columns * rows }

  /// First pixel of a tile, and the number of its columns and rows that lie in the image.
  func rectangle(_ tile: Int) -> TileRectangle {
    let (x, y) = (tile % columns * TileGrid.side, tile / columns * TileGrid.side)
    return TileRectangle(x: x, y: y, width: min(TileGrid.side, width - x), height: min(TileGrid.side, height - y))
  }
}

struct TileRectangle {
  let x: Int
  let y: Int
  let width: Int
  let height: Int

  /// Pixel coordinates of the four corners.
  var corners: [(Int, Int)] { [(x, y), (x + width, y), (x, y + height), (x + width, y + height)] }
}

/// For each tile the primitives that may have samples in it, in drawing order: small ones by their bounding box, large ones
/// by their sides as well.
struct TileBins: ~Copyable {
  /// Entries of tile t are `entries[starts[t] ..< starts[t + 1]]`.
  private(set) var starts: [Int] = []
  private(set) var entries = Scratch<UInt32>()

  /// For each primitive the only tile that it may have samples in, or `several`.
  private var only = Scratch<UInt32>()
  private static let several = UInt32.max

  /// A counting sort: sizes first, then places.
  mutating func fill(_ primitives: UnsafePointer<Primitive>, count: Int, grid: TileGrid) {
    only.reserve(count)
    let only = only.base
    var cursor = [Int](repeating: 0, count: grid.count + 1)
    cursor.withUnsafeMutableBufferPointer { cursor in
      for i in 0..<count {
        var (tiles, last) = (0, 0)
        TileBins.forEachTile(primitives + i, grid) {
          cursor[$0] &+= 1
          (tiles, last) = (tiles &+ 1, $0)
        }
        only[i] = tiles == 1 ? UInt32(truncatingIfNeeded: last) : TileBins.several
      }
    }
    var total = 0
    starts.removeAll(keepingCapacity: true)
    for t in 0...grid.count {
      starts.append(total)
      let n = cursor[t]
      cursor[t] = total
      total += n
    }
    entries.reserve(total)
    let out = entries.base
    cursor.withUnsafeMutableBufferPointer { cursor in
      @inline(__always) func put(_ i: Int, _ tile: Int) {
        out[cursor[tile]] = UInt32(truncatingIfNeeded: i)
        cursor[tile] &+= 1
      }
      for i in 0..<count {
        if only[i] == TileBins.several {
          TileBins.forEachTile(primitives + i, grid) { put(i, $0) }
        } else {
          put(i, Int(only[i]))
        }
      }
    }
  }

  @inline(__always)
  private static func forEachTile(_ p: UnsafePointer<Primitive>, _ grid: TileGrid, _ body: (Int) -> Void) {
    let b = p.pointee.pixelBounds
    // Sides are powers of two, and the bounds are cut to the image first: shifts will do.
    let (x0, x1) = (
      max(Int(b.firstX), 0) &>> TileGrid.sideBits, min(Int(b.lastX), grid.width - 1) &>> TileGrid.sideBits
    )
    let (y0, y1) = (
      max(Int(b.firstY), 0) &>> TileGrid.sideBits, min(Int(b.lastY), grid.height - 1) &>> TileGrid.sideBits
    )
    if x0 == x1, y0 == y1 {
      body(y0 &* grid.columns &+ x0)
      return
    }
    let isSmall = p.pointee.isSmall
    for y in y0...y1 {
      for x in x0...x1 {
        let t = y &* grid.columns &+ x
        if isSmall || SampleTile.cover(p.pointee.edges, grid.rectangle(t)) != .none { body(t) }
      }
    }
  }
}
