import Documents

/// A chessboard.
public struct CheckerPattern: Pattern {
  /// Pairs of squares along each side.
  public var pairs = 4

  public init() {}

  public init(pairs: Int) { self.pairs = pairs }

  public static let manual = Manual(
    name: "checker",
    summary: "A chessboard whose upper left square has the first colour.",
    sample: """
      checker:
        pairs: 4
      """,
    limits: "Squares come in pairs, for an odd number of them would not tile.")

  public static let fields: [Field<CheckerPattern>] = [
    Field(
      "pairs", \.pairs, "Pairs of squares along each side; default 4, a chessboard of 8 by 8.", in: PatternBound.count)
  ]

  public func value(u: Double, v: Double) -> Double {
    let column = floorAndFraction(u * Double(2 * pairs)).floor
    let row = floorAndFraction(v * Double(2 * pairs)).floor
    return Double((column + row) & 1)
  }
}
