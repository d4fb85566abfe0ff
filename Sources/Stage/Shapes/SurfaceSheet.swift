import Geometry

extension SurfaceBuilder {
  struct SheetCorner {
    var position: Vector3
    /// Outwards, of any length but 0.
    var normal: Vector3
    var uv: Vector2
  }

  /// A grid of quads: `columns + 1` by `rows + 1` corners. Seen from outside, columns run to the right and rows down. Where
  /// a row is a single point, each column has a corner of its own there, of which `columns` are used: those on the left
  /// in the first row, those on the right in the last.
  mutating func sheet(columns: Int, rows: Int, corner: (_ column: Int, _ row: Int) -> SheetCorner) {
    var above: [UInt32] = []
    for j in 0...rows {
      let row = (0...columns).map { i in
        let c = corner(i, j)
        return vertex(c.position, normal: c.normal, uv: c.uv)
      }
      if j > 0 { for i in 0..<columns { quad(above[i], row[i], row[i + 1], above[i + 1]) } }
      above = row
    }
  }
}

/// A tube along a chain of points, round, closed by flat discs or half balls, or joined into a ring.
struct TubeSweep {
  enum Ends {
    case flat
    case round
    /// The last point is joined to the first.
    case ring
  }

  /// At least two, neighbours distinct; a ring does not repeat its first.
  var points: [Vector3]
  /// One a point, above 0.
  var radii: [Double]
  var segments: Int
  var ends: Ends

  private static let capRows = 6

  /// The tube's axes at each point: the way on, and a perpendicular that turns as little as can be (Wang et al.,
  /// "Computation of Rotation Minimizing Frames", 2008, double reflection).
  private func frames() -> [(way: Vector3, side: Vector3)] {
    let n = points.count
    func direction(_ i: Int) -> Vector3? { (points[(i + 1) % n] - points[i % n]).normalized }
    var ways: [Vector3] = []
    for i in 0..<n {
      let before = i > 0 || ends == .ring ? direction((i + n - 1) % n) : nil
      let after = i < n - 1 || ends == .ring ? direction(i) : nil
      let sum = (before ?? Vector3()) + (after ?? Vector3())
      ways.append(sum.normalized ?? after ?? before ?? Vector3(0, 0, 1))
    }
    var list = [(way: ways[0], side: ways[0].anyPerpendicular)]
    for i in 1..<(ends == .ring ? n + 1 : n) {
      let (p, q) = (points[i - 1], points[i % n])
      let last = list[i - 1]
      let step = q - p
      let c1 = 2 / dot(step, step)
      let side = last.side - step * (c1 * dot(step, last.side))
      let way = last.way - step * (c1 * dot(step, last.way))
      let turn = ways[i % n] - way
      let c2 = dot(turn, turn)
      let turned = c2 > 0 ? side - turn * (2 * dot(turn, side) / c2) : side
      // Rounding is kept from adding up.
      let level = turned - ways[i % n] * dot(turned, ways[i % n])
      list.append((ways[i % n], level.normalized ?? ways[i % n].anyPerpendicular))
    }
    return list
  }

  func build(into surface: inout SurfaceBuilder) {
    let n = points.count
    var frames = frames()
    var lengths = [0.0]
    for i in 1..<frames.count { lengths.append(lengths[i - 1] + (points[i % n] - points[i - 1]).length) }
    let whole = lengths[lengths.count - 1]
    if ends == .ring {
      // What the axes have turned by on the way round is given back bit by bit.
      let (first, last) = (frames[0], frames[n])
      let other = cross(first.side, first.way)
      let angle = StableMath.atan2(dot(last.side, other), dot(last.side, first.side))
      for i in 1..<n {
        let (s, c) = StableMath.sincos(-angle * lengths[i] / whole)
        frames[i].side = frames[i].side * c + cross(frames[i].side, frames[i].way) * s
      }
      frames[n] = first
    }
    let around = (0...segments).map { circlePoint($0, of: segments) }
    let circumference = 2 * Double.pi * (radii.max() ?? 1)

    /// A row of the surface: a circle about the way, moved along it.
    struct Row {
      var centre: Vector3
      var way: Vector3
      var side: Vector3
      var radius: Double
      /// Of the normal, along the way.
      var lean: Double
      var v: Double
    }
    var rows: [Row] = []
    let cap = TubeSweep.capRows
    func round(_ i: Int, _ sign: Double) -> [Row] {
      (0..<cap).map { k in
        // From the tip to the rim.
        let p = circlePoint(sign < 0 ? k : cap - 1 - k, of: 4 * cap)
        let r = radii[i]
        return Row(
          centre: points[i] + frames[i].way * (sign * p.x * r), way: frames[i].way, side: frames[i].side,
          radius: p.y * r, lean: sign * p.x / max(p.y, 1e-3),
          v: (lengths[i] + sign * (1 - p.y) * r) / circumference)
      }
    }
    if ends == .round { rows += round(0, -1) }
    for i in 0..<frames.count {
      let k = i % n
      let (a, b) = (max(i - 1, 0), min(i + 1, n - 1))
      let slope =
        ends == .ring || b <= a ? 0 : (radii[b] - radii[a]) / max((points[b] - points[a]).length, 1e-12)
      rows.append(
        Row(
          centre: points[k], way: frames[i].way, side: frames[i].side, radius: radii[k], lean: -slope,
          v: lengths[i] / circumference))
    }
    if ends == .round { rows += round(n - 1, 1) }

    surface.sheet(columns: segments, rows: rows.count - 1) { i, j in
      let row = rows[j]
      let other = cross(row.side, row.way)
      let out = row.side * around[i].x + other * around[i].y
      let tip = ends == .round && (j == 0 || j == rows.count - 1)
      let u = (Double(i) + (tip ? (j == 0 ? 0.5 : -0.5) : 0)) / Double(segments)
      return .init(
        position: tip ? row.centre : row.centre + out * row.radius,
        normal: tip ? row.way * (j == 0 ? -1 : 1) : out + row.way * row.lean, uv: Vector2(u, row.v))
    }
    guard ends == .flat else { return }
    for (row, sign) in [(rows[0], -1.0), (rows[rows.count - 1], 1)] {
      let other = cross(row.side, row.way)
      let normal = row.way * sign
      let centre = surface.vertex(row.centre, normal: normal, uv: Vector2(0.5, 0.5))
      let rim = (0..<segments).map { i in
        surface.vertex(
          row.centre + (row.side * around[i].x + other * around[i].y) * row.radius, normal: normal,
          uv: Vector2(0.5 - sign * 0.5 * around[i].x, 0.5 - 0.5 * around[i].y))
      }
      for i in 0..<segments {
        let (a, b) = (rim[i], rim[(i + 1) % segments])
        if sign < 0 { surface.triangle(centre, a, b) } else { surface.triangle(centre, b, a) }
      }
    }
  }
}
