/// The samples of one tile: for each pixel eight lanes of inverse depth and of the primitive seen there.
///
/// A pixel has samples once a primitive is drawn over it: before, it shows the tile's base, one primitive that covers the
/// whole tile, or nothing. So the ground behind everything is not written pixel by pixel, and what is never touched is
/// never looked at.
struct SampleTile: ~Copyable {
  /// Stands for "no primitive".
  static let empty: Int32 = -1

  let inverseZ = UnsafeMutablePointer<SIMD8<Float>>.allocate(capacity: TileGrid.pixels)
  let primitive = UnsafeMutablePointer<SIMD8<Int32>>.allocate(capacity: TileGrid.pixels)
  /// For each row a bit for each pixel that has samples.
  let touched = UnsafeMutablePointer<UInt32>.allocate(capacity: TileGrid.side)
  let base = UnsafeMutablePointer<TileBase>.allocate(capacity: 1)

  deinit {
    inverseZ.deallocate()
    primitive.deallocate()
    touched.deallocate()
    base.deallocate()
  }

  /// Begins a tile.
  func begin(_ base: TileBase) {
    touched.update(repeating: 0, count: TileGrid.side)
    self.base.initialize(to: base)
  }

  /// Gives samples to the pixels `x0...x1` of a row of the tile that have none yet.
  @inline(__always)
  func touch(_ x0: Int, _ x1: Int, row y: Int) {
    let last = UInt32.max &>> UInt32(truncatingIfNeeded: TileGrid.side &- 1 &- x1)
    let pixels = last & (UInt32.max &<< UInt32(truncatingIfNeeded: x0))
    var new = pixels & ~touched[y]
    if new == 0 { return }
    touched[y] |= pixels
    let ids = lanes(int: base.pointee.primitive)
    while new != 0 {
      let x = new.trailingZeroBitCount
      new &= new &- 1
      let k = y &* TileGrid.side &+ x
      inverseZ[k] = base.pointee.inverseZ(x, y)
      primitive[k] = ids
    }
  }

  /// Draws a primitive into the part of the image that this tile holds.
  @inline(__always)
  func draw(_ primitive: UnsafePointer<Primitive>, number: UInt32, _ tile: TileRectangle) {
    let b = primitive.pointee.pixelBounds
    let x0 = max(Int(b.firstX), tile.x)
    let x1 = min(Int(b.lastX), tile.x + tile.width - 1)
    let y0 = max(Int(b.firstY), tile.y)
    let y1 = min(Int(b.lastY), tile.y + tile.height - 1)
    guard x0 <= x1, y0 <= y1 else { return }
    if primitive.pointee.isSmall {
      drawSmall(primitive, number, tile, x0, x1, y0, y1)
    } else {
      drawLarge(primitive.pointee, number, tile, x0, x1, y0, y1)
    }
  }

  /// Edge functions in Int32: see `FixedPoint.smallExtent` for why they fit.
  @inline(__always)
  private func drawSmall(
    _ p: UnsafePointer<Primitive>, _ number: UInt32, _ tile: TileRectangle, _ x0: Int, _ x1: Int, _ y0: Int, _ y1: Int
  ) {
    let p = p.pointee
    let edges = p.edges
    // The edge functions at the first pixel's samples, and their steps to the next pixel and row.
    let cx = Int32(truncatingIfNeeded: x0) &* FixedPoint.one &+ FixedPoint.half
    let cy = Int32(truncatingIfNeeded: y0) &* FixedPoint.one &+ FixedPoint.half
    var row0 = SampleTile.values(edges.0, cx, cy)
    var row1 = SampleTile.values(edges.1, cx, cy)
    var row2 = SampleTile.values(edges.2, cx, cy)
    let (right0, down0) = SampleTile.steps(edges.0)
    let (right1, down1) = SampleTile.steps(edges.1)
    let (right2, down2) = SampleTile.steps(edges.2)
    // The depth plane likewise; multiples rather than sums of steps, so that no error piles up.
    let zOffset = SamplePattern.offsetX * p.inverseZdx + SamplePattern.offsetY * p.inverseZdy
    let (zMin, zMax) = (lanes(p.inverseZMin), lanes(p.inverseZMax))
    let ids = lanes(int: Int32(bitPattern: number))
    let dx0 = Float(cx &- p.x0) * (1 / 256)
    let dy0 = Float(cy &- p.y0) * (1 / 256)
    for y in y0...y1 {
      touch(x0 &- tile.x, x1 &- tile.x, row: y &- tile.y)
      let line = (y - tile.y) * TileGrid.side - tile.x
      var (e0, e1, e2) = (row0, row1, row2)
      let zRow = p.inverseZ + p.inverseZdy * (dy0 + Float(y - y0))
      for x in x0...x1 {
        let outside = e0 | e1 | e2
        let z = p.inverseZdx * (dx0 + Float(x - x0)) + zRow
        let nearness = minimum(maximum(zOffset + lanes(z), zMin), zMax)
        put(line + x, nearness, ids, outside: outside)
        e0 &+= right0
        e1 &+= right1
        e2 &+= right2
      }
      row0 &+= down0
      row1 &+= down1
      row2 &+= down2
    }
  }

  /// Writes the samples of pixel `k` that are not `outside` (negative there) and nearer than what is there.
  @inline(__always)
  func put(_ k: Int, _ z: Lanes, _ ids: SIMD8<Int32>, outside: SIMD8<Int32>) {
    let old = inverseZ[k]
    let pass = isLess(old, z) & ~signMask(outside)
    inverseZ[k] = select(pass, z, old)
    primitive[k] = select(pass, ids, primitive[k])
  }

  @inline(__always)
  private static func values(_ e: Edge, _ x: Int32, _ y: Int32) -> SIMD8<Int32> {
    let centre = Int32(truncatingIfNeeded: e.value(x: x, y: y))
    let alongX = SamplePattern.x &* (e.a &* 16)
    let alongY = SamplePattern.y &* (e.b &* 16)
    return lanes(int: centre) &+ alongX &+ alongY
  }

  @inline(__always)
  private static func steps(_ e: Edge) -> (right: SIMD8<Int32>, down: SIMD8<Int32>) {
    (lanes(int: e.a &* FixedPoint.one), lanes(int: e.b &* FixedPoint.one))
  }
}
