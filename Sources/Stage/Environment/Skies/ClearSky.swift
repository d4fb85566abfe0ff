import Documents
import Geometry

/// A cloudless sky and its sun: Preetham, Shirley and Smits, "A Practical Analytic Model for Daylight" (SIGGRAPH 1999).
public struct ClearSky: Sky {
  /// Degrees above the horizon.
  public var elevation = 45.0
  /// Haze: 2 is very clear, 3 clear, 6 hazy, 10 the haziest that the model was fitted to.
  public var turbidity = 3.0
  /// Reflectance of the ground, linear RGB.
  public var ground = ColorValue(Vector3(0.2, 0.2, 0.2))

  public init() {}

  public init(elevation: Double, turbidity: Double = 3, ground: Vector3 = Vector3(0.2, 0.2, 0.2)) {
    self.elevation = elevation
    self.turbidity = turbidity
    self.ground = ColorValue(ground)
  }

  public static let manual = Manual(
    name: "clear",
    summary: "A cloudless sky with its sun, by the daylight model of Preetham, Shirley and Smits (1999).",
    sample: """
      clear:
        elevation: 35
        turbidity: 3
        ground: [0.25, 0.22, 0.18]
      """,
    limits: """
      The sun stands over +X before the environment's `rotation`. Sun and sky keep their proportion, and are scaled \
      together so that a white level surface is white in the picture, high noon or dusk. The model is too bright opposite \
      a low sun, and below 2 degrees of elevation its colours are guesses.
      """)

  public static let fields: [Field<ClearSky>] = [
    Field("elevation", \.elevation, "Degrees of the sun above the horizon, 0 to 90; default 45.", in: .closed(0, 90)),
    Field("turbidity", \.turbidity, "Haze, from 2 (very clear) to 10; default 3.", in: .closed(2, 10)),
    Field("ground", \.ground, "Reflectance of the ground below the horizon; default 0.2.", in: .unit),
  ]

  public func makeEnvironment() -> Environment {
    let model = PreethamSky(zenithAngle: (90 - elevation).degreesInRadians, turbidity: turbidity)
    let side = Octahedron.skySide
    let directions = Octahedron.directions(side: side)
    var map = directions.map { d in
      d.z > -OvercastSky.haze ? SIMD3<Float>(model.radiance(towards: d)) : SIMD3<Float>()
    }
    // What a level surface receives from the sky.
    var fromSky = Vector3()
    let angles = Octahedron.solidAngles(side: side)
    for i in directions.indices where directions[i].z > 0 {
      fromSky += Vector3(map[i]) * (directions[i].z * angles[i])
    }
    let fromSun = model.sunIrradiance * max(model.towardsSun.z, 0)
    let scale = Double.pi / luminance(fromSky + fromSun)
    let below = SIMD3<Float>(ground.linear * (fromSky + fromSun) * (scale / Double.pi))
    for i in map.indices {
      let share = Float(smoothStep(-OvercastSky.haze, OvercastSky.haze, directions[i].z))
      map[i] = below * (1 - share) + map[i] * (Float(scale) * share)
    }
    return Environment(
      radiance: map.map { SIMD4($0, 0) }, side: side, blurredSide: 64,
      sun: Sun(direction: model.towardsSun, irradiance: model.sunIrradiance * scale))
  }
}

/// The daylight model in kilocandela per square metre and kilolux, as linear RGB.
struct PreethamSky {
  let towardsSun: Vector3
  /// On a surface that faces the sun.
  let sunIrradiance: Vector3
  /// Of Y, x and y: the two factors of Perez's formula by sqrt(cos theta) and by sin(gamma / 2), and the zenith's value
  /// over the formula's there.
  private let heightFactor: [Vector3]
  private let glowFactor: [Vector3]
  private let zenith: Vector3

  private static let steps = 512

  /// - Parameters:
  ///   - zenithAngle: of the sun, radians, 0 to pi / 2.
  ///   - turbidity: 2 to 10.
  init(zenithAngle s: Double, turbidity t: Double) {
    let (sine, cosine) = StableMath.sincos(s)
    towardsSun = Vector3(sine, 0, cosine)
    // Coefficients of Perez's formula for Y, x and y (appendix A.2).
    let a = Vector3(0.1787, -0.0193, -0.0167) * t + Vector3(-1.4630, -0.2592, -0.2608)
    let b = Vector3(-0.3554, -0.0665, -0.0950) * t + Vector3(0.4275, 0.0008, 0.0092)
    let c = Vector3(-0.0227, -0.0004, -0.0079) * t + Vector3(5.3251, 0.2125, 0.2102)
    let d = Vector3(0.1206, -0.0641, -0.0441) * t + Vector3(-2.5771, -0.8989, -1.6537)
    let e = Vector3(-0.0670, -0.0033, -0.0109) * t + Vector3(0.3703, 0.0452, 0.0529)
    func exp(_ v: Vector3) -> Vector3 { Vector3(StableMath.exp(v.x), StableMath.exp(v.y), StableMath.exp(v.z)) }
    func height(_ cosTheta: Double) -> Vector3 { a * exp(b / max(cosTheta, 1e-3)) + 1 }
    func glow(_ gamma: Double, _ cosGamma: Double) -> Vector3 { c * exp(d * gamma) + e * (cosGamma * cosGamma) + 1 }

    let n = PreethamSky.steps
    heightFactor = (0...n).map { i in
      let root = Double(i) / Double(n)
      return height(root * root)
    }
    glowFactor = (0...n).map { i in
      let half = Double(i) / Double(n)
      return glow(2 * StableMath.asin(half), 1 - 2 * half * half)
    }
    // The zenith's luminance and chromaticity.
    let chi = (4.0 / 9 - t / 120) * (Double.pi - 2 * s)
    let luminance = max((4.0453 * t - 4.9710) * StableMath.tan(chi) - 0.2155 * t + 2.4192, 0.01)
    let (s2, s3) = (s * s, s * s * s)
    let x =
      t * t * (0.00166 * s3 - 0.00375 * s2 + 0.00209 * s) + t * (-0.02903 * s3 + 0.06377 * s2 - 0.03202 * s + 0.00394)
      + 0.11693 * s3 - 0.21196 * s2 + 0.06052 * s + 0.25886
    let y =
      t * t * (0.00275 * s3 - 0.00610 * s2 + 0.00317 * s) + t * (-0.04214 * s3 + 0.08970 * s2 - 0.04153 * s + 0.00516)
      + 0.15346 * s3 - 0.26756 * s2 + 0.06670 * s + 0.26688
    zenith = Vector3(luminance, x, y) / (height(1) * glow(s, cosine))

    // The sun through the air (appendix A.1), at 610, 550 and 465 nm: Rayleigh scattering and Angstrom's haze. Outside
    // the air it is taken for white, of 128 kilolux.
    let degrees = min(s.radiansInDegrees, 93)
    let mass = 1 / (max(cosine, 0) + 0.15 * StableMath.pow(93.885 - degrees, -1.253))
    let beta = 0.04608 * t - 0.04586
    func transmitted(_ micrometres: Double) -> Double {
      StableMath.exp(
        -mass * (0.008735 * StableMath.pow(micrometres, -4.08) + beta * StableMath.pow(micrometres, -1.3)))
    }
    sunIrradiance = Vector3(transmitted(0.61), transmitted(0.55), transmitted(0.465)) * 128
  }

  private static func lookup(_ table: [Vector3], _ x: Double) -> Vector3 {
    let place = min(max(x, 0), 1) * Double(steps)
    let i = min(Int(place), steps - 1)
    return table[i] + (table[i + 1] - table[i]) * (place - Double(i))
  }

  /// Radiance from a unit direction; the horizon's below it.
  func radiance(towards d: Vector3) -> Vector3 {
    let cosGamma = dot(d, towardsSun)
    let height = PreethamSky.lookup(heightFactor, max(d.z, 0).squareRoot())
    let glow = PreethamSky.lookup(glowFactor, (max(1 - cosGamma, 0) / 2).squareRoot())
    let yxy = zenith * height * glow
    let (luminance, x, y) = (max(yxy.x, 0), yxy.y, max(yxy.z, 1e-3))
    let (cx, cz) = (luminance / y * x, luminance / y * (1 - x - y))
    // XYZ to linear BT.709 (IEC 61966-2-1).
    let rgb =
      Vector3(3.2406, -0.9689, 0.0557) * cx + Vector3(-1.5372, 1.8758, -0.2040) * luminance
      + Vector3(-0.4986, 0.0415, 1.0570) * cz
    return pointwiseMax(rgb, Vector3())
  }
}
