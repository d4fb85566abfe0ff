// `oriented_boxes`: for each listed object the rectangle of least area around its visible pixels, squares and all:
//
//     "oriented_box": [cx, cy, w, h, angle]
//
// centre and size in pixels; `angle` is that of the side `w` from +x towards +y (clockwise as seen), in radians, from 0 to
// below pi / 2. Null where nothing is visible. One side lies along a side of the convex hull (Freeman & Shapira,
// "Determining the minimum-area encasing rectangle for an arbitrary closed curve", 1975); of equal areas the first, from the
// hull's leftmost point on.

import Documents
import Geometry

struct OrientedBoxes: Annotator {
  static let manual = Manual(
    name: "oriented_boxes", summary: "The rectangle of least area around each object's visible pixels.",
    sample: "annotations: [oriented_boxes]", limits: "Of the visible pixels, not of the hidden ones.")
  static let fields: [Field<OrientedBoxes>] = []

  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      instance.values.orientedBox = .some(OrientedBox2D(around: frame.regions[k].mask))
    }
  }
}

extension OrientedBox2D {
  /// Nil where the mask is empty.
  public init?(around mask: RunLengthMask) {
    let hull = OrientedBox2D.hull(of: mask)
    guard hull.count >= 3 else { return nil }
    // Calipers: as the side goes round the hull counter-clockwise in its own axes, the farthest points go round with it.
    func along(_ i: Int, _ d: SIMD2<Int>) -> Int { hull[i % hull.count].x * d.x + hull[i % hull.count].y * d.y }
    var best: (area: Double, box: OrientedBox2D)?
    var (right, far, left) = (1, 1, 1)
    for i in hull.indices {
      let a = hull[i]
      let d = hull[(i + 1) % hull.count] &- a
      let n = SIMD2(-d.y, d.x)
      right = max(right, i + 1)
      while along(right + 1, d) > along(right, d) { right += 1 }
      far = max(far, right)
      while along(far + 1, n) > along(far, n) { far += 1 }
      left = max(left, far)
      while along(left + 1, d) < along(left, d) { left += 1 }
      let (low, high) = (along(left, d), along(right, d))
      let (near, top) = (along(i, n), along(far, n))
      let square = Double(d.x * d.x + d.y * d.y)
      let area = Double(high - low) * Double(top - near) / square
      if let best, area >= best.area { continue }
      let length = square.squareRoot()
      let center =
        (Vector2(Double(d.x), Double(d.y)) * (Double(low + high) / 2)
          + Vector2(Double(n.x), Double(n.y)) * (Double(near + top) / 2)) / square
      var size = Vector2(Double(high - low) / length, Double(top - near) / length)
      // The direction turned by quarters until it points to the right and not up.
      var (x, y) = (d.x, d.y)
      while !(x > 0 && y >= 0) {
        (x, y) = (y, -x)
        size = Vector2(size.y, size.x)
      }
      best = (
        area, OrientedBox2D(center: center, size: size, angle: StableMath.atan2(Double(y), Double(x)))
      )
    }
    guard let best else { return nil }
    self = best.box
  }

  /// The corners of the convex hull of a mask's pixels, counter-clockwise in axes x right, y up (so clockwise as seen with y
  /// down reversed), from the leftmost on: Andrew's monotone chain (1979).
  static func hull(of mask: RunLengthMask) -> [SIMD2<Int>] {
    // For each column of pixels the highest and lowest edge; runs may go on over columns.
    var points: [SIMD2<Int>] = []
    var at = 0
    var column = (x: -1, top: 0, bottom: 0)
    func flush() {
      guard column.x >= 0 else { return }
      for x in [column.x, column.x + 1] {
        points.append(SIMD2(x, column.top))
        points.append(SIMD2(x, column.bottom))
      }
    }
    for (i, count) in mask.counts.enumerated() {
      let end = at + Int(count)
      if i & 1 == 1 {
        var from = at
        while from < end {
          let x = from / mask.height
          let to = min(end, (x + 1) * mask.height)
          let (top, bottom) = (from - x * mask.height, to - x * mask.height)
          if x == column.x {
            (column.top, column.bottom) = (min(column.top, top), max(column.bottom, bottom))
          } else {
            flush()
            column = (x, top, bottom)
          }
          from = to
        }
      }
      at = end
    }
    flush()
    guard !points.isEmpty else { return [] }
    points.sort { ($0.x, $0.y) < ($1.x, $1.y) }
    func turn(_ a: SIMD2<Int>, _ b: SIMD2<Int>, _ c: SIMD2<Int>) -> Int {
      (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }
    func chain(_ sorted: [SIMD2<Int>]) -> [SIMD2<Int>] {
      var h: [SIMD2<Int>] = []
      for p in sorted {
        while h.count >= 2, turn(h[h.count - 2], h[h.count - 1], p) <= 0 { h.removeLast() }
        if h.last != p { h.append(p) }
      }
      return h
    }
    return Array(chain(points).dropLast() + chain(points.reversed()).dropLast())
  }
}
