import Documents
import Geometry

/// Rust that eats into what is below.
public struct Rust: SurfaceLayer {
  public var coverage = 0.4
  public var color = ColorValue(Vector3(0.28, 0.09, 0.03))
  public var cells = 4
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "rust",
    summary: "Rust that covers a share of what is below it.",
    sample: """
      rust:
        coverage: 0.4
        seed: 3
      """)

  public static let fields: [Field<Rust>] = [
    Field("coverage", \.coverage, "Share of the surface that has rusted, about; 0 to 1, default 0.4.", in: .unit),
    Field("color", \.color, "Colour of the rust; default a red brown.", in: .unit),
    Field("cells", \.cells, "Rusty places along each side; default 4.", in: .closed(1, 256)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let places = layerNoise(row.count, v: v, cells: cells, octaves: 6, seed: seed)
    let tones = layerNoise(row.count, v: v, cells: 6 * cells, octaves: 4, seed: seed, purpose: 1)
    let level = coverage >= 1 ? -1.5 : coverage <= 0 ? 1.5 : 0.42 * (1 - 2 * coverage)
    for i in row.indices {
      let share = smoothStep(level - 0.06, level + 0.06, places[i])
      let tone = 1 + 0.7 * tones[i]
      row[i].cover(
        share, color: pointwiseMin(color.linear * tone, Vector3(1, 1, 1)), roughness: 0.9 + 0.08 * tones[i])
      row[i].height += share * (0.004 + 0.004 * tones[i]) / Double(cells) * 4
    }
  }
}
