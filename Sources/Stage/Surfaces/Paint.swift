import Documents
import Geometry

/// Painted metal whose paint is chipped.
public struct Paint: SurfaceLayer {
  public var color = ColorValue(Vector3(0.5, 0.05, 0.05))
  public var metal = ColorValue(Vector3(0.56, 0.57, 0.58))
  public var roughness = 0.35
  public var wear = 0.15
  public var cells = 5
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "paint",
    summary: "A coat of paint over metal, chipped where it is worn.",
    sample: """
      paint:
        color: "#b3202c"
        wear: 0.2
        roughness: 0.3
      """)

  public static let fields: [Field<Paint>] = [
    Field("color", \.color, "Colour of the paint; default a dark red.", in: .unit),
    Field("metal", \.metal, "Reflectance of the metal below; default iron's.", in: .unit),
    Field("roughness", \.roughness, "Roughness of the paint; default 0.35.", in: .unit),
    Field("wear", \.wear, "Share of the paint that is gone, about; 0 to 1, default 0.15.", in: .unit),
    Field("cells", \.cells, "Worn places along each side; default 5.", in: .closed(1, 256)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let places = layerNoise(row.count, v: v, cells: cells, octaves: 6, seed: seed)
    let tones = layerNoise(row.count, v: v, cells: 3, octaves: 3, seed: seed, purpose: 1)
    // The noise is nearly normal with a deviation of a fifth: its quantile is about twice that of a uniform value.
    let level = wear >= 1 ? -1.1 : wear <= 0 ? 1.1 : 0.42 * (1 - 2 * wear)
    for i in row.indices {
      let bare = smoothStep(level - 0.012, level + 0.012, places[i])
      row[i].cover(1, color: color.linear * (1 + 0.06 * tones[i]), roughness: roughness)
      // Bare metal has dulled.
      row[i].cover(bare, color: metal.linear, roughness: 0.45 + 0.15 * tones[i], metallic: 1)
      row[i].height = -0.002 * bare
    }
  }
}
