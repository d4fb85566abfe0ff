import Documents
import Geometry

/// Metal brushed along u.
public struct BrushedMetal: SurfaceLayer {
  public var color = ColorValue(Vector3(0.77, 0.78, 0.78))
  public var roughness = 0.3
  public var depth = 0.5
  public var lines = 128
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "brushed_metal",
    summary: "Metal brushed along u: fine parallel scratches.",
    sample: """
      brushed_metal:
        color: [0.91, 0.92, 0.92]
        roughness: 0.3
      """,
    limits: "Reflection is not stretched along the brush, as it is in truth: only the relief is.")

  public static let fields: [Field<BrushedMetal>] = [
    Field("color", \.color, "Reflectance; default steel's.", in: .unit),
    Field("roughness", \.roughness, "Roughness; default 0.3.", in: .unit),
    Field("depth", \.depth, "Depth of the scratches, 0 to 1; default 0.5.", in: .unit),
    Field("lines", \.lines, "Scratches across v; default 128.", in: .closed(1, 512)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let fine = layerNoise(row.count, v: v, cells: 3, rows: lines, octaves: 2, seed: seed)
    for i in row.indices {
      row[i].cover(
        1, color: color.linear * (1 + 0.05 * fine[i]), roughness: min(max(roughness + 0.15 * depth * fine[i], 0), 1),
        metallic: 1)
      row[i].height = 0.25 / Double(lines) * depth * fine[i]
    }
  }
}
