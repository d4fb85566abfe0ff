import Documents
import Geometry

/// Plain weave: threads over and under each other.
public struct Fabric: SurfaceLayer {
  public var warp = ColorValue(Vector3(0.25, 0.2, 0.15))
  public var weft = ColorValue(Vector3(0.45, 0.4, 0.33))
  public var roughness = 0.9
  public var threads = 16
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "fabric",
    summary: "Cloth in plain weave, of two colours of thread.",
    sample: """
      fabric:
        warp: "#334466"
        weft: "#556b8a"
        threads: 24
      """)

  public static let fields: [Field<Fabric>] = [
    Field("warp", \.warp, "Colour of the threads along v; default brown.", in: .unit),
    Field("weft", \.weft, "Colour of the threads along u; default beige.", in: .unit),
    Field("roughness", \.roughness, "Roughness; default 0.9.", in: .unit),
    Field("threads", \.threads, "Pairs of threads along each side; default 16.", in: .closed(1, 256)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let fuzz = layerNoise(row.count, v: v, cells: 4 * threads, octaves: 2, seed: seed)
    let (line, y) = floorAndFraction(v * Double(2 * threads))
    for i in row.indices {
      let u = (Double(i) + 0.5) / Double(row.count)
      let (column, x) = floorAndFraction(u * Double(2 * threads))
      // Threads are round, and highest where they pass over.
      let isWarp = (column + line) & 1 == 0
      let (across, along) = isWarp ? (x - 0.5, y - 0.5) : (y - 0.5, x - 0.5)
      let round = max(1 - 4 * across * across, 0).squareRoot()
      let arch = 1 - 2 * along * along
      let shade = 0.55 + 0.45 * round * arch
      row[i].cover(
        1, color: pointwiseMin((isWarp ? warp : weft).linear * (shade * (1 + 0.15 * fuzz[i])), Vector3(1, 1, 1)),
        roughness: roughness)
      row[i].height = 0.2 / Double(threads) * (round * arch + 0.1 * fuzz[i])
    }
  }
}
