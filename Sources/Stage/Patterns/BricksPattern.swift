import Documents

/// A brick wall in running bond.
public struct BricksPattern: Pattern {
  /// Bricks in a course.
  public var columns = 4
  /// Pairs of courses: each second course is shifted by half a brick.
  public var pairs = 4
  /// Width of a joint as a fraction of a course's height.
  public var mortar = 0.12
  /// How far the bricks' tones differ.
  public var variation = 0.3
  public var seed = 0

  public init() {}

  public init(columns: Int, pairs: Int, mortar: Double = 0.12, variation: Double = 0.3, seed: Int = 0) {
    self.columns = columns
    self.pairs = pairs
    self.mortar = mortar
    self.variation = variation
    self.seed = seed
  }

  public static let manual = Manual(
    name: "bricks",
    summary: "A brick wall in running bond: bricks near the first colour, mortar of the second.",
    sample: """
      bricks:
        columns: 4
        pairs: 6
        mortar: 0.1
        variation: 0.4
      """,
    limits: "Joints are as wide upright as level where a brick is twice as long as it is high.")

  public static let fields: [Field<BricksPattern>] = [
    Field("columns", \.columns, "Bricks in a course; default 4.", in: PatternBound.count),
    Field("pairs", \.pairs, "Pairs of courses; default 4, eight courses.", in: PatternBound.count),
    Field(
      "mortar", \.mortar, "Width of a joint as a fraction of a course's height, 0 to 0.5; default 0.12.",
      in: .closed(0, 0.5)),
    Field(
      "variation", \.variation, "Bricks take values from 0 up to this, at random; 0 to 1, default 0.3.", in: .unit),
    Field("seed", \.seed, "Which bricks have which tone; default 0.", in: PatternBound.seed),
  ]

  public func value(u: Double, v: Double) -> Double {
    let (course, y) = floorAndFraction(v * Double(2 * pairs))
    let (column, x) = floorAndFraction(u * Double(columns) + (course & 1 == 0 ? 0 : 0.5))
    // Half a joint lies on each side of a brick, which is two courses' heights long.
    let joint = mortar / 2
    guard y >= joint, y < 1 - joint, x >= joint / 2, x < 1 - joint / 2 else { return 1 }
    let hash = latticeHash(
      wrapped(column, columns), wrapped(course, 2 * pairs), seed: UInt32(truncatingIfNeeded: seed))
    return variation * unitInterval(hash)
  }
}
