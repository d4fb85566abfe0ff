import Documents
import Geometry

/// Turns cross sections about an axis, more and more along it (Barr 1984).
public struct Twist: Modifier {
  /// Degrees from one end to the other.
  public var angle = 90.0
  public var axis = ModifierAxis.z

  public init() {}

  public init(angle: Double, axis: ModifierAxis = .z) {
    self.angle = angle
    self.axis = axis
  }

  public static let manual = Manual(
    name: "twist",
    summary: "Turns the object about an axis through the middle of its bounds, more and more along it.",
    sample: """
      twist:
        angle: {$uniform: [-90, 90]}
        axis: z
      """)

  public static let fields: [Field<Twist>] = [
    Field("angle", \.angle, "Degrees from one end to the other; default 90.", in: .closed(-3600, 3600)),
    Field("axis", \.axis, "The axis about which it is turned: x, y or z, the default."),
  ]

  public func warp(lower: Vector3, upper: Vector3) -> Warp {
    axis.oriented(lower, upper) { lower, upper in
      let length = upper.z - lower.z
      let rate = length > 0 ? angle.degreesInRadians / length : 0
      let middle = (lower + upper) / 2
      return { p in
        let q = p - middle
        let (s, c) = StableMath.sincos(q.z * rate)
        let turned = Vector3(c * q.x - s * q.y, s * q.x + c * q.y, q.z)
        let derivative = Matrix3(
          columns: Vector3(c, s, 0), Vector3(-s, c, 0), Vector3(-turned.y * rate, turned.x * rate, 1))
        return (turned + middle, derivative)
      }
    }
  }

  public func longestEdge(lower: Vector3, upper: Vector3) -> Double {
    guard angle != 0 else { return .infinity }
    let size = axis.toZ * (upper - lower)
    return max(abs(size.z) * min(5 / abs(angle), 1), 1e-9)
  }
}
