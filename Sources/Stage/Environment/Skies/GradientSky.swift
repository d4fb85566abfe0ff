import Documents
import Geometry

/// Radiance that changes with height alone: a plain room, or a backdrop of light.
public struct GradientSky: Sky {
  /// Radiance from straight above, from the horizon and from straight below, linear RGB.
  public var above = ColorValue(Vector3(1, 1, 1))
  public var level = ColorValue(Vector3(0.6, 0.6, 0.6))
  public var below = ColorValue(Vector3(0.3, 0.28, 0.26))

  public init() {}

  public init(above: Vector3, level: Vector3, below: Vector3) {
    (self.above, self.level, self.below) = (ColorValue(above), ColorValue(level), ColorValue(below))
  }

  public static let manual = Manual(
    name: "gradient",
    summary: "A plain room: a bright ceiling, walls and a floor that run into each other.",
    sample: """
      gradient:
        above: [1.2, 1.15, 1.05]
        level: [0.6, 0.58, 0.55]
        below: [0.25, 0.2, 0.15]
      """,
    limits: "Radiance depends on the height alone; 1 is white in the picture.")

  public static let fields: [Field<GradientSky>] = [
    Field("above", \.above, "Radiance from straight above; default 1."),
    Field("level", \.level, "Radiance from the horizon; default 0.6."),
    Field("below", \.below, "Radiance from straight below; default [0.3, 0.28, 0.26]."),
  ]

  public func makeEnvironment() -> Environment {
    Environment(side: 64) { d in
      let end = d.z < 0 ? below.linear : above.linear
      return level.linear + (end - level.linear) * smoothStep(0, 1, abs(d.z))
    }
  }
}
