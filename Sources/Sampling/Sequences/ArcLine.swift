import Geometry
import Synchronization

/// A line through points that can be walked by length: straight pieces, or a Catmull-Rom spline (Catmull & Rom 1974) whose
/// length is measured along 64 chords a piece. `ArcLine.through` keeps those measured last.
struct ArcLine: Sendable {
  let points: [Vector3]
  /// Whether the last point leads to the first.
  let isClosed: Bool
  let isSmooth: Bool
  /// Metres from the beginning to the end of each chord, 0 first.
  private let sums: [Double]
  private let chords: Int

  static let chordsOfSmooth = 64

  /// - Parameter points: two or more.
  init(_ points: [Vector3], isClosed: Bool, isSmooth: Bool = true) {
    precondition(points.count >= 2, "a line has two points")
    self.points = points
    self.isClosed = isClosed
    self.isSmooth = isSmooth
    chords = isSmooth ? ArcLine.chordsOfSmooth : 1
    let pieces = isClosed ? points.count : points.count - 1
    let corner = Corners(points: points, isClosed: isClosed)
    var sums: [Double] = [0]
    for k in 0..<pieces {
      for i in 0..<chords {
        let a = corner.place(k, Double(i) / Double(chords), isSmooth)
        let step = corner.place(k, Double(i + 1) / Double(chords), isSmooth) - a
        sums.append((sums.last ?? 0) + step.length)
      }
    }
    self.sums = sums
  }

  /// What a line is measured from.
  private struct Form: Hashable {
    var points: [Vector3]
    var isClosed: Bool
    var isSmooth: Bool
  }

  private static let known = Mutex<[Form: ArcLine]>([:])
  /// So that what is kept stays below 20 MB.
  private static let (mostKnown, mostPoints) = (32, 1024)

  /// The line through some points, measured once for all objects and moments that ask for it.
  static func through(_ points: [Vector3], isClosed: Bool, isSmooth: Bool = true) -> ArcLine {
    let form = Form(points: points, isClosed: isClosed, isSmooth: isSmooth)
    if let line = known.withLock({ $0[form] }) { return line }
    let line = ArcLine(points, isClosed: isClosed, isSmooth: isSmooth)
    guard points.count <= mostPoints else { return line }
    known.withLock { lines in
      if lines.count >= mostKnown { lines.removeAll() }
      lines[form] = line
    }
    return line
  }

  /// Metres, 0 where all points are one.
  var length: Double { sums.last ?? 0 }

  /// The place after so many metres, and the unit direction there; nil where all points are one. Metres beyond the ends
  /// are those of the ends.
  func place(after metres: Double) -> (point: Vector3, direction: Vector3?) {
    // The first sum beyond, by halving.
    var (low, high) = (0, sums.count)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > metres { high = middle } else { low = middle + 1 }
    }
    let after = min(max(low, 1), sums.count - 1)
    let length = sums[after] - sums[after - 1]
    let share = length > 0 ? min(max((metres - sums[after - 1]) / length, 0), 1) : 0
    let t = (Double((after - 1) % chords) + share) / Double(chords)
    let corner = Corners(points: points, isClosed: isClosed)
    let k = (after - 1) / chords
    return (corner.place(k, t, isSmooth), corner.slope(k, t, isSmooth).normalized)
  }

  private struct Corners {
    var points: [Vector3]
    var isClosed: Bool

    /// A neighbour of a piece; beyond an open end the curve goes on straight.
    func point(_ k: Int) -> Vector3 {
      let n = points.count
      if isClosed { return points[(k % n + n) % n] }
      if k < 0 { return points[0] * 2 - points[1] }
      if k >= n { return points[n - 1] * 2 - points[n - 2] }
      return points[k]
    }

    /// The point at `t` of piece `k`.
    func place(_ k: Int, _ t: Double, _ isSmooth: Bool) -> Vector3 {
      let (b, c) = (point(k), point(k + 1))
      guard isSmooth else { return b + (c - b) * t }
      let (a, d) = (point(k - 1), point(k + 2))
      let linear = (c - a) * t
      let square = (a * 2 - b * 5 + c * 4 - d) * (t * t)
      let cube = (b * 3 - c * 3 + d - a) * (t * t * t)
      return b + (linear + square + cube) * 0.5
    }

    /// The derivative by `t` there; where it vanishes, the way to the next point.
    func slope(_ k: Int, _ t: Double, _ isSmooth: Bool) -> Vector3 {
      let (b, c) = (point(k), point(k + 1))
      guard isSmooth else { return c - b }
      let (a, d) = (point(k - 1), point(k + 2))
      let square = (a * 2 - b * 5 + c * 4 - d) * (2 * t)
      let cube = (b * 3 - c * 3 + d - a) * (3 * t * t)
      let slope = (c - a + square + cube) * 0.5
      return slope.length > 0 ? slope : c - b
    }
  }
}
