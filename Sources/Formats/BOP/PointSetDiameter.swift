// The greatest distance between any two of many points, exactly.
//
// All pairs would take minutes for a scan of a million points. Points are put into the cells of a coarse grid; two cells are looked
// at only if the farthest corners of their bounds are farther apart than the best pair so far, which begins as the two ends that
// walking to the farthest point a few times comes to. What is passed over cannot hold a better pair, so the result is that of all
// pairs. Points in a few cells, or on a sphere, where nothing can be passed over but cells that do not face each other, remain the
// dear cases: a sphere of 100,000 points takes some 10^7 distances.

import Geometry

/// - Complexity: n + pairs of the cells that may hold the best.
func diameter(of points: [Vector3]) -> Double {
  guard let first = points.first else { return 0 }
  func squared(_ a: Vector3, _ b: Vector3) -> Double { dot(a - b, a - b) }
  var best = 0.0
  var end = first
  for _ in 0..<4 {
    var far = end
    for p in points where squared(p, end) > squared(far, end) { far = p }
    best = max(best, squared(far, end))
    end = far
  }
  var (low, high) = (first, first)
  for p in points { (low, high) = (pointwiseMin(low, p), pointwiseMax(high, p)) }
  let side = 24
  let size = (high - low).max()
  guard size > 0 else { return 0 }
  var cells: [Int: PointCell] = [:]
  for p in points {
    let c = (p - low) / size * Double(side)
    let k = [c.x, c.y, c.z].reduce(0) { $0 * side + min(Int($1), side - 1) }
    cells[k, default: PointCell(p)].add(p)
  }
  let list = cells.sorted { $0.key < $1.key }.map(\.value)
  for (i, a) in list.enumerated() {
    for b in list[i...] where a.reach(b) > best {
      for p in a.points { for q in b.points { best = max(best, squared(p, q)) } }
    }
  }
  return best.squareRoot()
}

private struct PointCell {
  var points: [Vector3] = []
  var low: Vector3
  var high: Vector3

  init(_ p: Vector3) { (low, high) = (p, p) }

  mutating func add(_ p: Vector3) {
    points.append(p)
    (low, high) = (pointwiseMin(low, p), pointwiseMax(high, p))
  }

  /// Squared, between the corners of the two bounds that are farthest apart.
  func reach(_ other: PointCell) -> Double {
    let d = pointwiseMax(high, other.high) - pointwiseMin(low, other.low)
    return dot(d, d)
  }
}
