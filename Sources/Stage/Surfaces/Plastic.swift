import Documents
import Geometry

/// Moulded plastic: one colour, a fine grain.
public struct Plastic: SurfaceLayer {
  public var color = ColorValue(Vector3(0.6, 0.6, 0.6))
  public var roughness = 0.4
  public var grain = 0.3
  public var cells = 48
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "plastic",
    summary: "Moulded plastic of one colour with a fine grain.",
    sample: """
      plastic:
        color: "#2255aa"
        roughness: 0.35
        grain: 0.4
      """)

  public static let fields: [Field<Plastic>] = [
    Field("color", \.color, "Colour; default 0.6.", in: .unit),
    Field("roughness", \.roughness, "Roughness; default 0.4.", in: .unit),
    Field("grain", \.grain, "Depth of the grain, 0 to 1; default 0.3.", in: .unit),
    Field("cells", \.cells, "Grains along each side; default 48.", in: .closed(1, 512)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let grains = layerNoise(row.count, v: v, cells: cells, octaves: 2, seed: seed)
    for i in row.indices {
      row[i].cover(1, color: color.linear, roughness: min(max(roughness + 0.06 * grain * grains[i], 0), 1))
      row[i].height = 0.15 / Double(cells) * grain * grains[i]
    }
  }
}
