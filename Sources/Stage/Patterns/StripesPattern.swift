import Documents

/// Straight stripes at any slant that tiles.
public struct StripesPattern: Pattern {
  /// Stripes met on the way along u.
  public var across = 8
  /// Stripes met on the way along v; its sign is the side to which the stripes lean.
  public var down = 0
  /// Share of the second colour.
  public var width = 0.5

  public init() {}

  public init(across: Int, down: Int = 0, width: Double = 0.5) {
    self.across = across
    self.down = down
    self.width = width
  }

  public static let manual = Manual(
    name: "stripes",
    summary: "Straight stripes: upright with `across` alone, level with `down` alone, slanted with both.",
    sample: """
      stripes:
        across: 6
        down: 3
        width: 0.3
      """)

  public static let fields: [Field<StripesPattern>] = [
    Field("across", \.across, "Stripes met on the way along u; default 8.", in: .closed(0, 1024)),
    Field(
      "down", \.down, "Stripes met on the way along v; its sign is the side they lean to; default 0.",
      in: .closed(-1024, 1024)),
    Field("width", \.width, "Share of the second colour, 0 to 1; default 0.5.", in: .unit),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard across != 0 || down != 0 else {
      throw DocumentError(node.mark, found: "0 stripes across and 0 down", expected: "one of them not to be 0")
    }
  }

  public func value(u: Double, v: Double) -> Double {
    floorAndFraction(u * Double(across) + v * Double(down)).fraction < width ? 1 : 0
  }
}
