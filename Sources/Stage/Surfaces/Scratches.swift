import Documents
import Geometry

/// Straight scratches in all directions.
public struct Scratches: SurfaceLayer {
  public var count = 30
  public var length = 0.3
  public var width = 0.002
  public var depth = 0.5
  public var seed = 0

  public init() {}

  public static let manual = Manual(
    name: "scratches",
    summary: "Straight, fine scratches over what is below.",
    sample: """
      scratches:
        count: 40
        length: 0.3
        depth: 0.5
      """,
    limits: "The colour below shows through lighter; on metal a scratch is bright by its relief alone.")

  public static let fields: [Field<Scratches>] = [
    Field("count", \.count, "Number of scratches; default 30.", in: .closed(0, 512)),
    Field("length", \.length, "Length of the longest, in sides of the texture; default 0.3.", in: .closed(0.01, 0.5)),
    Field("width", \.width, "Width in sides of the texture; default 0.002.", in: .closed(0.0005, 0.05)),
    Field("depth", \.depth, "How much they show, 0 to 1; default 0.5.", in: .unit),
    .seed(\.seed),
  ]

  /// A scratch: its middle, half of its way, and how strong it is.
  private struct Mark {
    var middle: Vector2
    var half: Vector2
    var strength: Double
  }

  private var marks: [Mark] {
    func chance(_ k: Int, _ purpose: Int) -> Double {
      unitInterval(latticeHash(k, purpose, seed: UInt32(truncatingIfNeeded: seed)))
    }
    return (0..<count).map { k in
      let (s, c) = StableMath.sincos(2 * Double.pi * chance(k, 2))
      return Mark(
        middle: Vector2(chance(k, 0), chance(k, 1)), half: Vector2(c, s) * (length / 2 * (0.2 + 0.8 * chance(k, 3))),
        strength: 0.3 + 0.7 * chance(k, 4))
    }
  }

  public func lay(on row: inout [SurfacePoint], v: Double) {
    // A texel is not finer than it is: a scratch covers at least its neighbourhood in part.
    let texel = 1 / Double(row.count)
    let reach = width / 2 + texel / 2
    for mark in marks {
      let dy = v - mark.middle.y - (v - mark.middle.y).rounded(.toNearestOrEven)
      guard abs(dy) <= abs(mark.half.y) + reach else { continue }
      // Only columns near the scratch are looked at.
      let from = Int(((mark.middle.x - abs(mark.half.x) - reach) * Double(row.count)).rounded(.down))
      let to = Int(((mark.middle.x + abs(mark.half.x) + reach) * Double(row.count)).rounded(.up))
      let square = dot(mark.half, mark.half)
      for column in from...min(to, from + row.count - 1) {
        let p = Vector2((Double(column) + 0.5) * texel - mark.middle.x, dy)
        let t = min(max(dot(p, mark.half) / square, -1), 1)
        let off = p - mark.half * t
        let distance = dot(off, off).squareRoot()
        let cover = min(max((reach - distance) / texel, 0), 1) * min(width / texel, 1)
        guard cover > 0 else { continue }
        // Thin out towards the ends.
        let share = cover * mark.strength * depth * (1 - t * t)
        let i = wrapped(column, row.count)
        let lighter = row[i].color + (Vector3(0.8, 0.8, 0.8) - row[i].color) * 0.35
        row[i].cover(share, color: lighter, roughness: min(row[i].roughness + 0.25, 1), metallic: row[i].metallic)
        row[i].height -= share * width * 0.4
      }
    }
  }
}
