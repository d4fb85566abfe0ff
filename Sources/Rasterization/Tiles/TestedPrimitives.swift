import CLanes
import LaneMath

// Primitives whose samples are covered or not by what `CoverageTest` says of each: slower than the others, and apart from
// them, so that those need not ask.

extension SampleTile {
  /// Draws a primitive that is tested sample by sample into the pixels (x0...x1, y0...y1) of the tile.
  @inline(never)
  func drawTested(
    _ p: borrowing Primitive, _ number: UInt32, _ tile: TileRectangle, _ x0: Int, _ x1: Int, _ y0: Int, _ y1: Int
  ) {
    guard let test = test.pointee else { return }
    let edges = p.edges
    let triangle = test.triangle(p)
    let zOffset = SamplePattern.offsetX * p.inverseZdx + SamplePattern.offsetY * p.inverseZdy
    let (zMin, zMax) = (lanes(p.inverseZMin), lanes(p.inverseZMax))
    let ids = lanes(int: Int32(bitPattern: number))
    for y in y0...y1 {
      for x in x0...x1 {
        let inside = ~signMask(SampleTile.outside(edges, x, y))
        if !isAnySet(inside) { continue }
        touch(x &- tile.x, x &- tile.x, row: y &- tile.y)
        let k = (y &- tile.y) &* TileGrid.side &+ x &- tile.x
        let z = minimum(maximum(zOffset + lanes(p.blockDepth(x, y)), zMin), zMax)
        let old = inverseZ[k]
        let wanted = lanes_sign_bits(isLess(old, z) & inside)
        if wanted == 0 { continue }
        let pass = SampleTile.mask(test.covered(triangle, x, y, wanted: wanted))
        inverseZ[k] = select(pass, z, old)
        primitive[k] = select(pass, ids, primitive[k])
      }
    }
  }

  /// Lane s of bit s.
  @inline(__always)
  static func mask(_ samples: UInt32) -> LaneMask {
    let one = SIMD8<Int32>(1, 2, 4, 8, 16, 32, 64, 128)
    return lanes_equal_int(lanes(int: Int32(bitPattern: samples)) & one, one)
  }
}

extension Primitive {
  /// Set in `surface` where the samples are tested one by one.
  static let testedBit: UInt32 = 1 << 31

  @inline(__always) var isTested: Bool { surface & Primitive.testedBit != 0 }
}
