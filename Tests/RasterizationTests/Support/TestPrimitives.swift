@testable import Rasterization

extension Primitive {
  /// A primitive from three points in 1/256 pixel, in any winding, with the same depth everywhere or one a corner; nil
  /// where it has no area.
  static func snapped(
    _ a: SIMD2<Int32>, _ b: SIMD2<Int32>, _ c: SIMD2<Int32>, inverseZ: (Float, Float, Float) = (1, 1, 1)
  ) -> Primitive? {
    let (u, v) = (SIMD2<Int64>(truncatingIfNeeded: b &- a), SIMD2<Int64>(truncatingIfNeeded: c &- a))
    let area = u.x * v.y - v.x * u.y
    guard area != 0 else { return nil }
    let (q, r) = area > 0 ? (b, c) : (c, b)
    let scale = 256 / Double(area)
    let (d1, d2) = (Double(inverseZ.1 - inverseZ.0), Double(inverseZ.2 - inverseZ.0))
    return Primitive(
      x0: a.x, y0: a.y, x1: q.x, y1: q.y, x2: r.x, y2: r.y, inverseZ: inverseZ.0,
      inverseZdx: Float((d1 * Double(v.y) - d2 * Double(u.y)) * scale),
      inverseZdy: Float((d2 * Double(u.x) - d1 * Double(v.x)) * scale),
      inverseZMin: min(inverseZ.0, inverseZ.1, inverseZ.2), inverseZMax: max(inverseZ.0, inverseZ.1, inverseZ.2),
      instance: 0, triangle: 0, surface: 0, material: 0, vertex0: 0, vertex1: 0, vertex2: 0)
  }

  /// Whether the point (x, y), in 1/256 pixel, belongs to the triangle: the rule of the design in words, with exact
  /// integers of 128 bits. Inside counts; on a side counts where the side is level with the inside below it, or where
  /// the inside lies to the right of it.
  func owns(x: Int, y: Int) -> Bool {
    let corners = [(Int(x0), Int(y0)), (Int(x1), Int(y1)), (Int(x2), Int(y2))]
    for k in 0..<3 {
      let (a, b, c) = (corners[k], corners[(k + 1) % 3], corners[(k + 2) % 3])
      func turn(_ p: (Int, Int)) -> Int128 {
        Int128(b.0 - a.0) * Int128(p.1 - a.1) - Int128(b.1 - a.1) * Int128(p.0 - a.0)
      }
      let (inside, point) = (turn(c).signum(), turn((x, y)).signum())
      if point == -inside { return false }
      if point == 0 {
        let isTop = a.1 == b.1 && c.1 > a.1
        // To the right of a side that is not level: at the same height, a point of greater x lies on the side of c.
        let isLeft = a.1 != b.1 && turn((a.0 + 1, a.1)).signum() == inside
        if !isTop && !isLeft { return false }
      }
    }
    return true
  }
}

extension SampleTile {
  /// A tile that shows nothing, with samples in every pixel.
  func clear() { clear(TileBase()) }

  /// A tile that shows `base`, with samples in every pixel.
  func clear(_ base: TileBase) {
    begin(base)
    for y in 0..<TileGrid.side { touch(0, TileGrid.side - 1, row: y) }
  }

  /// For each of the tile's samples, eight a pixel in row order, whether a primitive drawn alone covers it.
  func coverage(_ p: Primitive, _ tile: TileRectangle) -> [Bool] {
    clear()
    draw(alone: p, tile)
    return covered(tile)
  }

  func draw(alone p: Primitive, _ tile: TileRectangle) {
    withUnsafePointer(to: p) { draw($0, number: 7, tile) }
  }

  func covered(_ tile: TileRectangle) -> [Bool] {
    var result: [Bool] = []
    for y in 0..<tile.height {
      for x in 0..<tile.width {
        let ids = primitive[y * TileGrid.side + x]
        for s in 0..<8 { result.append(ids[s] != SampleTile.empty) }
      }
    }
    return result
  }
}

extension TileRectangle {
  /// The place of each sample in 1/256 pixel, in the order of `SampleTile.coverage`.
  var samplePlaces: [(x: Int, y: Int)] {
    (y..<y + height).flatMap { row in
      (x..<x + width).flatMap { column in
        (0..<8).map { s in
          (column * 256 + 128 + Int(SamplePattern.x[s]) * 16, row * 256 + 128 + Int(SamplePattern.y[s]) * 16)
        }
      }
    }
  }
}
