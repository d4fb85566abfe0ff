import Documents
import Geometry

/// Dust and grime in clouds.
public struct Dirt: SurfaceLayer {
  public var amount = 0.3
  public var color = ColorValue(Vector3(0.11, 0.08, 0.05))
  public var hollows = 0.5
  public var cells = 3
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "dirt",
    summary: "Dust or grime that lies in clouds on what is below, and in its hollows.",
    sample: """
      dirt:
        amount: 0.4
        color: "#5a4a38"
      """)

  public static let fields: [Field<Dirt>] = [
    Field("amount", \.amount, "How much there is, 0 to 1; default 0.3.", in: .unit),
    Field("color", \.color, "Colour; default dark brown.", in: .unit),
    Field("hollows", \.hollows, "How much more lies in hollows, 0 to 1; default 0.5.", in: .unit),
    Field("cells", \.cells, "Clouds along each side; default 3.", in: .closed(1, 256)),
    .seed(\.seed),
  ]

  public func lay(on row: inout [SurfacePoint], v: Double) {
    let clouds = layerNoise(row.count, v: v, cells: cells, octaves: 6, seed: seed)
    for i in row.indices {
      // Hollows of a hundredth of the side fill up.
      let hollow = hollows * min(max(-row[i].height * 100, 0), 1)
      let share = amount * min(max(0.5 + 1.6 * clouds[i] + hollow, 0), 1)
      row[i].cover(min(share, 1), color: color.linear, roughness: 0.95)
    }
  }
}
