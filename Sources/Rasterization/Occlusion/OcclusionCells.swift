import CLanes
import Geometry
import LaneMath

/// Which parts of an occlusion map need no estimate: cells of 8 x 8 values that see one plane, with nothing else in reach of
/// the spiral. There nothing rises above the plane by more than `OcclusionMap.bias`, so the estimate would be 1.
struct OcclusionCells: ~Copyable {
  private(set) var columns = 0
  private var rows = 0
  /// The number of the plane that a cell sees, or one of those below.
  private var planes = Scratch<Int32>()
  private static let nothing: Int32 = -1
  private static let several: Int32 = -2
  private var open = Scratch<Bool>()
  /// See `isCalm`; rows of `columns`.
  private(set) var calm = Scratch<Bool>()
  /// For each tile of the image whether all that shading looks up in it is 1; rows of `tileColumns`.
  private(set) var openTiles = Scratch<Bool>()
  private(set) var tileColumns = 0
  private var tileRows = 0

  static let side = 8
  /// Planes that a cell is compared with, beside its neighbours': the first that were met.
  private static let remembered = 8

  /// Makes room for a frame. Nothing is open.
  mutating func begin(width: Int, height: Int) {
    columns = (width + OcclusionCells.side - 1) / OcclusionCells.side
    rows = (height + OcclusionCells.side - 1) / OcclusionCells.side
    // A tile is two cells wide and high.
    (tileColumns, tileRows) = ((columns + 1) / 2, (rows + 1) / 2)
    planes.reserve(columns * rows)
    open.reserve(columns * rows)
    calm.reserve(columns * rows)
    openTiles.reserve(tileColumns * tileRows)
    open.base.update(repeating: false, count: columns * rows)
    calm.base.update(repeating: false, count: columns * rows)
    openTiles.base.update(repeating: false, count: tileColumns * tileRows)
  }

  /// Whether the values of a cell are 1 before the blur; (x, y) is any of them.
  @inline(__always)
  func isOpen(_ x: Int, _ y: Int) -> Bool { open.base[y &>> 3 &* columns &+ x &>> 3] }

  /// Whether they are 1 after the blur, which looks at the cells around as well.
  @inline(__always)
  func isCalm(_ x: Int, _ y: Int) -> Bool { calm.base[y &>> 3 &* columns &+ x &>> 3] }

  /// Finds them, after all depths and normals are there.
  func find(in map: borrowing OcclusionMap) {
    var known: [Plane] = []
    for row in 0..<rows {
      for column in 0..<columns { planes.base[row * columns + column] = plane(column, row, map, &known) }
    }
    for row in 0..<rows {
      for column in 0..<columns { open.base[row * columns + column] = isAlone(column, row, map) }
    }
    func all(_ flags: borrowing Scratch<Bool>, _ columnRange: ClosedRange<Int>, _ rowRange: ClosedRange<Int>) -> Bool {
      for row in rowRange.clamped(to: 0...rows - 1) {
        for column in columnRange.clamped(to: 0...columns - 1) where !flags.base[row * columns + column] {
          return false
        }
      }
      return true
    }
    for row in 0..<rows {
      for column in 0..<columns {
        calm.base[row * columns + column] = all(open, column - 1...column + 1, row - 1...row + 1)
      }
    }
    for row in 0..<tileRows {
      for column in 0..<tileColumns {
        // Pixels at a tile's right and lower edge look at the first values of the next.
        openTiles.base[row * tileColumns + column] = all(calm, 2 * column...2 * column + 2, 2 * row...2 * row + 2)
      }
    }
  }

  // MARK: - Planes

  /// Points p with normal . p = offset, in camera axes.
  private struct Plane {
    var normal: SIMD3<Float>
    var offset: Float
  }

  /// What a cell sees; a plane that is none of those `known` is put there.
  private func plane(_ column: Int, _ row: Int, _ map: borrowing OcclusionMap, _ known: inout [Plane]) -> Int32 {
    let (x, y) = (column * OcclusionCells.side, row * OcclusionCells.side)
    guard let own = firstPlane(x, y, map) else { return OcclusionCells.nothing }
    guard sees(own, x, y, map) else { return OcclusionCells.several }
    let k = row * columns + column
    let left = column > 0 ? planes.base[k - 1] : OcclusionCells.nothing
    let above = row > 0 ? planes.base[k - columns] : OcclusionCells.nothing
    for id in [left, above] where id >= 0 && sees(known[Int(id)], x, y, map) { return id }
    for id in 0..<min(known.count, OcclusionCells.remembered) where sees(known[id], x, y, map) { return Int32(id) }
    known.append(own)
    return Int32(known.count - 1)
  }

  /// The plane of the first point that is seen from value (x, y) on; nil where none is.
  private func firstPlane(_ x: Int, _ y: Int, _ map: borrowing OcclusionMap) -> Plane? {
    for j in y..<min(y + OcclusionCells.side, map.height) {
      let k = map.place(x, j)
      let z = map.load(map.depth, k)
      let seen = lanes_sign_bits(isLess(lanes(0), z))
      if seen == 0 { continue }
      let (i, p, n) = (seen.trailingZeroBitCount, map.points(x, j, z, hasPoints: map.hasPoints), map.normals(k))
      let normal = SIMD3(n.x[i], n.y[i], n.z[i])
      return Plane(normal: normal, offset: (normal * SIMD3(p.x[i], p.y[i], p.z[i])).sum())
    }
    return nil
  }

  /// Whether all points that are seen in the cell from value (x, y) on lie on a plane and face as it does: both so nearly that
  /// with any two cells of which this holds, no point of one rises above a point of the other, within the radius, by the bias:
  /// distances from the plane are at most a quarter of it, directions 0.004 apart.
  private func sees(_ plane: Plane, _ x: Int, _ y: Int, _ map: borrowing OcclusionMap) -> Bool {
    let normal = Lanes3(plane.normal)
    for j in y..<min(y + OcclusionCells.side, map.height) {
      let k = map.place(x, j)
      let z = map.load(map.depth, k)
      let p = map.points(x, j, z, hasPoints: map.hasPoints)
      let turned = map.normals(k) - normal
      let off = magnitude(dot(p, normal) - plane.offset)
      let fits = isLess(off, map.bias(near: map.near(z)) * 0.25) & isLess(dot(turned, turned), lanes(1.6e-5))
      if isAnySet(isLess(lanes(0), z) & ~fits) { return false }
    }
    return true
  }

  /// Whether a cell sees one plane, and so do all within reach of its spirals; or nothing.
  private func isAlone(_ column: Int, _ row: Int, _ map: borrowing OcclusionMap) -> Bool {
    let own = planes.base[row * columns + column]
    if own < 0 { return own == OcclusionCells.nothing }
    let (x, y) = (column * OcclusionCells.side, row * OcclusionCells.side)
    var farthest = lanes(0)
    for j in y..<min(y + OcclusionCells.side, map.height) {
      let z = map.load(map.depth, map.place(x, j))
      let reach = map.reach(near: map.near(z))
      farthest = maximum(farthest, select(isLess(lanes(0), z), reach, lanes(0)))
    }
    // The spiral goes 0.75 farther, and its places are rounded.
    let reach = Int(lanes_greatest(farthest)) + 3
    let last = OcclusionCells.side - 1 + reach
    for j in max(y - reach, 0) / 8...min((y + last) / 8, rows - 1) {
      for i in max(x - reach, 0) / 8...min((x + last) / 8, columns - 1) {
        let other = planes.base[j * columns + i]
        if other != own && other != OcclusionCells.nothing { return false }
      }
    }
    return true
  }
}
