import Documents
import Geometry

/// Makes cross sections smaller or larger along an axis (Barr 1984).
public struct Taper: Modifier {
  /// Size of the far end over that of the near one, which stays as it is.
  public var ratio = 0.5
  public var axis = ModifierAxis.z

  public init() {}

  public init(ratio: Double, axis: ModifierAxis = .z) {
    self.ratio = ratio
    self.axis = axis
  }

  public static let manual = Manual(
    name: "taper",
    summary: "Makes the object thinner or thicker along an axis through the middle of its bounds.",
    sample: """
      taper:
        ratio: {$uniform: [0.5, 1.2]}
        axis: z
      """)

  public static let fields: [Field<Taper>] = [
    Field(
      "ratio", \.ratio,
      "Size of the end at the axis' far side over that of the other, which keeps its size; 0.01 to 10, "
        + "default 0.5.", in: .closed(0.01, 10)),
    Field("axis", \.axis, "The axis along which it is tapered: x, y or z, the default."),
  ]

  public func warp(lower: Vector3, upper: Vector3) -> Warp {
    axis.oriented(lower, upper) { lower, upper in
      let length = upper.z - lower.z
      let rate = length > 0 ? (ratio - 1) / length : 0
      let middle = (lower + upper) / 2
      return { p in
        let q = Vector3(p.x - middle.x, p.y - middle.y, 0)
        let factor = 1 + (p.z - lower.z) * rate
        let derivative = Matrix3(
          columns: Vector3(factor, 0, 0), Vector3(0, factor, 0), Vector3(q.x * rate, q.y * rate, 1))
        return (Vector3(middle.x + q.x * factor, middle.y + q.y * factor, p.z), derivative)
      }
    }
  }

  public func longestEdge(lower: Vector3, upper: Vector3) -> Double {
    // Straight stays straight along the axis, but shading wants normals in between.
    ratio == 1 ? .infinity : max((upper - lower).max() / 8, 1e-9)
  }
}
