/// The samples of one tile: for each pixel eight lanes of inverse depth and of the primitive seen there.
struct SampleTile: ~Copyable {
  /// Stands for "no primitive".
  static let empty: Int32 = -1

  let inverseZ = UnsafeMutablePointer<SIMD8<Float>>.allocate(capacity: TileGrid.pixels)
  let primitive = UnsafeMutablePointer<SIMD8<Int32>>.allocate(capacity: TileGrid.pixels)

  deinit {
    inverseZ.deallocate()
    primitive.deallocate()
  }

  func clear() {
    inverseZ.update(repeating: SIMD8(repeating: 0), count: TileGrid.pixels)
    primitive.update(repeating: SIMD8(repeating: SampleTile.empty), count: TileGrid.pixels)
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
