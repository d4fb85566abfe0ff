import Geometry

/// A box in any pose: a centre and three half edges. Objects are compared by their boxes.
struct OrientedBox: Sendable, Hashable {
  private(set) var center: Vector3
  /// Half edges; of length 0 where the box is flat.
  private(set) var a: Vector3
  private(set) var b: Vector3
  private(set) var c: Vector3
  /// Half of the extents along x, y and z.
  private var extent: Vector3

  /// The box between two corners of a frame that `transform` puts somewhere.
  init(lower: Vector3, upper: Vector3, _ transform: AffineTransform = .identity) {
    let half = (upper - lower) / 2
    center = transform * ((lower + upper) / 2)
    a = transform.linear.column0 * half.x
    b = transform.linear.column1 * half.y
    c = transform.linear.column2 * half.z
    extent = OrientedBox.extent(a, b, c)
  }

  private static func extent(_ a: Vector3, _ b: Vector3, _ c: Vector3) -> Vector3 {
    func along(_ k: Int) -> Double { abs(a[k]) + abs(b[k]) + abs(c[k]) }
    return Vector3(along(0), along(1), along(2))
  }

  func transformed(_ t: AffineTransform) -> OrientedBox {
    var box = self
    (box.center, box.a, box.b, box.c) = (t * center, t.linear * a, t.linear * b, t.linear * c)
    box.extent = OrientedBox.extent(box.a, box.b, box.c)
    return box
  }

  /// Half of the box's extent along `axis`, times the length of `axis`.
  func reach(_ axis: Vector3) -> Double { abs(dot(a, axis)) + abs(dot(b, axis)) + abs(dot(c, axis)) }

  /// No corner is farther from the centre.
  private var radius: Double { a.length + b.length + c.length }

  var lower: Vector3 { center - extent }
  var upper: Vector3 { center + extent }

  /// The directions that can part two boxes: the normals of their faces and the products of their edges (Gottschalk et
  /// al., "OBBTree", SIGGRAPH 1996), in no particular length.
  private func axes(_ other: OrientedBox) -> [Vector3] {
    var list: [Vector3] = []
    list.reserveCapacity(15)
    for box in [self, other] {
      list.append(cross(box.b, box.c))
      list.append(cross(box.c, box.a))
      list.append(cross(box.a, box.b))
    }
    // Flat boxes have edges without length; their remaining edges must part them too.
    for p in [a, b, c] { for q in [other.a, other.b, other.c] { list.append(cross(p, q)) } }
    for box in [self, other] where dot(box.a, box.a) == 0 || dot(box.b, box.b) == 0 || dot(box.c, box.c) == 0 {
      list.append(contentsOf: [box.a, box.b, box.c])
      list.append(contentsOf: [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)])
    }
    return list
  }

  /// Lengths below this share of the boxes' own count as touching, which is no overlap.
  static let tolerance = 1e-9

  /// Whether the boxes share more than their surface, each grown by half of `gap` metres.
  func overlaps(_ other: OrientedBox, gap: Double = 0) -> Bool {
    let d = other.center - center
    let far = radius + other.radius + gap
    if dot(d, d) > far * far { return false }
    for axis in axes(other) {
      let length = axis.length
      guard length > 0 else { continue }
      let reach = (self.reach(axis) + other.reach(axis)) / length + gap
      if abs(dot(d, axis)) / length >= reach - OrientedBox.tolerance * (1 + reach) { return false }
    }
    return true
  }

  /// The stretch of heights by which this box can be lifted so that the two overlap; nil where they never do.
  func overlapHeights(_ other: OrientedBox) -> ClosedRange<Double>? {
    let d = center - other.center
    var (low, high) = (-Double.infinity, Double.infinity)
    for axis in axes(other) {
      let length = axis.length
      guard length > 0 else { continue }
      let n = axis / length
      let reach = self.reach(n) + other.reach(n)
      let start = dot(d, n)
      if abs(n.z) < 1e-12 {
        if abs(start) >= reach - OrientedBox.tolerance * (1 + reach) { return nil }
        continue
      }
      let (p, q) = ((-reach - start) / n.z, (reach - start) / n.z)
      low = max(low, min(p, q))
      high = min(high, max(p, q))
      if low > high { return nil }
    }
    return low.isFinite && high.isFinite ? low...high : nil
  }

  /// The distance by which the boxes are apart along the axis that parts them best; negative where they overlap.
  func separation(_ other: OrientedBox) -> Double {
    let d = other.center - center
    var best = -Double.infinity
    for axis in axes(other) {
      let length = axis.length
      guard length > 0 else { continue }
      best = max(best, (abs(dot(d, axis)) - reach(axis) - other.reach(axis)) / length)
    }
    return best
  }
}
