import Documents

/// One value everywhere.
public struct SolidPattern: Pattern {
  /// 0 the first colour, 1 the second.
  public var value = 0.0

  public init() {}

  public init(value: Double) { self.value = value }

  public static let manual = Manual(
    name: "solid",
    summary: "One colour everywhere.",
    sample: """
      solid:
        value: 0.5
      """)

  public static let fields: [Field<SolidPattern>] = [
    Field("value", \.value, "0 for the first colour, 1 for the second; default 0.", in: .unit)
  ]

  public func value(u: Double, v: Double) -> Double { value }
  public var samplesAcrossTexel: Int { 1 }
}
