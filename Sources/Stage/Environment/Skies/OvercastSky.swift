import Documents
import Geometry

/// A sky closed by clouds: the CIE standard overcast sky (Moon and Spencer 1942), three times as bright at the zenith as
/// at the horizon.
public struct OvercastSky: Sky {
  /// Reflectance of the ground, linear RGB.
  public var ground = ColorValue(Vector3(0.2, 0.2, 0.2))

  public init() {}

  public init(ground: Vector3) { self.ground = ColorValue(ground) }

  public static let manual = Manual(
    name: "overcast",
    summary:
      "A sky closed by clouds, three times as bright at the zenith as at the horizon; soft, grey, without a sun.",
    sample: """
      overcast:
        ground: [0.3, 0.28, 0.25]
      """,
    limits: "The CIE standard overcast sky: even all around. A white level surface under it is white in the picture.")

  public static let fields: [Field<OvercastSky>] = [
    Field("ground", \.ground, "Reflectance of the ground below the horizon; default 0.2.", in: .unit)
  ]

  /// Half of the width, in z, of the strip of haze in which the sky and the ground blend.
  static let haze = 0.02

  public func makeEnvironment() -> Environment {
    // Level surfaces receive 7 pi / 9 of the zenith's radiance; they are to receive pi.
    let zenith = 9.0 / 7
    return Environment(side: Octahedron.skySide) { d in
      let sky = zenith * (1 + 2 * max(d.z, 0)) / 3
      let share = smoothStep(-OvercastSky.haze, OvercastSky.haze, d.z)
      return ground.linear * (1 - share) + Vector3(sky, sky, sky) * share
    }
  }
}
