import CLanes
import LaneMath

/// The samples of one tile where they lie on an ideal plane: see `RayField`. Pixels of other planes are `RayField.away`.
struct WarpedTile: ~Copyable {
  /// What each sample sees, as in `SampleTile`.
  let inverseZ = UnsafeMutablePointer<SIMD8<Float>>.allocate(capacity: TileGrid.pixels)
  let primitive = UnsafeMutablePointer<SIMD8<Int32>>.allocate(capacity: TileGrid.pixels)
  /// For each pixel of the tile eight lanes, in 1/256 of the plane's pixels.
  let x = UnsafeMutablePointer<SIMD8<Int32>>.allocate(capacity: TileGrid.pixels)
  let y = UnsafeMutablePointer<SIMD8<Int32>>.allocate(capacity: TileGrid.pixels)
  /// Bounds of blocks of 4 x 4 pixels, row by row, and of 8 x 8.
  private let fine = UnsafeMutablePointer<PlaneBounds>.allocate(capacity: 64)
  private let coarse = UnsafeMutablePointer<PlaneBounds>.allocate(capacity: 16)
  /// A bit for each block of 4 x 4 of which all pixels lie on the plane.
  private var whole: UInt64 = 0

  /// For primitives whose samples are tested one by one; nil where the frame has none.
  let test = UnsafeMutablePointer<CoverageTest?>.allocate(capacity: 1)
  /// The tile's first pixel.
  private var origin = SIMD2<Int>(0, 0)

  init() { test.initialize(to: nil) }

  deinit {
    test.deallocate()
    inverseZ.deallocate()
    primitive.deallocate()
    x.deallocate()
    y.deallocate()
    fine.deallocate()
    coarse.deallocate()
  }

  /// Forgets what was drawn.
  func clear() {
    inverseZ.update(repeating: SIMD8(repeating: 0), count: TileGrid.pixels)
    primitive.update(repeating: SIMD8(repeating: SampleTile.empty), count: TileGrid.pixels)
  }

  /// Takes the places of a tile's samples on a plane.
  mutating func fill(_ field: RayField, _ tile: TileRectangle, plane: Int) {
    fine.update(repeating: PlaneBounds(), count: 64)
    coarse.update(repeating: PlaneBounds(), count: 16)
    whole = .max
    origin = SIMD2(tile.x, tile.y)
    let (ox, oy) = (SamplePattern.offsetX * 256, SamplePattern.offsetY * 256)
    for row in 0..<TileGrid.side {
      for column in 0..<TileGrid.side {
        let k = row * TileGrid.side + column
        let block = row / 4 * 8 + column / 4
        let pixel = (tile.y + row) * field.width + tile.x + column
        guard row < tile.height, column < tile.width, Int(field.plane[pixel]) == plane else {
          x[k] = lanes(int: RayField.away)
          y[k] = lanes(int: RayField.away)
          whole &= ~(1 &<< UInt64(block))
          continue
        }
        let s = field.slope[pixel]
        // Cut towards zero, for all samples alike; the centre's offset is 0.
        let sx = lanes(int: field.x[pixel]) &+ integers(ox * s.x + oy * s.z)
        let sy = lanes(int: field.y[pixel]) &+ integers(ox * s.y + oy * s.w)
        x[k] = sx
        y[k] = sy
        var b = PlaneBounds()
        for i in 0..<8 { b.include(sx[i], sy[i]) }
        fine[block].include(b)
      }
    }
    for b in 0..<64 where !fine[b].isEmpty { coarse[b / 16 * 4 + b % 8 / 2].include(fine[b]) }
  }

  /// Draws a primitive of the plane into the samples.
  @inline(__always)
  func draw(_ p: UnsafePointer<Primitive>, number: UInt32) {
    let bounds = p.pointee.bounds
    let edges = p.pointee.edges
    let isSmall = p.pointee.isSmall
    let tested = p.pointee.isTested ? test.pointee?.triangle(p.pointee) : nil
    for big in 0..<16 where coarse[big].overlaps(bounds) {
      let first = big / 4 * 16 + big % 4 * 2
      for block in [first, first + 1, first + 8, first + 9] where fine[block].overlaps(bounds) {
        drawBlock(block, p, number, bounds, edges, isSmall: isSmall, tested)
      }
    }
  }

  @inline(never)
  private func drawBlock(
    _ block: Int, _ p: UnsafePointer<Primitive>, _ number: UInt32, _ bounds: PlaneBounds, _ edges: (Edge, Edge, Edge),
    isSmall: Bool, _ tested: CoverageTest.Triangle?
  ) {
    var cover = SampleTile.Cover.some
    if !isSmall {
      cover = fine[block].cover(edges)
      if cover == .none { return }
      if whole >> UInt64(block) & 1 == 0 { cover = .some }
    }
    // The depth plane at the block's corner, in double; from there on the way is short.
    let (rx, ry) = (fine[block].x0, fine[block].y0)
    let dx = Double(rx &- p.pointee.x0) / 256
    let dy = Double(ry &- p.pointee.y0) / 256
    let corner = lanes(
      Float(
        Double(p.pointee.inverseZ) + Double(p.pointee.inverseZdx) * dx + Double(p.pointee.inverseZdy) * dy))
    let (zdx, zdy) = (p.pointee.inverseZdx * (1 / 256), p.pointee.inverseZdy * (1 / 256))
    let (zMin, zMax) = (lanes(p.pointee.inverseZMin), lanes(p.pointee.inverseZMax))
    let ids = lanes(int: Int32(bitPattern: number))
    let from = block / 8 * 4 * TileGrid.side + block % 8 * 4
    for row in 0..<4 {
      for k in from + row * TileGrid.side..<from + row * TileGrid.side + 4 {
        let (sx, sy) = (x[k], y[k])
        let outside: SIMD8<Int32>
        if cover == .all {
          outside = lanes(int: 0)
        } else if isSmall {
          outside = WarpedTile.outside(p, edges, bounds, sx, sy)
        } else {
          outside = WarpedTile.outsideWide(edges, sx, sy)
        }
        let inside = ~signMask(outside)
        if !isAnySet(inside) { continue }
        let plane = corner + numbers(sx &- lanes(int: rx)) * zdx + numbers(sy &- lanes(int: ry)) * zdy
        let z = minimum(maximum(plane, zMin), zMax)
        let old = inverseZ[k]
        var pass = isLess(old, z) & inside
        if let tested, let test = test.pointee {
          let wanted = lanes_sign_bits(pass)
          if wanted == 0 { continue }
          pass = SampleTile.mask(
            test.covered(
              tested, origin.x &+ k % TileGrid.side, origin.y &+ k / TileGrid.side, sx, sy, wanted: wanted))
        }
        inverseZ[k] = select(pass, z, old)
        primitive[k] = select(pass, ids, primitive[k])
      }
    }
  }

  /// Negative where a sample is outside a small primitive. Edge functions are taken from the side's own corner in Int32,
  /// which holds them exactly within the primitive's bounds (`FixedPoint.smallExtent`); what is outside those is outside.
  @inline(__always)
  private static func outside(
    _ p: UnsafePointer<Primitive>, _ edges: (Edge, Edge, Edge), _ b: PlaneBounds, _ sx: SIMD8<Int32>,
    _ sy: SIMD8<Int32>
  ) -> SIMD8<Int32> {
    let beyond =
      (sx &- lanes(int: b.x0)) | (lanes(int: b.x1) &- sx) | (sy &- lanes(int: b.y0)) | (lanes(int: b.y1) &- sy)
    // Relative to vertex 0: the constant is what the whole function has there.
    let (dx, dy) = (sx &- lanes(int: p.pointee.x0), sy &- lanes(int: p.pointee.y0))
    @inline(__always) func value(_ e: Edge) -> SIMD8<Int32> {
      let c = Int32(truncatingIfNeeded: e.value(x: p.pointee.x0, y: p.pointee.y0))
      return dx &* e.a &+ dy &* e.b &+ lanes(int: c)
    }
    return beyond | value(edges.0) | value(edges.1) | value(edges.2)
  }

  /// The same for large ones, in Int64.
  @inline(__always)
  private static func outsideWide(
    _ edges: (Edge, Edge, Edge), _ sx: SIMD8<Int32>, _ sy: SIMD8<Int32>
  ) -> SIMD8<Int32> {
    var result = SIMD8<Int32>()
    for i in 0..<8 {
      let (x, y) = (sx[i], sy[i])
      let e = edges.0.value(x: x, y: y) | edges.1.value(x: x, y: y) | edges.2.value(x: x, y: y)
      result[i] = Int32(truncatingIfNeeded: e &>> 32)
    }
    return result
  }
}

/// For each tile of the picture the primitives of a plane that may have samples in it, in drawing order.
struct WarpedBins: ~Copyable {
  private(set) var starts: [Int] = []
  private(set) var entries = Scratch<UInt32>()
  /// Cells of the plane, and for each the columns and rows of tiles that look at it.
  private struct Cell {
    var columns: ClosedRange<Int32>?
    var rows: ClosedRange<Int32>?
  }
  private static let side = 64
  private var cells: [Cell] = []
  private var filled: ObjectIdentifier?
  private var filledPlane = -1

  /// Which cell a coordinate lies in.
  @inline(__always)
  private static func cell(_ v: Int32, _ size: Int) -> Int {
    min(max(Int(v) * side / (size * 256), 0), side - 1)
  }

  private mutating func prepare(_ field: RayField, _ plane: Int) {
    if filled == ObjectIdentifier(field), filledPlane == plane { return }
    (filled, filledPlane) = (ObjectIdentifier(field), plane)
    cells = [Cell](repeating: Cell(), count: WarpedBins.side * WarpedBins.side)
    let ideal = field.planes[plane]
    for t in 0..<field.grid.count {
      let b = field.bounds(plane: plane, tile: t)
      if b.isEmpty { continue }
      let (column, row) = (Int32(t % field.grid.columns), Int32(t / field.grid.columns))
      for cy in WarpedBins.cell(b.y0, ideal.height)...WarpedBins.cell(b.y1, ideal.height) {
        for cx in WarpedBins.cell(b.x0, ideal.width)...WarpedBins.cell(b.x1, ideal.width) {
          let k = cy * WarpedBins.side + cx
          let (c, r) = (cells[k].columns ?? column...column, cells[k].rows ?? row...row)
          cells[k].columns = min(c.lowerBound, column)...max(c.upperBound, column)
          cells[k].rows = min(r.lowerBound, row)...max(r.upperBound, row)
        }
      }
    }
  }

  /// A counting sort: sizes first, then places.
  mutating func fill(_ primitives: UnsafePointer<Primitive>, count: Int, _ field: RayField, plane: Int) {
    prepare(field, plane)
    var cursor = [Int](repeating: 0, count: field.grid.count + 1)
    for i in 0..<count { forEachTile(primitives + i, field, plane) { cursor[$0] += 1 } }
    var total = 0
    starts.removeAll(keepingCapacity: true)
    for t in 0...field.grid.count {
      starts.append(total)
      let n = cursor[t]
      cursor[t] = total
      total += n
    }
    entries.reserve(total)
    let out = entries.base
    for i in 0..<count {
      forEachTile(primitives + i, field, plane) {
        out[cursor[$0]] = UInt32(truncatingIfNeeded: i)
        cursor[$0] += 1
      }
    }
  }

  @inline(__always)
  private func forEachTile(_ p: UnsafePointer<Primitive>, _ field: RayField, _ plane: Int, _ body: (Int) -> Void) {
    let b = p.pointee.bounds
    let ideal = field.planes[plane]
    var (c0, c1, r0, r1) = (Int32.max, Int32.min, Int32.max, Int32.min)
    for cy in WarpedBins.cell(b.y0, ideal.height)...WarpedBins.cell(b.y1, ideal.height) {
      for cx in WarpedBins.cell(b.x0, ideal.width)...WarpedBins.cell(b.x1, ideal.width) {
        let cell = cells[cy * WarpedBins.side + cx]
        guard let columns = cell.columns, let rows = cell.rows else { continue }
        (c0, c1) = (min(c0, columns.lowerBound), max(c1, columns.upperBound))
        (r0, r1) = (min(r0, rows.lowerBound), max(r1, rows.upperBound))
      }
    }
    guard c0 <= c1, r0 <= r1 else { return }
    let isSmall = p.pointee.isSmall
    for r in r0...r1 {
      for c in c0...c1 {
        let t = Int(r) * field.grid.columns + Int(c)
        let tile = field.bounds(plane: plane, tile: t)
        guard tile.overlaps(b), isSmall || tile.cover(p.pointee.edges) != .none else { continue }
        body(t)
      }
    }
  }
}
