import Geometry
import Imaging
import Stage

/// Tone curves in closed form: encoded value, 0 to 1, of linear light, 0 or more.
enum ToneCurves {
  static func encoded(_ name: Development.ToneCurveName, _ x: Double) -> Double {
    switch name {
    case .srgb: SRGB.encoded(min(x, 1))
    case .linear: min(x, 1)
    case .hable: SRGB.encoded(min(hable(2 * x) / hable(11.2), 1))
    case .aces: SRGB.encoded(min(max(aces(x), 0), 1))
    case .agx: agx(x)
    }
  }

  /// John Hable, "Uncharted 2: HDR Lighting" (GDC 2010), with the constants and the exposure bias of 2 of his page
  /// "Filmic Tonemapping Operators" (2010).
  static func hable(_ x: Double) -> Double {
    let (a, b, c, d, e, f) = (0.15, 0.50, 0.10, 0.20, 0.02, 0.30)
    return (x * (a * x + c * b) + d * e) / (x * (a * x + b) + d * f) - e / f
  }

  /// Krzysztof Narkowicz, "ACES Filmic Tone Mapping Curve" (2015).
  static func aces(_ x: Double) -> Double { (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14) }

  /// A sigmoid over log2 of the light from 12.47 stops below 1 to 4.03 above, after Troy Sobotka's AgX: the same
  /// range, middle grey 0.18 at the encoded value of 18 % of sRGB, a slope of 2 there in units of the range, and shoulder
  /// and toe of power 1.5. The result is encoded as it is.
  static func agx(_ x: Double) -> Double {
    let (low, high) = (-12.47393, 4.026069)
    let place = (min(max(StableMath.log2(max(x, 1e-10)), low), high) - low) / (high - low)
    let pivot = (StableMath.log2(0.18) - low) / (high - low)
    let grey = SRGB.encoded(0.18)
    let (slope, power) = (2.0, 1.5)
    /// Goes through 0 with slope 1 and reaches 1 - near enough - at `reach`.
    func branch(_ distance: Double, _ reach: Double, _ height: Double) -> Double {
      // y = s d / (1 + (s d / h')^p)^(1/p), with h' such that y(reach) = height.
      let straight = slope * distance
      let most = slope * reach
      let bend = StableMath.pow(StableMath.pow(most / height, power) - 1, 1 / power) / most
      return straight / StableMath.pow(1 + StableMath.pow(straight * bend, power), 1 / power)
    }
    return place >= pivot
      ? grey + branch(place - pivot, 1 - pivot, 1 - grey) : grey - branch(pivot - place, pivot, grey)
  }

  /// How much of the colours' difference from their mean AgX keeps on the way in: bright saturated light goes to white.
  static let agxInset: Float = 0.86
}
