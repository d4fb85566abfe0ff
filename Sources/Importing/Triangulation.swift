// Polygons to triangles: a fan where the polygon is convex, else ear clipping (Meisters 1975: a simple polygon of four or
// more corners has two ears). The polygon is looked at along its normal's largest component, which keeps orientation
// and convexity.

import Geometry

struct Triangulation {
  /// Three local corner numbers a triangle; their winding is the polygon's.
  private(set) var triangles: [(Int, Int, Int)] = []
  /// False where the polygon crosses itself, as far as its turning and the clipping tell, or has more corners than are
  /// looked at: what cannot be clipped is a fan then.
  private(set) var isExact = true

  /// Clipping takes the cube of the corners at worst.
  static let mostCornersClipped = 1000

  init(_ points: [Vector3]) {
    precondition(points.count >= 3)
    triangles.reserveCapacity(points.count - 2)
    let flat = Triangulation.flatten(points)
    let turnsOnce = points.count == 3 || Triangulation.turningNumber(flat) == 1
    if points.count == 3 || (turnsOnce && Triangulation.neverTurnsRight(flat)) {
      fan(Array(points.indices))
    } else if points.count > Triangulation.mostCornersClipped {
      isExact = false
      fan(Array(points.indices))
    } else {
      isExact = turnsOnce
      clip(flat)
    }
  }

  private mutating func fan(_ corners: [Int]) {
    for i in 1..<corners.count - 1 { triangles.append((corners[0], corners[i], corners[i + 1])) }
  }

  /// Drops the largest component of the normal, so that the polygon turns counter-clockwise in the plane.
  private static func flatten(_ points: [Vector3]) -> [Vector2] {
    let n = SmoothNormals.newell(points.indices) { points[$0] }
    let a = Vector3(abs(n.x), abs(n.y), abs(n.z))
    let origin = points[0]
    return points.map { point in
      let p = point - origin
      if a.z >= a.x, a.z >= a.y { return n.z >= 0 ? Vector2(p.x, p.y) : Vector2(p.y, p.x) }
      if a.y >= a.x { return n.y >= 0 ? Vector2(p.z, p.x) : Vector2(p.x, p.z) }
      return n.x >= 0 ? Vector2(p.y, p.z) : Vector2(p.z, p.y)
    }
  }

  /// Twice the signed area of a triangle.
  private static func turn(_ a: Vector2, _ b: Vector2, _ c: Vector2) -> Double {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  }

  private static func neverTurnsRight(_ p: [Vector2]) -> Bool {
    p.indices.allSatisfy { turn(p[$0], p[($0 + 1) % p.count], p[($0 + 2) % p.count]) >= 0 }
  }

  /// How often the edges' direction goes around to the left: 1 for every simple polygon (Hopf's Umlaufsatz), 2 for a
  /// five-pointed star, 0 for a figure of eight. Counted where the direction passes straight down.
  private static func turningNumber(_ p: [Vector2]) -> Int {
    let edges = p.indices.map { p[($0 + 1) % p.count] - p[$0] }.filter { $0 != Vector2() }
    func isLeft(_ d: Vector2) -> Bool { d.x < 0 || (d.x == 0 && d.y < 0) }
    var number = 0
    for (i, a) in edges.enumerated() {
      let b = edges[(i + 1) % edges.count]
      let turn = a.x * b.y - a.y * b.x
      if turn > 0, isLeft(a), !isLeft(b) { number += 1 }
      if turn < 0, !isLeft(a), isLeft(b) { number -= 1 }
    }
    return number
  }

  private mutating func clip(_ p: [Vector2]) {
    var left = Array(p.indices)
    var i = 0
    var tried = 0
    while left.count > 3 {
      let n = left.count
      let (a, b, c) = (left[(i + n - 1) % n], left[i % n], left[(i + 1) % n])
      if isEar(a, b, c, among: left, p) {
        triangles.append((a, b, c))
        left.remove(at: i % n)
        tried = 0
        // Stepping on rather than clipping at the same corner again keeps slivers away.
        i = (i % n + (i % n == n - 1 ? 0 : 1)) % left.count
      } else {
        tried += 1
        i = (i + 1) % n
        if tried > n {
          isExact = false
          fan(left)
          return
        }
      }
    }
    triangles.append((left[0], left[1], left[2]))
  }

  private func isEar(_ a: Int, _ b: Int, _ c: Int, among left: [Int], _ p: [Vector2]) -> Bool {
    let (pa, pb, pc) = (p[a], p[b], p[c])
    // A corner that goes straight on may go at any time: its triangle is empty.
    if Triangulation.turn(pa, pb, pc) < 0 { return false }
    for k in left where k != a && k != b && k != c {
      let q = p[k]
      // Doubled points, where an outline was cut open to reach a hole, do not block.
      if q == pa || q == pb || q == pc { continue }
      if Triangulation.turn(pa, pb, q) >= 0, Triangulation.turn(pb, pc, q) >= 0, Triangulation.turn(pc, pa, q) >= 0 {
        return false
      }
    }
    return true
  }
}
