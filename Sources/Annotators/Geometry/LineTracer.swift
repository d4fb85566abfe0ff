// A straight line in space as the picture shows it: cut to what the camera projects and to the image, and where the lens
// bends it cut into chords.
//
// Places along a line between a and b are t from 0 to 1, the point a + t (b - a). Seen from the camera, the line's share s of
// the angle (or, in a plane picture, of the length) is not its share t of the metres; the point that cuts the angle in half
// is t = |a| / (|a| + |b|) (Euclid, Elements VI.3).

import Geometry
import Stage

struct LineTracer {
  /// A point of the line that the camera projects.
  struct Sample: Equatable {
    var t: Double
    /// Camera axes.
    var point: Vector3
    /// Raster units.
    var place: Vector2
  }

  let camera: Camera
  let width: Double
  let height: Double
  /// How far chords may stand off a bent line; pixels.
  let tolerance: Double

  /// Two rays farther apart than this (2 degrees) are not taken for neighbours: the cosine.
  private static let neighbours = 0.9993908270190958

  /// The stretches of the line between two points, in camera axes, that lie inside the image, each of two samples or more.
  func stretches(_ a: Vector3, _ b: Vector3) -> [[Sample]] {
    camera.isBent ? bent(a, b) : straight(a, b)
  }

  func sample(_ t: Double, _ a: Vector3, _ b: Vector3) -> Sample? {
    let p = t == 0 ? a : t == 1 ? b : a + (b - a) * t
    return camera.project(p).map { Sample(t: t, point: p, place: $0) }
  }

  /// The t of a share `s` of the way from one sample to a later one as the picture shows it: exact where the picture is
  /// plane, near enough to step by elsewhere.
  func along(_ s: Double, _ from: Sample, _ to: Sample) -> Double {
    if camera.isParallel { return from.t + (to.t - from.t) * s }
    let (x, y) = camera.depthIsDistance ? (from.point.length, to.point.length) : (from.point.z, to.point.z)
    let sum = s * x + (1 - s) * y
    return sum > 0 ? from.t + (to.t - from.t) * (s * x / sum) : (from.t + to.t) / 2
  }

  // MARK: - Plane pictures

  /// All limits are planes: Liang & Barsky (1984) in space.
  private func straight(_ a: Vector3, _ b: Vector3) -> [[Sample]] {
    let c = camera
    // A hair beyond the near plane, so that rounding does not put the end before it.
    let near = c.near * (1 + 1e-12)
    func sides(_ p: Vector3) -> [Double] {
      let w = c.isParallel ? 1 : p.z
      let (u, v) = (c.fx * p.x + c.cx * w, c.fy * p.y + c.cy * w)
      return [p.z - near, u, width * w - u, v, height * w - v]
    }
    var (low, high) = (0.0, 1.0)
    for (x, y) in zip(sides(a), sides(b)) {
      if x < 0 && y < 0 { return [] }
      if x < 0 { low = max(low, x / (x - y)) }
      if y < 0 { high = min(high, x / (x - y)) }
    }
    guard low < high, let first = sample(low, a, b), let last = sample(high, a, b) else { return [] }
    return [[first, last]]
  }

  // MARK: - Bent pictures

  private func isInside(_ s: Sample?) -> Bool {
    guard let p = s?.place else { return false }
    return p.x >= 0 && p.y >= 0 && p.x <= width && p.y <= height
  }

  private func bent(_ a: Vector3, _ b: Vector3) -> [[Sample]] {
    var nodes: [(t: Double, sample: Sample?)] = [(0, sample(0, a, b))]
    divide(a, b, 0, 1, nodes[0].sample, sample(1, a, b), 0, &nodes)
    var stretches: [[Sample]] = []
    var open: [Sample] = []
    for (k, node) in nodes.enumerated() {
      let was = k > 0 && isInside(nodes[k - 1].sample)
      let now = isInside(node.sample)
      if k > 0, was != now, let edge = crossing(a, b, was ? nodes[k - 1].t : node.t, was ? node.t : nodes[k - 1].t) {
        open.append(edge)
      }
      if now, let s = node.sample, open.last != s { open.append(s) }
      if !now, !open.isEmpty {
        if open.count > 1 { stretches.append(open) }
        open = []
      }
    }
    if open.count > 1 { stretches.append(open) }
    return stretches
  }

  /// Appends what lies behind the beginning of a stretch, its end last.
  private func divide(
    _ a: Vector3, _ b: Vector3, _ t0: Double, _ t1: Double, _ from: Sample?, _ to: Sample?, _ level: Int,
    _ nodes: inout [(t: Double, sample: Sample?)]
  ) {
    let (p, q) = (a + (b - a) * t0, a + (b - a) * t1)
    let (l, m) = (p.length, q.length)
    if level < 32, l + m > 0 {
      let isWide = dot(p, q) < LineTracer.neighbours * l * m
      let t = t0 + (t1 - t0) * (l / (l + m))
      let middle = sample(t, a, b)
      var isBent = false
      if let from, let middle, let to, touches(from.place, middle.place, to.place) {
        isBent = distance(middle.place, from.place, to.place) > tolerance
      }
      if t > t0, t < t1, isWide || isBent || (isInside(middle) && !isInside(from) && !isInside(to)) {
        divide(a, b, t0, t, from, middle, level + 1, &nodes)
        divide(a, b, t, t1, middle, to, level + 1, &nodes)
        return
      }
    }
    nodes.append((t1, to))
  }

  /// Whether the box around three places reaches into the image.
  private func touches(_ p: Vector2, _ q: Vector2, _ r: Vector2) -> Bool {
    let (low, high) = (pointwiseMin(p, pointwiseMin(q, r)), pointwiseMax(p, pointwiseMax(q, r)))
    return high.x >= 0 && high.y >= 0 && low.x <= width && low.y <= height
  }

  private func distance(_ p: Vector2, _ a: Vector2, _ b: Vector2) -> Double {
    let (ab, ap) = (b - a, p - a)
    let l = dot(ab, ab)
    let t = l > 0 ? min(max(dot(ap, ab) / l, 0), 1) : 0
    let d = ap - ab * t
    return dot(d, d).squareRoot()
  }

  /// The last sample inside the image on the way from inside to outside.
  private func crossing(_ a: Vector3, _ b: Vector3, _ inside: Double, _ outside: Double) -> Sample? {
    var (x, y) = (inside, outside)
    for _ in 0..<60 {
      let t = x + (y - x) / 2
      if isInside(sample(t, a, b)) { x = t } else { y = t }
    }
    return sample(x, a, b)
  }
}
