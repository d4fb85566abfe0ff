// Elementary functions that give the same bits on every machine.
//
// The C library picks variants of sin, exp and pow by CPU, so a pixel that depends on them depends on the host. These
// use only +, -, *, /, square roots and rounding, which IEEE 754 fixes to the bit, and Swift never contracts a product
// and a sum into a fused operation. Series are Taylor's, cut where the next term falls below half a unit in the last
// place over the reduced range; the range and error of each function are stated beside it and tested against libm.

public enum StableMath {
  /// pi/2 in three parts. The first two have 33 significant bits, so `k * part` is exact for |k| < 2^20.
  @usableFromInline static let halfPi1 = 0x1.921fb544p0
  @usableFromInline static let halfPi2 = 0x1.0b4611a6p-34
  @usableFromInline static let halfPi3 = 0x1.3198a2e037073p-69

  /// Sine and cosine of `x` radians. |x| <= 1e6: absolute error below 3e-16. Beyond that, and for NaN: (NaN, NaN).
  public static func sincos(_ x: Double) -> (sin: Double, cos: Double) {
    guard abs(x) <= 1e6 else { return (.nan, .nan) }
    let k = (x * (2 / Double.pi)).rounded(.toNearestOrEven)
    let r = ((x - k * halfPi1) - k * halfPi2) - k * halfPi3
    let r2 = r * r
    // |r| <= pi/4: the first terms left out are r^19/19! < 1e-19 and r^18/18! < 3e-18.
    var s = 1.0 / 355_687_428_096_000
    s = s * r2 - 1.0 / 1_307_674_368_000
    s = s * r2 + 1.0 / 6_227_020_800
    s = s * r2 - 1.0 / 39_916_800
    s = s * r2 + 1.0 / 362_880
    s = s * r2 - 1.0 / 5040
    s = s * r2 + 1.0 / 120
    s = s * r2 - 1.0 / 6
    let sine = r + r * r2 * s
    var c = 1.0 / 20_922_789_888_000
    c = c * r2 - 1.0 / 87_178_291_200
    c = c * r2 + 1.0 / 479_001_600
    c = c * r2 - 1.0 / 3_628_800
    c = c * r2 + 1.0 / 40320
    c = c * r2 - 1.0 / 720
    c = c * r2 + 1.0 / 24
    c = c * r2 - 1.0 / 2
    let cosine = 1 + r2 * c
    switch Int(k) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  public static func sin(_ x: Double) -> Double { sincos(x).sin }
  public static func cos(_ x: Double) -> Double { sincos(x).cos }

  /// Tangent of `x` radians; error below 4 units in the last place away from the poles.
  public static func tan(_ x: Double) -> Double {
    let (s, c) = sincos(x)
    return s / c
  }

  /// 2 to the power `x`; relative error below 3e-16. Below -1022: 0. From 1024 on: infinity.
  public static func exp2(_ x: Double) -> Double {
    guard x >= -1022 else { return x.isNaN ? .nan : 0 }
    guard x < 1024 else { return .infinity }
    let n = x.rounded(.toNearestOrEven)
    let f = (x - n) * 0.693_147_180_559_945_309_4  // |f| <= 0.3466; f^15/15! < 1e-19
    var p = 1.0 / 87_178_291_200
    p = p * f + 1.0 / 6_227_020_800
    p = p * f + 1.0 / 479_001_600
    p = p * f + 1.0 / 39_916_800
    p = p * f + 1.0 / 3_628_800
    p = p * f + 1.0 / 362_880
    p = p * f + 1.0 / 40320
    p = p * f + 1.0 / 5040
    p = p * f + 1.0 / 720
    p = p * f + 1.0 / 120
    p = p * f + 1.0 / 24
    p = p * f + 1.0 / 6
    p = p * f + 0.5
    p = p * f + 1
    p = p * f + 1
    // n may be 1024 for x just below it: scale in two steps so that neither factor overflows.
    let half = Int(n) / 2
    return p * Double(sign: .plus, exponent: half, significand: 1)
      * Double(sign: .plus, exponent: Int(n) - half, significand: 1)
  }

  /// e to the power `x`; relative error below |x| * 2e-16 + 3e-16.
  public static func exp(_ x: Double) -> Double { exp2(x * 1.442_695_040_888_963_407_4) }

  /// Natural logarithm; absolute error below 3e-16 * max(1, |result|). 0: -infinity. Below 0 and NaN: NaN.
  public static func log(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : (x == .infinity ? .infinity : .nan) }
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.414_213_562_373_095_1 {
      m *= 0.5
      exponent += 1
    }
    // ln m = 2 atanh((m-1)/(m+1)); |s| <= 0.1716, and the first term left out is s^25/25 < 3e-21.
    let s = (m - 1) / (m + 1)
    let s2 = s * s
    var p = 1.0 / 23
    for k in stride(from: 21, through: 3, by: -2) { p = p * s2 + 1.0 / Double(k) }
    return exponent * 0.693_147_180_559_945_309_4 + 2 * (s + s * s2 * p)
  }

  /// Logarithm to base 2; absolute error below 4e-16 * max(1, |result|), and none for powers of two.
  public static func log2(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return log(x) }
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.414_213_562_373_095_1 {
      m *= 0.5
      exponent += 1
    }
    return exponent + log(m) * 1.442_695_040_888_963_407_4
  }

  /// `x` to the power `y` for x >= 0; relative error below (1 + |y log2 x|) * 4e-16. NaN for x < 0.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 { return 1 }
    if x == 0 { return y > 0 ? 0 : .infinity }
    return exp2(y * log2(x))
  }

  /// Arc tangent, in (-pi/2, pi/2); absolute error below 5e-16.
  public static func atan(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    let a = abs(x)
    let reduced = a > 1 ? 1 / a : a
    // Halve the angle twice: tan(t/2) = tan t / (1 + sqrt(1 + tan^2 t)); then |t| <= tan(pi/16) = 0.199.
    let h = reduced / (1 + (1 + reduced * reduced).squareRoot())
    let t = h / (1 + (1 + h * h).squareRoot())
    let t2 = t * t
    // The first term left out is t^25/25 < 2e-19.
    var p = -1.0 / 23
    for k in stride(from: 21, through: 3, by: -2) { p = p * t2 + (k % 4 == 1 ? 1.0 : -1.0) / Double(k) }
    let angle = 4 * (t + t * t2 * p)
    let result = a > 1 ? Double.pi / 2 - angle : angle
    return x < 0 ? -result : result
  }

  /// The angle of the vector (x, y), in (-pi, pi]; 0 for the zero vector. Absolute error below 9e-16.
  public static func atan2(_ y: Double, _ x: Double) -> Double {
    if x == 0 && y == 0 { return 0 }
    if abs(y) <= abs(x) {
      let a = atan(y / x)
      return x > 0 ? a : (y < 0 ? a - Double.pi : a + Double.pi)
    }
    let a = Double.pi / 2 - atan(x / abs(y))
    return y < 0 ? -a : a
  }

  /// Arc sine of a value clamped to [-1, 1]; absolute error below 9e-16.
  public static func asin(_ x: Double) -> Double {
    let c = min(max(x, -1), 1)
    return atan2(c, ((1 - c) * (1 + c)).squareRoot())
  }

  /// Arc cosine of a value clamped to [-1, 1]; absolute error below 9e-16.
  public static func acos(_ x: Double) -> Double {
    let c = min(max(x, -1), 1)
    return atan2(((1 - c) * (1 + c)).squareRoot(), c)
  }
}

extension Double {
  /// Degrees to radians.
  @inlinable public var degreesInRadians: Double { self * (Double.pi / 180) }
  /// Radians to degrees.
  @inlinable public var radiansInDegrees: Double { self * (180 / Double.pi) }
}
