import Documents

/// A board sawn along the grain, which runs along v.
public struct WoodPattern: Pattern {
  /// Year rings met on the way along u.
  public var rings = 8
  /// How far the rings wander, in their own distances.
  public var waviness = 0.8
  /// Strength of the fine fibres.
  public var fibre = 0.15
  public var seed = 0

  public init() {}

  public init(rings: Int, waviness: Double = 0.8, fibre: Double = 0.15, seed: Int = 0) {
    self.rings = rings
    self.waviness = waviness
    self.fibre = fibre
    self.seed = seed
  }

  public static let manual = Manual(
    name: "wood",
    summary: "A board sawn along the grain: year rings that darken slowly to the second colour and end sharply.",
    sample: """
      wood:
        rings: 8
        waviness: 0.8
        fibre: 0.15
      """,
    limits: "The grain runs along v, and rings are lines, as in quarter-sawn wood: there are no knots and no flame.")

  public static let fields: [Field<WoodPattern>] = [
    Field("rings", \.rings, "Year rings met on the way along u; default 8.", in: .closed(1, 256)),
    Field(
      "waviness", \.waviness, "How far the rings wander, in their own distances; 0 to 8, default 0.8.",
      in: .closed(0, 8)),
    Field("fibre", \.fibre, "Strength of the fine fibres, 0 to 1; default 0.15.", in: .unit),
    Field("seed", \.seed, "Which board; default 0.", in: PatternBound.seed),
  ]

  // Cells are long along the grain.
  private var wanders: OctaveNoise {
    OctaveNoise(columns: 4, rows: 1, octaves: 2, gain: 0.5, seed: UInt32(truncatingIfNeeded: seed))
  }

  private var fibres: OctaveNoise {
    OctaveNoise(columns: 96, rows: 4, octaves: 1, gain: 1, seed: UInt32(truncatingIfNeeded: seed) ^ 0x5555_5555)
  }

  private func tone(u: Double, wander: Double, fibres: Double) -> Double {
    let ring = floorAndFraction(u * Double(rings) + waviness * wander).fraction
    // Early wood darkens over seven eighths of a ring, then the next year begins.
    let tone = ring < 0.875 ? ring / 0.875 : (1 - ring) * 8
    return min(max(tone * tone * 0.8 + 0.1 + fibre * fibres, 0), 1)
  }

  public func value(u: Double, v: Double) -> Double {
    tone(u: u, wander: wanders.value(u: u, v: v), fibres: fibres.value(u: u, v: v))
  }

  public var samplesAcrossTexel: Int { 1 }

  public func addRow(v: Double, across: Int, to sums: inout [Double]) {
    let wander = wanders.values(v: v, count: sums.count * across)
    let fibre = fibres.values(v: v, count: sums.count * across)
    let step = 1 / Double(wander.count)
    for i in 0..<wander.count {
      sums[i / across] += tone(u: (Double(i) + 0.5) * step, wander: wander[i], fibres: fibre[i])
    }
  }
}
