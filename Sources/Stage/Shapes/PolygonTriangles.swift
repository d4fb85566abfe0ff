import Geometry

/// Polygons with holes as triangles, by cutting ears (Meisters 1975) off the outline after each hole has been joined to
/// it by a bridge (Eberly, "Triangulation by Ear Clipping"). Time grows with the square of the number of points.
enum PolygonTriangles {
  /// Twice the area, above 0 for counter-clockwise.
  static func doubleArea(_ p: [Vector2]) -> Double {
    var sum = 0.0
    for i in p.indices { sum += cross(p[i], p[(i + 1) % p.count]) }
    return sum
  }

  static func cross(_ a: Vector2, _ b: Vector2) -> Double { a.x * b.y - a.y * b.x }

  /// Above 0 where a, b, c turn left.
  static func turn(_ a: Vector2, _ b: Vector2, _ c: Vector2) -> Double { cross(b - a, c - a) }

  /// Triangles, counter-clockwise, of indices into `points`.
  ///
  /// - Parameters:
  ///   - outer: indices of the outline, counter-clockwise; it does not touch itself.
  ///   - holes: indices of the holes, clockwise, inside the outline and apart from each other.
  static func triangles(_ points: [Vector2], outer: [Int], holes: [[Int]]) -> [(Int, Int, Int)] {
    var ring = outer
    // From the right, so that each bridge meets what is joined already.
    let order = holes.map { hole -> (Int, [Int]) in
      let start = hole.indices.max { points[hole[$0]].x < points[hole[$1]].x } ?? 0
      return (hole[start], Array(hole[start...] + hole[..<start]))
    }
    for (tip, hole) in order.sorted(by: { (points[$0.0].x, $0.0) > (points[$1.0].x, $1.0) }) {
      guard let at = bridge(points, ring, from: points[tip]) else { continue }
      ring.insert(contentsOf: hole + [tip, ring[at]], at: at + 1)
    }
    return clip(points, ring)
  }

  /// The corner of the ring that sees `m` from the right.
  private static func bridge(_ points: [Vector2], _ ring: [Int], from m: Vector2) -> Int? {
    // The nearest edge that a ray along +x meets.
    var best: (x: Double, at: Int)?
    for k in ring.indices {
      let (a, b) = (points[ring[k]], points[ring[(k + 1) % ring.count]])
      // The inside is on the left of edges, so that those that face the ray run upwards.
      guard a.y <= m.y, b.y >= m.y, a.y != b.y else { continue }
      let x = a.x + (b.x - a.x) * ((m.y - a.y) / (b.y - a.y))
      guard x >= m.x, best.map({ x < $0.x }) ?? true else { continue }
      best = (x, a.x > b.x ? k : (k + 1) % ring.count)
    }
    guard let best else { return nil }
    let hit = Vector2(best.x, m.y)
    let p = points[ring[best.at]]
    // What lies in the triangle between may hide that corner: then the one at the least angle to the ray is seen.
    var (at, steepness, nearest) = (best.at, Double.infinity, Double.infinity)
    let (a, b) = p.y < m.y ? (p, hit) : (hit, p)
    for k in ring.indices where points[ring[k]] != p {
      let q = points[ring[k]]
      guard q.x >= m.x, turn(m, a, q) >= 0, turn(a, b, q) >= 0, turn(b, m, q) >= 0 else { continue }
      let before = points[ring[(k + ring.count - 1) % ring.count]]
      guard turn(before, q, points[ring[(k + 1) % ring.count]]) <= 0 else { continue }
      let slope = q.x > m.x ? abs(q.y - m.y) / (q.x - m.x) : .infinity
      if slope < steepness || (slope == steepness && q.x - m.x < nearest) {
        (at, steepness, nearest) = (k, slope, q.x - m.x)
      }
    }
    return at
  }

  private static func clip(_ points: [Vector2], _ whole: [Int]) -> [(Int, Int, Int)] {
    var ring = whole
    var list: [(Int, Int, Int)] = []
    list.reserveCapacity(ring.count)
    while ring.count > 3 {
      let n = ring.count
      var ear: (k: Int, quality: Double)?
      var fallback = (k: 0, area: -Double.infinity)
      for k in 0..<n {
        let (i, j, l) = (ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n])
        let (a, b, c) = (points[i], points[j], points[l])
        let area = turn(a, b, c)
        if area > fallback.area { fallback = (k, area) }
        guard area > 0 else { continue }
        // The roundest of the first few ears keeps slivers away.
        let (p, q, r) = (b - a, c - b, a - c)
        let quality = area / (dot(p, p) + dot(q, q) + dot(r, r))
        if let ear, quality <= ear.quality { continue }
        let blocked = ring.contains { m in
          let x = points[m]
          return x != a && x != b && x != c && turn(a, b, x) >= 0 && turn(b, c, x) >= 0 && turn(c, a, x) >= 0
        }
        if !blocked { ear = (k, quality) }
        if let ear, ear.quality > 0.1 { break }
      }
      // Rounding may hide every ear of an outline that all but touches itself: the largest corner goes all the same.
      let k = ear?.k ?? fallback.k
      list.append((ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n]))
      ring.remove(at: k)
    }
    if ring.count == 3 { list.append((ring[0], ring[1], ring[2])) }
    return list
  }

  // MARK: - What a polygon must be

  /// Points of an outline and its holes together.
  static let limit = 512

  /// Why these outlines bound no area, or nil where they do.
  static func fault(outer: [Vector2], holes: [[Vector2]]) -> String? {
    let rings = [outer] + holes
    guard rings.reduce(0, { $0 + $1.count }) <= limit else { return "more than \(limit) points" }
    var edges: [(ring: Int, index: Int, a: Vector2, b: Vector2)] = []
    for (r, ring) in rings.enumerated() {
      let name = r == 0 ? "an outline" : "hole \(r - 1)"
      guard ring.count >= 3 else { return "\(name) of \(ring.count) points" }
      for i in ring.indices {
        guard abs(ring[i].x) <= 1e6, abs(ring[i].y) <= 1e6 else { return "\(name) beyond 1e6 metres" }
        guard ring[i] != ring[(i + 1) % ring.count] else { return "\(name) with the same point twice in a row" }
        edges.append((r, i, ring[i], ring[(i + 1) % ring.count]))
      }
      guard abs(doubleArea(ring)) > 1e-15 else { return "\(name) without area" }
    }
    for i in edges.indices {
      for j in edges.indices where j > i {
        let (e, f) = (edges[i], edges[j])
        let n = rings[e.ring].count
        if e.ring == f.ring && (f.index == e.index + 1 || (e.index == 0 && f.index == n - 1)) {
          // Neighbours share a corner; one must not fold back on the other.
          let (a, b, c) = f.index == e.index + 1 ? (e.a, e.b, f.b) : (f.a, f.b, e.b)
          if turn(a, b, c) == 0 && dot(b - a, c - b) < 0 { return "an outline that folds back on itself" }
          continue
        }
        if touch(e.a, e.b, f.a, f.b) {
          return e.ring == f.ring ? "an outline that crosses or touches itself" : "outlines that cross or touch"
        }
      }
    }
    for (h, hole) in holes.enumerated() {
      guard contains(outer, hole[0]) else { return "hole \(h) outside the outline" }
      for (k, other) in holes.enumerated() where k != h && contains(other, hole[0]) { return "hole \(h) in hole \(k)" }
    }
    return nil
  }

  private static func touch(_ a: Vector2, _ b: Vector2, _ c: Vector2, _ d: Vector2) -> Bool {
    if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) { return false }
    if max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) { return false }
    let (p, q) = (turn(a, b, c), turn(a, b, d))
    let (r, s) = (turn(c, d, a), turn(c, d, b))
    return !((p > 0 && q > 0) || (p < 0 && q < 0) || (r > 0 && s > 0) || (r < 0 && s < 0))
  }

  private static func contains(_ ring: [Vector2], _ p: Vector2) -> Bool {
    var inside = false
    for i in ring.indices {
      let (a, b) = (ring[i], ring[(i + 1) % ring.count])
      if (a.y > p.y) != (b.y > p.y), p.x < a.x + (b.x - a.x) * ((p.y - a.y) / (b.y - a.y)) { inside.toggle() }
    }
    return inside
  }
}
