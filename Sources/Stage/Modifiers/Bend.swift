import Documents
import Geometry

/// Bends along an axis into an arc (Barr, "Global and Local Deformations of Solid Primitives", SIGGRAPH 1984).
public struct Bend: Modifier {
  /// Degrees from one end to the other.
  public var angle = 45.0
  public var axis = ModifierAxis.z
  /// Degrees about the axis of the side that the ends move to.
  public var direction = 0.0

  public init() {}

  public init(angle: Double, axis: ModifierAxis = .z, direction: Double = 0) {
    self.angle = angle
    self.axis = axis
    self.direction = direction
  }

  public static let manual = Manual(
    name: "bend",
    summary: "Bends the object along an axis into an arc; its middle stays where it is, and its length is kept.",
    sample: """
      bend:
        angle: {$uniform: [-60, 60]}
        axis: z
      """,
    limits: "The inner side folds over itself where the arc's radius is smaller than half of the object's thickness.")

  public static let fields: [Field<Bend>] = [
    Field("angle", \.angle, "Degrees between its ends; default 45.", in: .closed(-720, 720)),
    Field("axis", \.axis, "The axis along which it is bent: x, y or z, the default."),
    Field(
      "direction", \.direction,
      "Degrees about that axis of the side that the ends move to, 0 is the next axis (x for z); "
        + "default 0.", in: .closed(-36000, 36000)),
  ]

  public func warp(lower: Vector3, upper: Vector3) -> Warp {
    axis.oriented(lower, upper) { lower, upper in
      let length = upper.z - lower.z
      let curvature = length > 0 ? angle.degreesInRadians / length : 0
      guard curvature != 0 else { return { ($0, .identity) } }
      let middle = (lower + upper) / 2
      let (s, c) = StableMath.sincos(direction.degreesInRadians)
      // x towards the side that the ends move to.
      let turn = Matrix3(Vector3(c, s, 0), Vector3(-s, c, 0), Vector3(0, 0, 1))
      return { p in
        let q = turn * (p - middle)
        let (sine, cosine) = StableMath.sincos(q.z * curvature)
        // About the arc's middle, at x = 1 / curvature.
        let radius = 1 / curvature - q.x
        let bent = Vector3(1 / curvature - radius * cosine, q.y, radius * sine)
        let stretch = radius * curvature
        let derivative = Matrix3(
          columns: Vector3(cosine, 0, -sine), Vector3(0, 1, 0), Vector3(sine, 0, cosine) * stretch)
        return (turn.transpose * bent + middle, turn.transpose * derivative * turn)
      }
    }
  }

  public func longestEdge(lower: Vector3, upper: Vector3) -> Double {
    guard angle != 0 else { return .infinity }
    // At most 5 degrees an edge.
    let size = axis.toZ * (upper - lower)
    return abs(size.z) * min(5 / abs(angle), 1)
  }
}
