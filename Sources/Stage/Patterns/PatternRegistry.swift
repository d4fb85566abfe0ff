import Documents

/// Every pattern that a scene can name: one line each.
public let patternRegistry = PartRegistry<any Pattern>(
  kind: "pattern",
  [
    .init(SolidPattern.self) { $0 },
    .init(CheckerPattern.self) { $0 },
    .init(StripesPattern.self) { $0 },
    .init(DotsPattern.self) { $0 },
    .init(BricksPattern.self) { $0 },
    .init(NoisePattern.self) { $0 },
    .init(MarblePattern.self) { $0 },
    .init(WoodPattern.self) { $0 },
    .init(TextPattern.self) { $0 },
  ])

/// Limits that patterns share.
enum PatternBound {
  /// Repeats along a side.
  static let count = Bound.closed(1, 1024)
  /// Seeds of a pattern's hashes: 32 bits.
  static let seed = Bound.closed(0, 4_294_967_295)
}
