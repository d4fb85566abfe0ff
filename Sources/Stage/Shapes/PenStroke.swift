import Geometry

/// What a round pen draws along a path, raised to a solid: a ribbon with half-round ends, or a ring where the path closes
/// on itself. Where the path turns little from chord to chord, its sides are smooth; their corners lie at the
/// pen's radius from the path's points.
struct PenStroke {
  private let points: [Vector2]
  private let isRing: Bool
  private let radius: Double

  /// The strokes of a path: it is cut where it turns by more than 30 degrees, and the round ends overlap there.
  ///
  /// - Parameters:
  ///   - path: at least two points, neighbours distinct. A path that ends where it began, and turns gently there and
  ///     everywhere, is a ring.
  ///   - radius: of the pen, by the number of the stroke.
  static func strokes(along path: [Vector2], radius: (Int) -> Double) -> [PenStroke] {
    guard path.count > 1 else { return [] }
    var runs: [[Vector2]] = [[path[0]]]
    for (k, p) in path.enumerated().dropFirst() {
      runs[runs.count - 1].append(p)
      guard k + 1 < path.count else { break }
      if isSharp(path[k - 1], p, path[k + 1]) { runs.append([p]) }
    }
    let closes = path.first == path.last && runs.count == 1 && !isSharp(path[path.count - 2], path[0], path[1])
    return runs.enumerated().map { k, run in
      PenStroke(points: closes ? Array(run.dropLast()) : run, isRing: closes, radius: radius(k))
    }
  }

  private static func isSharp(_ a: Vector2, _ b: Vector2, _ c: Vector2) -> Bool {
    dot(direction(a, b), direction(b, c)) < 0.75.squareRoot()
  }

  private static func direction(_ a: Vector2, _ b: Vector2) -> Vector2 {
    let d = b - a
    return d / dot(d, d).squareRoot()
  }

  /// A corner of the outline and its outward normal.
  private struct Corner {
    var position: Vector2
    var normal: Vector2
  }

  /// The corners to the left and to the right of every point.
  private var sides: (left: [Corner], right: [Corner]) {
    let n = points.count
    var left: [Corner] = []
    var right: [Corner] = []
    for i in 0..<n {
      let before = i > 0 || isRing ? PenStroke.direction(points[(i + n - 1) % n], points[i]) : nil
      let after = i < n - 1 || isRing ? PenStroke.direction(points[i], points[(i + 1) % n]) : nil
      guard let first = before ?? after, let second = after ?? before else { continue }
      // Along the bisector of both normals, on the pen's circle: corners lie on the smooth outline.
      let sum = first + second
      let normal = Vector2(-sum.y, sum.x) / dot(sum, sum).squareRoot()
      left.append(Corner(position: points[i] + normal * radius, normal: normal))
      right.append(Corner(position: points[i] - normal * radius, normal: -normal))
    }
    return (left, right)
  }

  /// Steps of a half-round end.
  private static let endSteps = 8

  /// The half-round end around `centre` from the corner `first` to the opposite one, counter-clockwise, both left out.
  private func end(_ centre: Vector2, from first: Corner) -> [Corner] {
    (1..<PenStroke.endSteps).map { k in
      let turn = circlePoint(k, of: 2 * PenStroke.endSteps)
      let n = first.normal
      let normal = Vector2(n.x * turn.x - n.y * turn.y, n.x * turn.y + n.y * turn.x)
      return Corner(position: centre + normal * radius, normal: normal)
    }
  }

  /// Adds the closed solid from z = -`depth`/2 to `depth`/2.
  ///
  /// - Parameter frame: the upper left corner of the texture on the front, and the length that a picture covers.
  func build(into surface: inout SurfaceBuilder, depth: Double, frame: (corner: Vector2, length: Double)) {
    let (left, right) = sides
    if isRing {
      // The outer side is the right one where the path runs counter-clockwise; either way both loops run with the solid
      // on their left.
      wall(right, into: &surface, depth, frame.length)
      wall(left.reversed(), into: &surface, depth, frame.length)
      face(left, right, [], [], into: &surface, depth, frame)
    } else {
      guard let first = points.first, let last = points.last, let start = left.first, let finish = right.last else {
        return
      }
      let front = end(last, from: finish)
      let back = end(first, from: start)
      wall(right + front + left.reversed() + back, into: &surface, depth, frame.length)
      face(left, right, front, back, into: &surface, depth, frame)
    }
  }

  /// The wall under a loop of corners that has the solid on its left. u runs along it, v from the front to the back.
  private func wall(_ loop: [Corner], into surface: inout SurfaceBuilder, _ depth: Double, _ length: Double) {
    var travelled = 0.0
    var last: (front: UInt32, back: UInt32)?
    for k in 0...loop.count {
      let c = loop[k % loop.count]
      if k > 0 {
        let d = c.position - loop[k - 1].position
        travelled += dot(d, d).squareRoot()
      }
      func vertex(_ side: Double, _ v: Double) -> UInt32 {
        surface.vertex(
          Vector3(c.position, side * depth / 2), normal: Vector3(c.normal, 0), uv: Vector2(travelled / length, v))
      }
      let new = (front: vertex(1, 0), back: vertex(-1, depth / length))
      if let last { surface.quad(last.front, last.back, new.back, new.front) }
      last = new
    }
  }

  /// The front and the back. The texture lies flat on them, upright and not mirrored.
  private func face(
    _ left: [Corner], _ right: [Corner], _ front: [Corner], _ back: [Corner], into surface: inout SurfaceBuilder,
    _ depth: Double, _ frame: (corner: Vector2, length: Double)
  ) {
    for side in [1.0, -1.0] {
      func vertex(_ c: Corner) -> UInt32 {
        let uv = Vector2(side * (c.position.x - frame.corner.x), frame.corner.y - c.position.y) / frame.length
        return surface.vertex(Vector3(c.position, side * depth / 2), normal: Vector3(0, 0, side), uv: uv)
      }
      func triangle(_ a: UInt32, _ b: UInt32, _ c: UInt32) {
        if side > 0 { surface.triangle(a, b, c) } else { surface.triangle(a, c, b) }
      }
      let l = left.map(vertex)
      let r = right.map(vertex)
      for i in 0..<(isRing ? l.count : l.count - 1) {
        let j = (i + 1) % l.count
        triangle(l[i], r[i], r[j])
        triangle(l[i], r[j], l[j])
      }
      // The half discs as fans from one of their ends.
      if let a = l.last, let b = r.last {
        var previous = b
        for c in front.map(vertex) {
          triangle(a, previous, c)
          previous = c
        }
      }
      if let a = r.first, let b = l.first {
        var previous = b
        for c in back.map(vertex) {
          triangle(a, previous, c)
          previous = c
        }
      }
    }
  }
}
