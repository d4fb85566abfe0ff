import Documents
import Geometry

/// Any orientation.
struct AnyRotation: Distribution {
  static let manual = Manual(
    name: "rotation", summary: "Any rotation, uniform over all orientations.", sample: "{$rotation: {}}")
  static let shorthand = Shorthand.none

  static let fields: [Field<AnyRotation>] = []

  /// Shoemake, "Uniform random rotations", Graphics Gems III, 1992.
  func draw(_ random: inout RandomStream) -> Node.Content {
    let u = random.unit()
    let (s1, c1) = StableMath.sincos(2 * Double.pi * random.unit())
    let (s2, c2) = StableMath.sincos(2 * Double.pi * random.unit())
    let (a, b) = ((1 - u).squareRoot(), u.squareRoot())
    return .reals([b * c2, a * s1, a * c1, b * s2])
  }
}
