import CLanes
import LaneMath

/// Sets up eight triangles of a shadow caster at once: most are a few texels large, so that setting up costs more than
/// filling. What comes out is that of `MapTriangles.draw`, to the bit.
struct MapTriangleGroup {
  let triangles: MapTriangles
  /// Sign of the area, as seen on the map, of the faces to draw; nil for all.
  let facing: Float?
  /// Room for `Field.count` vectors.
  let fields: UnsafeMutablePointer<Lanes>

  /// Places in `fields`: of each side value, right and down, then the plane, then the texels.
  enum Field {
    static let side = 0
    static let corner = 9
    static let zRight = 10
    static let zDown = 11
    static let nearest = 12
    static let firstX = 13
    static let lastX = 14
    static let firstY = 15
    static let lastY = 16
    static let count = 17
  }

  /// Draws the triangles of 24 indices.
  func draw(_ vertices: UnsafePointer<ShadowMap.LightVertex>, _ indices: UnsafePointer<UInt32>) {
    var (small, others) = setUp(vertices, indices)
    while small != 0 {
      fill(small.trailingZeroBitCount)
      small &= small &- 1
    }
    while others != 0 {
      let i = indices + 3 * others.trailingZeroBitCount
      triangles.draw(vertices[Int(i[0])], vertices[Int(i[1])], vertices[Int(i[2])], facing: facing)
      others &= others &- 1
    }
  }

  @inline(__always)
  private func fill(_ i: Int) {
    let whole = UnsafeRawPointer(fields).assumingMemoryBound(to: Int32.self) + i
    let parts = UnsafeRawPointer(fields).assumingMemoryBound(to: Float.self) + i
    @inline(__always) func side(_ k: Int) -> MapTriangles.MapEdge {
      let at = whole + 8 * (Field.side + 3 * k)
      return MapTriangles.MapEdge(value: at[0], right: at[8], down: at[16])
    }
    triangles.fill(
      (side(0), side(1), side(2)),
      MapTriangles.MapPlane(
        corner: parts[8 * Field.corner], right: parts[8 * Field.zRight], down: parts[8 * Field.zDown],
        nearest: parts[8 * Field.nearest]),
      whole[8 * Field.firstX], whole[8 * Field.lastX], whole[8 * Field.firstY], whole[8 * Field.lastY])
  }

  /// Fills `fields`. Returns a bit for each triangle that they describe, and for each that is too large, or no number, and
  /// must be drawn by itself.
  @inline(never)
  private func setUp(
    _ vertices: UnsafePointer<ShadowMap.LightVertex>, _ indices: UnsafePointer<UInt32>
  ) -> (small: UInt32, others: UInt32) {
    let raw = UnsafeRawPointer(vertices)
    @inline(__always) func corner(_ k: Int) -> Columns {
      columns { raw.loadUnaligned(fromByteOffset: Int(indices[3 &* $0 &+ k]) &* 16, as: SIMD4<Float>.self) }
    }
    let (a, b, c) = (corner(0), corner(1), corner(2))
    @inline(__always) func least(_ p: Lanes, _ q: Lanes, _ r: Lanes) -> Lanes { minimum(minimum(r, q), p) }
    let (xMin, yMin) = (least(a.x, b.x, c.x), least(a.y, b.y, c.y))
    let xMax = maximum(maximum(c.x, b.x), a.x)
    let yMax = maximum(maximum(c.y, b.y), a.y)
    var asked = ~(isLess(xMax, lanes(0)) | isLess(yMax, lanes(0)))
    asked = asked & ~(isLess(lanes(Float(triangles.width)), xMin) | isLess(lanes(Float(triangles.height)), yMin))
    if let facing {
      let isNegative = isLess((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y), lanes(0))
      asked = asked & (facing < 0 ? isNegative : ~isNegative)
    }
    if !isAnySet(asked) { return (0, 0) }
    // Written so that what is no number is not short.
    let longest = lanes(MapTriangles.longest.nextUp)
    let isShort = isLess(xMax - xMin, longest) & isLess(yMax - yMin, longest)
    let others = lanes_sign_bits(asked & ~isShort)

    @inline(__always) func snap(_ x: Lanes) -> SIMD8<Int32> {
      bits(x * MapTriangles.bits + 12_582_912) &- lanes(int: 0x4b40_0000)
    }
    let (x0, y0) = (snap(a.x), snap(a.y))
    let (bx, by, cx, cy) = (snap(b.x), snap(b.y), snap(c.x), snap(c.y))
    let signed = (bx &- x0) &* (cy &- y0) &- (cx &- x0) &* (by &- y0)
    let turn = signMask(signed)
    let (x1, y1) = (select(turn, cx, bx), select(turn, cy, by))
    let (x2, y2) = (select(turn, bx, cx), select(turn, by, cy))
    let (z1, z2) = (select(turn, c.z, b.z), select(turn, b.z, c.z))
    let area = (signed ^ turn) &- turn
    // Texels whose centre (at 8/16) is within the bounds.
    @inline(__always) func first(_ p: SIMD8<Int32>, _ q: SIMD8<Int32>, _ r: SIMD8<Int32>) -> SIMD8<Int32> {
      let low = lanes_minimum_int(p, lanes_minimum_int(q, r)) &+ lanes(int: 7)
      return lanes_maximum_int(lanes_shift_right_int(low, 4), lanes(int: 0))
    }
    @inline(__always) func last(
      _ p: SIMD8<Int32>, _ q: SIMD8<Int32>, _ r: SIMD8<Int32>, _ count: Int
    ) -> SIMD8<Int32> {
      let high = lanes_maximum_int(p, lanes_maximum_int(q, r)) &- lanes(int: 8)
      return lanes_minimum_int(lanes_shift_right_int(high, 4), lanes(int: Int32(count) &- 1))
    }
    let (firstX, lastX) = (first(x0, x1, x2), last(x0, x1, x2, triangles.width))
    let (firstY, lastY) = (first(y0, y1, y2), last(y0, y1, y2, triangles.height))
    let isEmpty =
      signMask(lastX &- firstX) | signMask(lastY &- firstY) | lanes_equal_int(area, lanes(int: 0))
    let small = lanes_sign_bits(asked & isShort & ~isEmpty)
    if small == 0 { return (0, others) }

    let px = lanes_shift_left_int(firstX, 4) &+ lanes(int: 8)
    let py = lanes_shift_left_int(firstY, 4) &+ lanes(int: 8)
    let sides = UnsafeMutableRawPointer(fields).assumingMemoryBound(to: SIMD8<Int32>.self)
    @inline(__always) func put(
      _ k: Int, _ xa: SIMD8<Int32>, _ ya: SIMD8<Int32>, _ xb: SIMD8<Int32>, _ yb: SIMD8<Int32>
    ) {
      let (ea, eb) = (ya &- yb, xb &- xa)
      // The fill rule as in `Edge`.
      let bias = signMask(ea &+ signMask(eb &- lanes(int: 1)))
      sides[Field.side + 3 * k] = ea &* (px &- xa) &+ eb &* (py &- ya) &+ bias
      sides[Field.side + 3 * k + 1] = lanes_shift_left_int(ea, 4)
      sides[Field.side + 3 * k + 2] = lanes_shift_left_int(eb, 4)
    }
    put(0, x0, y0, x1, y1)
    put(1, x1, y1, x2, y2)
    put(2, x2, y2, x0, y0)
    let scale = lanes(16) / numbers(area)
    let (d1, d2) = (z1 - a.z, z2 - a.z)
    let dzdx = (d1 * numbers(y2 &- y0) - d2 * numbers(y1 &- y0)) * scale
    let dzdy = (d2 * numbers(x1 &- x0) - d1 * numbers(x2 &- x0)) * scale
    fields[Field.corner] = a.z + dzdx * (numbers(px &- x0) * 0.0625) + dzdy * (numbers(py &- y0) * 0.0625)
    fields[Field.zRight] = dzdx
    fields[Field.zDown] = dzdy
    fields[Field.nearest] = minimum(minimum(z2, z1), a.z)
    sides[Field.firstX] = firstX
    sides[Field.lastX] = lastX
    sides[Field.firstY] = firstY
    sides[Field.lastY] = lastY
    return (small, others)
  }
}
