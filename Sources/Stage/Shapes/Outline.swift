import Geometry

/// A chain of points in the plane with outward normals, cut at its edges. The solid lies on the right of the way.
struct Outline {
  struct Corner {
    var position: Vector2
    /// Outward, of unit length.
    var normal: Vector2
    /// Length of the way so far over the whole length, 0 to 1.
    var along: Double
  }

  /// Smooth stretches; each begins where the last one ended, a closed chain's last where its first began.
  private(set) var runs: [[Corner]] = []
  /// Of the whole way.
  private(set) var length = 0.0

  /// - Parameters:
  ///   - points: neighbours distinct; a closed chain does not repeat its first point.
  ///   - crease: degrees; where the way turns by more there is an edge.
  init(points: [Vector2], isClosed: Bool, crease: Double) {
    let n = points.count
    let count = isClosed ? n : n - 1
    guard count > 0 else { return }
    var directions: [Vector2] = []
    var starts = [0.0]
    for i in 0..<count {
      let d = points[(i + 1) % n] - points[i]
      let l = dot(d, d).squareRoot()
      directions.append(d / l)
      length += l
      starts.append(length)
    }
    let limit = StableMath.cos(crease.degreesInRadians) - 1e-9
    func isEdge(_ i: Int) -> Bool {
      if !isClosed && (i == 0 || i == n - 1) { return true }
      return dot(directions[(i + count - 1) % count], directions[i % count]) < limit
    }
    /// On the left of the way.
    func normal(_ d: Vector2) -> Vector2 { Vector2(-d.y, d.x) }
    func smooth(_ i: Int) -> Vector2 {
      let sum = directions[(i + count - 1) % count] + directions[i % count]
      let l = dot(sum, sum).squareRoot()
      return normal(l > 0 ? sum / l : directions[i % count])
    }
    // Begin at an edge, where there is one, so that no run is cut in two.
    let first = isClosed ? (0..<n).first(where: isEdge) ?? 0 : 0
    var run: [Corner] = []
    for k in 0...count {
      let i = first + k
      let along = (starts[i % count] + (i >= count && isClosed ? length : 0) - starts[first % count]) / length
      let place = isClosed || i < n ? points[i % n] : points[n - 1]
      let at = k == count ? 1 : along
      let edge = isEdge(isClosed ? i % n : i)
      // A closed chain without edges is a run that ends on its own beginning, with the same normal.
      let incoming = directions[(i + count - 1) % count]
      if k > 0 {
        run.append(Corner(position: place, normal: edge ? normal(incoming) : smooth(i), along: at))
        if edge || k == count {
          runs.append(run)
          run = []
        }
      }
      if k < count, k == 0 || edge {
        run = [Corner(position: place, normal: edge ? normal(directions[i % count]) : smooth(i), along: at)]
      }
    }
  }
}

/// A curve through points: the uniform Catmull-Rom spline (1974), `steps` for each stretch, the points among them.
func smoothed<V: SIMD>(_ points: [V], closed: Bool, steps: Int) -> [V] where V.Scalar == Double {
  guard steps > 1, points.count > 2 else { return points }
  let n = points.count
  func point(_ i: Int) -> V {
    if closed { return points[(i + n) % n] }
    // Beyond the ends the first and last stretch go straight on.
    if i < 0 { return points[0] * 2 - points[1] }
    if i >= n { return points[n - 1] * 2 - points[n - 2] }
    return points[i]
  }
  var curve: [V] = []
  for i in 0..<(closed ? n : n - 1) {
    let (a, b, c, d) = (point(i - 1), point(i), point(i + 1), point(i + 2))
    curve.append(b)
    for k in 1..<steps {
      let t = Double(k) / Double(steps)
      let linear = (c - a) * 0.5
      let square = a - b * 2.5 + c * 2 - d * 0.5
      let cube = (d - a) * 0.5 + (b - c) * 1.5
      curve.append(((cube * t + square) * t + linear) * t + b)
    }
  }
  if !closed { curve.append(points[n - 1]) }
  return curve
}

/// The same, but corners of the chain that turn by more than `crease` degrees stay corners: the curve between two of them
/// is one of its own.
func smoothed(_ points: [Vector2], closed: Bool, steps: Int, crease: Double) -> [Vector2] {
  guard steps > 1, points.count > 2 else { return points }
  let n = points.count
  let limit = StableMath.cos(crease.degreesInRadians) - 1e-9
  func direction(_ i: Int) -> Vector2 {
    let d = points[(i + 1) % n] - points[i % n]
    return d / dot(d, d).squareRoot()
  }
  let inner = closed ? 0..<n : 1..<n - 1
  let corners = inner.filter { dot(direction(($0 + n - 1) % n), direction($0)) < limit }
  guard let first = corners.first else { return smoothed(points, closed: closed, steps: steps) }
  var curve: [Vector2] = []
  func add(_ from: Int, _ to: Int) {
    let run = smoothed((from...to).map { points[$0 % n] }, closed: false, steps: steps)
    curve.append(contentsOf: curve.isEmpty ? run[...] : run.dropFirst())
  }
  let ends = closed ? corners + [first + n] : [0] + corners + [n - 1]
  for (a, b) in zip(ends, ends.dropFirst()) { add(a, b) }
  // A closed chain does not repeat its first point.
  if closed { curve.removeLast() }
  return curve
}
