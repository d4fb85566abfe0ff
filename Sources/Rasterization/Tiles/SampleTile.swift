import CLanes
import LaneMath

/// The samples of one tile: for each pixel eight lanes of inverse depth and of the primitive seen there.
///
/// A pixel counts once a primitive is drawn over it: before, it shows the tile's base, one primitive that covers the
/// whole tile, or nothing. So the ground behind everything is not written pixel by pixel, and what is never touched is
/// never looked at. Samples are made ready eight pixels at a time: few primitives find some that are not, so the processor
/// guesses that right, where pixel by pixel it would guess wrong at many rows.
struct SampleTile: ~Copyable {
  /// Stands for "no primitive".
  static let empty: Int32 = -1

  let inverseZ = UnsafeMutablePointer<SIMD8<Float>>.allocate(capacity: TileGrid.pixels)
  let primitive = UnsafeMutablePointer<SIMD8<Int32>>.allocate(capacity: TileGrid.pixels)
  /// For each row a bit for each pixel that was drawn over.
  let touched = UnsafeMutablePointer<UInt32>.allocate(capacity: TileGrid.side)
  /// For each row a bit for each pixel whose samples are ready: runs of `block` pixels.
  private let ready = UnsafeMutablePointer<UInt32>.allocate(capacity: TileGrid.side)
  let base = UnsafeMutablePointer<TileBase>.allocate(capacity: 1)
  /// For primitives whose samples are tested one by one; nil where the frame has none.
  let test = UnsafeMutablePointer<CoverageTest?>.allocate(capacity: 1)

  init() { test.initialize(to: nil) }

  deinit {
    inverseZ.deallocate()
    primitive.deallocate()
    touched.deallocate()
    ready.deallocate()
    base.deallocate()
    test.deallocate()
  }

  /// Begins a tile.
  func begin(_ base: TileBase) {
    touched.update(repeating: 0, count: TileGrid.side)
    ready.update(repeating: 0, count: TileGrid.side)
    self.base.initialize(to: base)
  }

  /// Marks the pixels `x0...x1` of a row of the tile as drawn over, and makes their samples ready.
  @inline(__always)
  func touch(_ x0: Int, _ x1: Int, row y: Int) {
    let last = UInt32.max &>> UInt32(truncatingIfNeeded: TileGrid.side &- 1 &- x1)
    let pixels = last & (UInt32.max &<< UInt32(truncatingIfNeeded: x0))
    touched[y] |= pixels
    let new = pixels & ~ready[y]
    if new != 0 { prepare(new, row: y) }
  }

  /// Copies the base to the samples of all blocks of a row that hold one of the pixels `new`.
  @inline(never)
  private func prepare(_ new: UInt32, row y: Int) {
    let ids = lanes(int: base.pointee.primitive)
    for b in 0..<TileBase.blocks {
      let pixels = UInt32(0xff) &<< UInt32(truncatingIfNeeded: b &* SampleTile.block)
      if new & pixels == 0 { continue }
      ready[y] |= pixels
      for x in b &* SampleTile.block..<(b &+ 1) &* SampleTile.block {
        let k = y &* TileGrid.side &+ x
        inverseZ[k] = base.pointee.inverseZ(x, y)
        primitive[k] = ids
      }
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
    if primitive.pointee.isTested {
      drawTested(primitive.pointee, number, tile, x0, x1, y0, y1)
    } else if primitive.pointee.isSmall {
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
    for y in y0...y1 { touch(x0 &- tile.x, x1 &- tile.x, row: y &- tile.y) }
    let p = p.pointee
    let cx = Int32(truncatingIfNeeded: x0) &* FixedPoint.one &+ FixedPoint.half
    let cy = Int32(truncatingIfNeeded: y0) &* FixedPoint.one &+ FixedPoint.half
    // The edge functions at the first pixel's samples, and their steps to the next pixel and row.
    let sides = SmallEdges(p, cx, cy)
    var row0 = lanes_spread0(sides.centre) &+ SmallEdges.toSamples(lanes_spread0(sides.pairs))
    var row1 = lanes_spread1(sides.centre) &+ SmallEdges.toSamples(lanes_spread1(sides.pairs))
    var row2 = lanes_spread2(sides.centre) &+ SmallEdges.toSamples(lanes_spread2(sides.pairs))
    let (right0, down0) = (lanes_spread0(sides.right), lanes_spread0(sides.down))
    let (right1, down1) = (lanes_spread1(sides.right), lanes_spread1(sides.down))
    let (right2, down2) = (lanes_spread2(sides.right), lanes_spread2(sides.down))
    // The depth plane likewise; multiples rather than sums of steps, so that no error piles up.
    let zOffset = SamplePattern.offsetX * p.inverseZdx + SamplePattern.offsetY * p.inverseZdy
    let (zMin, zMax) = (lanes(p.inverseZMin), lanes(p.inverseZMax))
    let zdx = lanes(p.inverseZdx)
    let ids = lanes(int: Int32(bitPattern: number))
    let dx0 = lanes(Float(cx &- p.x0) * (1 / 256))
    let dy0 = Float(cy &- p.y0) * (1 / 256)
    var line = (y0 &- tile.y) &* TileGrid.side &+ (x0 &- tile.x)
    let length = x1 &- x0
    // Whole numbers, so that counting in Float is exact.
    var down: Float = 0
    for _ in y0...y1 {
      var (e0, e1, e2) = (row0, row1, row2)
      let zRow = lanes(p.inverseZ + p.inverseZdy * (dy0 + down))
      var right = lanes(0)
      var k = line
      let last = line &+ length
      while true {
        let z = zOffset + (zdx * (dx0 + right) + zRow)
        put(k, minimum(maximum(z, zMin), zMax), ids, outside: e0 | e1 | e2)
        if k == last { break }
        e0 &+= right0
        e1 &+= right1
        e2 &+= right2
        right = right + 1
        k &+= 1
      }
      row0 &+= down0
      row1 &+= down1
      row2 &+= down2
      line &+= TileGrid.side
      down += 1
    }
  }

  /// Writes the samples of pixel `k` that are not `outside` (negative there) and nearer than what is there.
  @inline(__always)
  func put(_ k: Int, _ z: Lanes, _ ids: SIMD8<Int32>, outside: SIMD8<Int32>) {
    let old = inverseZ[k]
    // 0 is farther than anything: what is outside is nearer than nothing.
    let new = select(outside, lanes(0), z)
    primitive[k] = select(isLess(old, new), ids, primitive[k])
    inverseZ[k] = maximum(new, old)
  }
}
