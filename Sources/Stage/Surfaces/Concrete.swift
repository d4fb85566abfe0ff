import Documents
import Geometry

/// Cast concrete with pores and stains.
public struct Concrete: SurfaceLayer {
  public var color = ColorValue(Vector3(0.42, 0.41, 0.39))
  public var stains = 0.5
  public var pores = 0.3
  public var cells = 4
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "concrete",
    summary: "Cast concrete with stains and pores.",
    sample: """
      concrete:
        color: 0.45
        pores: 0.3
      """)

  public static let fields: [Field<Concrete>] = [
    Field("color", \.color, "Colour; default grey.", in: .unit),
    Field("stains", \.stains, "Strength of the stains, 0 to 1; default 0.5.", in: .unit),
    Field("pores", \.pores, "How many pores there are, 0 to 1; default 0.3.", in: .unit),
    Field("cells", \.cells, "Stains along each side; default 4.", in: .closed(1, 128)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let stain = layerNoise(row.count, v: v, cells: cells, octaves: 5, seed: seed)
    let grit = layerNoise(row.count, v: v, cells: 32 * cells, octaves: 2, seed: seed, purpose: 1)
    let holes = layerNoise(row.count, v: v, cells: 10 * cells, octaves: 1, seed: seed, purpose: 2)
    for i in row.indices {
      let pore = pores > 0 ? smoothStep(0.95 - 0.6 * pores, 1.02 - 0.6 * pores, holes[i]) : 0
      let tone = (1 + 0.5 * stains * stain[i]) * (1 + 0.15 * grit[i]) * (1 - 0.4 * pore)
      row[i].cover(
        1, color: pointwiseMin(color.linear * tone, Vector3(1, 1, 1)), roughness: 0.85 + 0.1 * stain[i])
      row[i].height = (0.002 * stain[i] + 0.0012 * grit[i] - 0.008 * pore) / Double(cells) * 4
    }
  }
}
