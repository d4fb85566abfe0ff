// Outlines of masks: closed polygons that run along the edges of pixels, exact, with holes and parts.
//
// Corners are points of the pixels' lattice, so pixel (i, j) is the square from (i, j) to (i + 1, j + 1). A filled polygon
// covers exactly the mask's pixels by any rule that asks pixels' centres.
//
// The mask is swept column by column. A column's runs begin and end at some heights: where a run's end continues that of
// the column before it, an edge goes straight on; where it does not, there is a corner on the line between the two columns.
// So corners are found in the runs alone, in time that grows with their number, and no three of them lie on a line. On a line,
// corners from the top down are joined in pairs by its vertical edges; between lines, a corner that an edge leaves to the
// right is joined with the one where that edge ends.
//
// Pixels that touch only at a corner do not hang together (4-connected); the outside does around them (8-connected).

import Annotators

/// A corner of pixels.
public struct LatticePoint: Hashable, Sendable {
  public var x: Int32
  public var y: Int32

  public init(_ x: Int, _ y: Int) {
    self.x = Int32(x)
    self.y = Int32(y)
  }
}

/// A closed polygon along pixel edges.
public struct OutlineRing: Equatable, Sendable {
  /// From the leftmost corner (of these the topmost) on; the mask lies to the right of the way, so outer rings run clockwise
  /// as seen and holes the other way. The last corner is joined with the first.
  public var corners: [LatticePoint]
  public var isHole: Bool

  /// In pixels, more than 0.
  public var area: Int { abs(signedArea(corners)) }
}

/// Twice the sum of cross products over two: positive for rings that run clockwise as seen (y points down).
func signedArea(_ corners: [LatticePoint]) -> Int {
  var sum = 0
  for i in corners.indices {
    let (a, b) = (corners[i], corners[i + 1 < corners.count ? i + 1 : 0])
    sum += Int(a.x) * Int(b.y) - Int(b.x) * Int(a.y)
  }
  return sum / 2
}

/// The outlines of one mask.
public struct MaskOutlines: Equatable, Sendable {
  /// In order of their first corners: from left to right, then from the top down.
  public private(set) var rings: [OutlineRing] = []

  public var hasHoles: Bool { rings.contains(where: \.isHole) }

  public init(_ mask: RunLengthMask) {
    var sweep = OutlineSweep()
    mask.forEachRun { x, rows in sweep.add(x: x, top: rows.lowerBound, bottom: rows.upperBound) }
    sweep.finish()
    rings = sweep.rings()
  }
}

extension RunLengthMask {
  /// Hands the runs of the mask to `body`, column by column and from the top down; a run that goes on in the next column is
  /// one in each.
  @inline(__always) package func forEachRun(_ body: (_ x: Int, _ rows: Range<Int>) -> Void) {
    var at = 0
    for (i, count) in counts.enumerated() {
      let end = at + Int(count)
      var from = at
      while i & 1 == 1, from < end {
        let x = from / height
        let to = min(end, (x + 1) * height)
        body(x, from - x * height..<to - x * height)
        from = to
      }
      at = end
    }
  }
}

/// The corners of a mask as columns go by.
private struct OutlineSweep {
  private struct Corner {
    var point: LatticePoint
    /// The corner at the other end of its horizontal and of its vertical edge.
    var along = -1
    var across = -1
    /// Whether its horizontal edge has the mask below it.
    var isTop: Bool
    var isVisited = false
  }

  /// A place in a column where the mask begins (even places) or ends (odd ones), and the corner where its edge began.
  private struct Change {
    var y: Int
    var corner = -1
  }

  private var corners: [Corner] = []
  private var column = -1
  private var current: [Change] = []
  private var previous: [Change] = []

  mutating func add(x: Int, top: Int, bottom: Int) {
    if x != column {
      close()
      // What ends before an empty column ends there.
      if x > column { close() }
      column = x
    }
    // A run of this column that touches the one before it is the same run: only a mask that is not in its one form has such.
    if let last = current.last, last.y == top {
      current[current.count - 1].y = bottom
    } else {
      current.append(Change(y: top))
      current.append(Change(y: bottom))
    }
  }

  mutating func finish() {
    close()
    close()
  }

  /// Finds the corners on the left side of the current column, and makes it the previous one.
  private mutating func close() {
    let first = corners.count
    var (i, j) = (0, 0)
    while i < previous.count || j < current.count {
      if i < previous.count, j < current.count, previous[i].y == current[j].y {
        guard i & 1 != j & 1 else {
          current[j].corner = previous[i].corner
          i += 1
          j += 1
          continue
        }
        // Two pixels touch at a corner: that of the one above comes first, so that each keeps to itself.
        if i & 1 == 1 { end(&i) } else { begin(&j) }
      } else if j == current.count || (i < previous.count && previous[i].y < current[j].y) {
        end(&i)
      } else {
        begin(&j)
      }
    }
    for k in stride(from: first, to: corners.count, by: 2) {
      corners[k].across = k + 1
      corners[k + 1].across = k
    }
    swap(&previous, &current)
    current.removeAll(keepingCapacity: true)
    column += 1
  }

  private mutating func end(_ i: inout Int) {
    let other = previous[i].corner
    corners[other].along = corners.count
    corners.append(Corner(point: LatticePoint(column, previous[i].y), along: other, isTop: i & 1 == 0))
    i += 1
  }

  private mutating func begin(_ j: inout Int) {
    current[j].corner = corners.count
    corners.append(Corner(point: LatticePoint(column, current[j].y), isTop: j & 1 == 0))
    j += 1
  }

  /// Walks round each ring from its first corner: along its edge first where the mask is below that, else across.
  mutating func rings() -> [OutlineRing] {
    var rings: [OutlineRing] = []
    for start in corners.indices where !corners[start].isVisited {
      let isHole = !corners[start].isTop
      var points: [LatticePoint] = []
      var (at, goesAlong) = (start, !isHole)
      repeat {
        points.append(corners[at].point)
        corners[at].isVisited = true
        at = goesAlong ? corners[at].along : corners[at].across
        goesAlong.toggle()
      } while at != start
      rings.append(OutlineRing(corners: points, isHole: isHole))
    }
    return rings
  }
}
