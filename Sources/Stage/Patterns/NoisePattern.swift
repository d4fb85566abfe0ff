import Documents

/// Clouds of gradient noise.
public struct NoisePattern: Pattern {
  /// Cells of the coarsest octave along each side.
  public var cells = 4
  public var octaves = 4
  /// Amplitude of each octave over the last.
  public var gain = 0.5
  /// Steepness about the middle value.
  public var contrast = 2.0
  public var seed = 0

  public init() {}

  public init(cells: Int, octaves: Int = 4, gain: Double = 0.5, contrast: Double = 2, seed: Int = 0) {
    self.cells = cells
    self.octaves = octaves
    self.gain = gain
    self.contrast = contrast
    self.seed = seed
  }

  public static let manual = Manual(
    name: "noise",
    summary: "Clouds: octaves of gradient noise about the middle of the two colours.",
    sample: """
      noise:
        cells: 4
        octaves: 5
        seed: 7
      """,
    limits: """
      Octaves whose cells are smaller than two texels add grain, not detail. Above a contrast of 1 extremes are cut off \
      at the two colours.
      """)

  public static let fields: [Field<NoisePattern>] = [
    Field("cells", \.cells, "Cells of the coarsest octave along each side; default 4.", in: .closed(1, 512)),
    Field("octaves", \.octaves, "Octaves, each twice as fine as the last; 1 to 8, default 4.", in: .closed(1, 8)),
    Field("gain", \.gain, "Amplitude of each octave over the last, 0 to 1; default 0.5.", in: .unit),
    Field("contrast", \.contrast, "Steepness about the middle value, 0 to 16; default 2.", in: .closed(0, 16)),
    Field("seed", \.seed, "Which clouds; default 0.", in: PatternBound.seed),
  ]

  private var clouds: OctaveNoise {
    OctaveNoise(columns: cells, rows: cells, octaves: octaves, gain: gain, seed: UInt32(truncatingIfNeeded: seed))
  }

  private func tone(_ noise: Double) -> Double { min(max(0.5 + 0.5 * contrast * noise, 0), 1) }

  public func value(u: Double, v: Double) -> Double { tone(clouds.value(u: u, v: v)) }

  public var samplesAcrossTexel: Int { 1 }

  public func addRow(v: Double, across: Int, to sums: inout [Double]) {
    let noise = clouds.values(v: v, count: sums.count * across)
    for i in 0..<noise.count { sums[i / across] += tone(noise[i]) }
  }
}
