import Documents
import Geometry

/// A profile turned about the z axis: vases, bottles, chessmen, knobs, rings.
public struct Lathe: Shape {
  /// (distance from the axis, height) of the outline, in metres, from one end to the other.
  public var profile = [Vector2(0, 0.5), Vector2(0.3, 0.3), Vector2(0.2, -0.1), Vector2(0.4, -0.5), Vector2(0, -0.5)]
  /// Whether the outline closes on itself, a ring, instead of at the axis.
  public var ring = false
  /// Where the outline turns by more degrees than this, it has an edge.
  public var crease = 40.0
  /// Steps of a curve through each stretch of the profile; 1 joins its points by straight lines.
  public var smoothness = 1
  public var segments = 64

  public init() {}

  public init(profile: [Vector2], ring: Bool = false, crease: Double = 40, smoothness: Int = 1, segments: Int = 64) {
    self.profile = profile
    self.ring = ring
    self.crease = crease
    self.smoothness = smoothness
    self.segments = segments
  }

  public static let manual = Manual(
    name: "lathe",
    summary: "A profile turned about the z axis: vases, bottles, knobs, rings.",
    sample: """
      lathe:
        profile: [[0, 0.12], [0.02, 0.11], [0.014, 0.08], [0.035, 0.03], [0.03, 0], [0, 0]]
        smoothness: 6
        crease: 50
      """,
    limits: """
      Always closed: where an end of the profile does not lie on the axis, a flat disc closes it. The profile may run \
      either way, but must not cross itself, which is not looked for. u runs around the axis, v along the profile.
      """)

  public static let fields: [Field<Lathe>] = [
    Field(
      "profile", \.profile, "The outline as [distance from the axis, height] in metres; 2 to 256 points.",
      required: true),
    Field("ring", \.ring, "Whether the last point is joined to the first, for a ring; default false."),
    Field(
      "crease", \.crease, "The outline has an edge where it turns by more than this, in degrees; default 40.",
      in: .closed(0, 180)),
    Field(
      "smoothness", \.smoothness, "Steps of a curve through each stretch; 1, the default, draws straight lines.",
      in: .closed(1, 64)),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    let place = node["profile"] ?? node
    func fail(_ found: String, _ expected: String) -> DocumentError {
      DocumentError(place.mark, found: found, expected: expected, path: "profile")
    }
    guard (2...256).contains(profile.count) else { throw fail("\(profile.count) points", "2 to 256 points") }
    for (i, p) in profile.enumerated() {
      guard p.x >= 0, p.x <= 1e6, abs(p.y) <= 1e6 else {
        throw fail("the point [\(p.x), \(p.y)]", "a distance from the axis from 0 to 1e6, and a height within 1e6")
      }
      if p.x == 0, ring || (i > 0 && i < profile.count - 1) {
        throw fail("a point on the axis", "the axis at the ends of an open profile only")
      }
      if i > 0, p == profile[i - 1] { throw fail("the point [\(p.x), \(p.y)] twice", "neighbours that differ") }
    }
    if ring, profile.count < 3 || profile[0] == profile[profile.count - 1] {
      throw fail("a ring of \(profile.count) points", "three or more, the first not repeated at the end")
    }
    if !ring, profile.count == 2, profile[0].x == 0, profile[1].x == 0 {
      throw fail("a profile on the axis", "a point off the axis")
    }
    guard abs(doubleArea) > 1e-15 else { throw fail("a profile around nothing", "an outline that encloses an area") }
  }

  /// Twice the area between the profile and the axis, or in the ring; above 0 where it runs clockwise with the axis on
  /// the left, as `revolve` wants it.
  private var doubleArea: Double {
    var points = profile
    if !ring { points += [Vector2(0, profile[profile.count - 1].y), Vector2(0, profile[0].y)] }
    var sum = 0.0
    for i in points.indices {
      let (p, q) = (points[i], points[(i + 1) % points.count])
      sum += q.x * p.y - p.x * q.y
    }
    return sum
  }

  public func makeMesh() -> Mesh {
    var points = doubleArea > 0 ? profile : profile.reversed()
    points = smoothed(points, closed: ring, steps: smoothness, crease: crease).map { Vector2(max($0.x, 0), $0.y) }
    if !ring {
      if profile.first?.x == 0 || profile.last?.x == 0 {
        // A curve may not overshoot the axis at its ends, which lie on it to the bit.
        points = points.enumerated().filter { $0.offset == 0 || $0.offset == points.count - 1 || $0.element.x > 0 }
          .map(\.element)
      }
    }
    var surface = SurfaceBuilder()
    for run in Outline(points: points, isClosed: ring, crease: crease).runs {
      surface.revolve(
        run.map { .init(radius: $0.position.x, z: $0.position.y, normal: $0.normal, v: $0.along) }, segments: segments)
    }
    if !ring, let first = points.first, let last = points.last {
      if first.x > 0 { surface.disc(radius: first.x, z: first.y, segments: segments, facingUp: true) }
      if last.x > 0 { surface.disc(radius: last.x, z: last.y, segments: segments, facingUp: false) }
    }
    return surface.mesh()
  }
}
