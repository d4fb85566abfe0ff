import Documents

/// Round dots on a square lattice.
public struct DotsPattern: Pattern {
  /// Dots along each side.
  public var count = 6
  /// Radius as a fraction of the distance between neighbours.
  public var radius = 0.3

  public init() {}

  public init(count: Int, radius: Double = 0.3) {
    self.count = count
    self.radius = radius
  }

  public static let manual = Manual(
    name: "dots",
    summary: "Round dots of the second colour on a square lattice.",
    sample: """
      dots:
        count: 6
        radius: 0.3
      """,
    limits: "Dots are round where u and v have the same scale on the surface. Above a radius of 0.5 they overlap.")

  public static let fields: [Field<DotsPattern>] = [
    Field("count", \.count, "Dots along each side; default 6.", in: PatternBound.count),
    Field(
      "radius", \.radius, "Radius as a fraction of the distance between neighbours, 0 to 0.71; default 0.3.",
      in: .closed(0, 0.71)),
  ]

  public func value(u: Double, v: Double) -> Double {
    // From the nearest lattice middle.
    let x = floorAndFraction(u * Double(count)).fraction - 0.5
    let y = floorAndFraction(v * Double(count)).fraction - 0.5
    return x * x + y * y < radius * radius ? 1 : 0
  }
}
