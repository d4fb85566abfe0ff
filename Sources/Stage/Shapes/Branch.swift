import Documents
import Geometry

/// A twig or a bare tree: a bent stem from which smaller ones grow.
public struct Branch: Shape {
  /// Of the stem, in metres.
  public var length = 1.0
  /// Of the stem at its foot, in metres.
  public var radius = 0.04
  /// Generations of twigs on the stem.
  public var levels = 2
  /// Twigs on each stem.
  public var twigs = 6
  /// Degrees between a twig and its stem.
  public var angle = 45.0
  /// Length of a twig over its stem's.
  public var ratio = 0.55
  /// How crooked all is.
  public var bend = 0.3
  public var seed = 0

  public init() {}

  public init(
    length: Double, radius: Double, levels: Int = 2, twigs: Int = 6, angle: Double = 45, ratio: Double = 0.55,
    bend: Double = 0.3, seed: Int = 0
  ) {
    self.length = length
    self.radius = radius
    self.levels = levels
    self.twigs = twigs
    self.angle = angle
    self.ratio = ratio
    self.bend = bend
    self.seed = seed
  }

  public static let manual = Manual(
    name: "branch",
    summary: "A twig or a bare tree that grows from the origin along +z: a bent stem from which smaller ones grow.",
    sample: """
      branch:
        length: 0.3
        radius: 0.006
        levels: 2
        twigs: 5
        seed: {$integer: [0, 1000]}
      """,
    limits: "Every stem is a closed, tapered rod with a round tip that begins inside its parent: they overlap. At most "
      + "2,000 stems. No leaves.")

  public static let fields: [Field<Branch>] = [
    Field("length", \.length, "Length of the stem in metres; default 1.", in: ShapeBound.length),
    Field("radius", \.radius, "Radius of the stem's foot in metres; default 0.04.", in: ShapeBound.length),
    Field("levels", \.levels, "Generations of twigs, 0 for the stem alone; default 2.", in: .closed(0, 4)),
    Field("twigs", \.twigs, "Twigs on each stem; default 6.", in: .closed(0, 24)),
    Field("angle", \.angle, "Degrees between a twig and its stem; default 45.", in: .closed(5, 120)),
    Field("ratio", \.ratio, "Length of a twig over its stem's; default 0.55.", in: .closed(0.1, 0.95)),
    Field("bend", \.bend, "How crooked everything is, 0 to 1; default 0.3.", in: .unit),
    Field("seed", \.seed, "Which branch; default 0.", in: .closed(0, 4_294_967_295)),
  ]

  private static let limit = 2000

  public func validate(_ node: Node) throws(DocumentError) {
    var (count, generation) = (1, 1)
    for _ in 0..<levels {
      generation *= twigs
      count += generation
    }
    guard count <= Branch.limit else {
      throw DocumentError(
        (node["twigs"] ?? node["levels"] ?? node).mark, found: "\(count) stems of \(levels) levels of \(twigs) twigs",
        expected: "at most \(Branch.limit) stems")
    }
  }

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    var number = 0
    grow(
      from: Vector3(), along: Vector3(0, 0, 1), length: length, radius: radius, level: 0, number: &number,
      into: &surface)
    return surface.mesh()
  }

  /// A number in [0, 1) for a purpose of a stem.
  private func chance(_ number: Int, _ purpose: Int) -> Double {
    unitInterval(latticeHash(number, purpose, seed: UInt32(truncatingIfNeeded: seed)))
  }

  private static let steps = 10

  private func grow(
    from foot: Vector3, along direction: Vector3, length: Double, radius: Double, level: Int, number: inout Int,
    into surface: inout SurfaceBuilder
  ) {
    let own = number
    number += 1
    // The way: a walk whose direction wanders.
    var (point, way) = (foot, direction)
    var points = [point]
    for k in 0..<Branch.steps {
      let turn = Vector3(chance(own, 3 * k), chance(own, 3 * k + 1), chance(own, 3 * k + 2)) * 2 - 1
      way = (way + turn * (bend * 0.45)).normalized ?? way
      point += way * (length / Double(Branch.steps))
      points.append(point)
    }
    // A tip of a third of the foot's radius.
    let radii = points.indices.map { radius * (1 - 0.67 * Double($0) / Double(Branch.steps)) }
    TubeSweep(points: points, radii: radii, segments: level == 0 ? 16 : level == 1 ? 10 : 7, ends: .round)
      .build(into: &surface)
    guard level < levels else { return }
    for twig in 0..<twigs {
      // From a quarter of the stem to its tip, around it by golden angles.
      let share = 0.25 + 0.7 * (Double(twig) + chance(own, 100 + twig)) / Double(twigs)
      let place = share * Double(Branch.steps)
      let k = min(Int(place), Branch.steps - 1)
      let start = points[k] + (points[k + 1] - points[k]) * (place - Double(k))
      guard let axis = (points[k + 1] - points[k]).normalized else { continue }
      let side = axis.anyPerpendicular
      let (s, c) = StableMath.sincos(2.399_963_229_728_653 * Double(twig) + 2 * Double.pi * chance(own, 200))
      let out = side * c + cross(axis, side) * s
      let (sa, ca) = StableMath.sincos((angle * (0.8 + 0.4 * chance(own, 300 + twig))).degreesInRadians)
      let stem = radii[k] + (radii[k + 1] - radii[k]) * (place - Double(k))
      grow(
        from: start, along: axis * ca + out * sa,
        length: length * ratio * (1.15 - 0.6 * share) * (0.8 + 0.4 * chance(own, 400 + twig)), radius: stem * 0.6,
        level: level + 1, number: &number, into: &surface)
    }
  }
}
