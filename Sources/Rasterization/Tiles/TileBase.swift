import LaneMath

/// What a tile shows where nothing is drawn over it: one primitive that covers all of its samples, or nothing.
///
/// Its depth is that of `SampleTile.drawLarge`, to the bit: the plane at the corners of blocks of 8 x 8 pixels in double,
/// and steps from there.
struct TileBase {
  static let blocks = TileGrid.side / SampleTile.block

  /// Number of the primitive, or `SampleTile.empty`.
  var primitive = SampleTile.empty
  /// Range of its inverse depth over the tile; nil for nothing.
  var range: ClosedRange<Float>?
  private var corners = InlineArray<16, Float>(repeating: 0)
  private var dx: Float = 0
  private var dy: Float = 0
  private var offset = Lanes(repeating: 0)
  private var least: Float = 0
  private var greatest: Float = 0

  /// Nothing.
  init() {}

  /// `p` where it covers the whole tile for sure, else nil.
  init?(_ p: UnsafePointer<Primitive>, number: UInt32, _ tile: TileRectangle) {
    guard !p.pointee.isSmall, !p.pointee.isTested, SampleTile.cover(p.pointee.edges, tile) == .all else { return nil }
    primitive = Int32(bitPattern: number)
    (dx, dy) = (p.pointee.inverseZdx, p.pointee.inverseZdy)
    (least, greatest) = (p.pointee.inverseZMin, p.pointee.inverseZMax)
    offset = SamplePattern.offsetX * dx + SamplePattern.offsetY * dy
    for by in 0..<TileBase.blocks {
      for bx in 0..<TileBase.blocks {
        corners[by * TileBase.blocks + bx] = p.pointee.blockDepth(
          tile.x + bx * SampleTile.block, tile.y + by * SampleTile.block)
      }
    }
    var (low, high) = (Float.infinity, -Float.infinity)
    for (x, y) in tile.corners {
      let z = min(max(p.pointee.depth(x: Double(x), y: Double(y)), least), greatest)
      (low, high) = (min(low, z), max(high, z))
    }
    range = low...high
  }

  /// Inverse depth at the samples of pixel (x, y) of the tile.
  @inline(__always)
  func inverseZ(_ x: Int, _ y: Int) -> Lanes {
    let (bx, by) = (x &>> 3, y &>> 3)
    let row = corners[by &* TileBase.blocks &+ bx] + dy * Float(y &- by &* 8)
    let z = offset + lanes(row + dx * Float(x &- bx &* 8))
    return minimum(maximum(z, lanes(least)), lanes(greatest))
  }
}

extension Primitive {
  /// The depth plane at a point of the image in pixels, in double: far from vertex 0 a Float would not do.
  @inline(__always)
  func depth(x: Double, y: Double) -> Float {
    let dx = x - Double(x0) / 256
    let dy = y - Double(y0) / 256
    return Float(Double(inverseZ) + Double(inverseZdx) * dx + Double(inverseZdy) * dy)
  }

  /// The depth plane at the centre of a block's first pixel.
  @inline(__always) func blockDepth(_ x: Int, _ y: Int) -> Float { depth(x: Double(x) + 0.5, y: Double(y) + 0.5) }
}
