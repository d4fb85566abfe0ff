/// The image cut into square tiles, the unit of rasterization and shading: a tile's samples stay in the cache, and tiles
/// can be drawn in any order, by any thread, with the same result.
struct TileGrid {
  /// 32 x 32 pixels of 8 samples of 8 bytes: 64 KiB.
  static let side = 32
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

  /// A counting sort: sizes first, then places.
  mutating func fill(_ primitives: UnsafePointer<Primitive>, count: Int, grid: TileGrid) {
    var cursor = [Int](repeating: 0, count: grid.count + 1)
    func forEachTile(_ i: Int, _ body: (Int) -> Void) {
      let b = primitives[i].pixelBounds
      let (x0, x1) = (max(Int(b.firstX), 0) / TileGrid.side, min(Int(b.lastX), grid.width - 1) / TileGrid.side)
      let (y0, y1) = (max(Int(b.firstY), 0) / TileGrid.side, min(Int(b.lastY), grid.height - 1) / TileGrid.side)
      if primitives[i].isSmall {
        for y in y0...y1 { for x in x0...x1 { body(y * grid.columns + x) } }
      } else {
        let edges = primitives[i].edges
        for y in y0...y1 {
          for x in x0...x1 where SampleTile.cover(edges, grid.rectangle(y * grid.columns + x)) != .none {
            body(y * grid.columns + x)
          }
        }
      }
    }
    cursor.withUnsafeMutableBufferPointer { cursor in
      for i in 0..<count { forEachTile(i) { cursor[$0] += 1 } }
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
      for i in 0..<count {
        forEachTile(i) {
          out[cursor[$0]] = UInt32(truncatingIfNeeded: i)
          cursor[$0] += 1
        }
      }
    }
  }
}
