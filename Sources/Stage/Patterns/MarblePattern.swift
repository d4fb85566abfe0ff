import Documents
import Geometry

/// Marble: stripes bent by noise (the marble of Perlin 1985, on a wrapped lattice).
public struct MarblePattern: Pattern {
  /// Veins met on the way along u.
  public var across = 3
  /// Veins met on the way along v.
  public var down = 2
  /// How far veins are bent, in their own distances.
  public var turbulence = 1.5
  /// Cells of the bending noise's coarsest octave along each side.
  public var cells = 3
  public var seed = 0

  public init() {}

  public init(across: Int, down: Int, turbulence: Double = 1.5, cells: Int = 3, seed: Int = 0) {
    self.across = across
    self.down = down
    self.turbulence = turbulence
    self.cells = cells
    self.seed = seed
  }

  public static let manual = Manual(
    name: "marble",
    summary: "Marble: thin veins of the second colour through the first, bent by noise.",
    sample: """
      marble:
        across: 3
        down: 2
        turbulence: 1.5
      """)

  public static let fields: [Field<MarblePattern>] = [
    Field("across", \.across, "Veins met on the way along u; default 3.", in: .closed(0, 256)),
    Field("down", \.down, "Veins met on the way along v; default 2.", in: .closed(-256, 256)),
    Field(
      "turbulence", \.turbulence, "How far veins are bent, in their own distances; 0 to 16, default 1.5.",
      in: .closed(0, 16)),
    Field("cells", \.cells, "Cells of the bending noise along each side; default 3.", in: .closed(1, 256)),
    Field("seed", \.seed, "Which marble; default 0.", in: PatternBound.seed),
  ]

  private var bends: OctaveNoise {
    OctaveNoise(columns: cells, rows: cells, octaves: 4, gain: 0.5, seed: UInt32(truncatingIfNeeded: seed))
  }

  private func tone(u: Double, v: Double, bend: Double) -> Double {
    let turns = u * Double(across) + v * Double(down) + turbulence * bend
    let wave = 0.5 + 0.5 * StableMath.sin(2 * Double.pi * floorAndFraction(turns).fraction)
    // The fourth power makes the crests thin veins.
    let square = min(max(wave, 0), 1) * wave
    return square * square
  }

  public func value(u: Double, v: Double) -> Double { tone(u: u, v: v, bend: bends.value(u: u, v: v)) }

  public var samplesAcrossTexel: Int { 1 }

  public func addRow(v: Double, across: Int, to sums: inout [Double]) {
    let bend = bends.values(v: v, count: sums.count * across)
    let step = 1 / Double(bend.count)
    for i in 0..<bend.count { sums[i / across] += tone(u: (Double(i) + 0.5) * step, v: v, bend: bend[i]) }
  }
}
