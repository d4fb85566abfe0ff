import Geometry

/// The sRGB transfer function (IEC 61966-2-1) between encoded values, as files hold them, and linear light. Both are 1 at
/// white. Bit-stable: the power is `StableMath`'s.
public enum SRGB {
  /// Linear light of an encoded value; negative values are mirrored.
  public static func linear(_ encoded: Double) -> Double {
    if encoded < 0 { return -linear(-encoded) }
    return encoded <= 0.04045 ? encoded / 12.92 : StableMath.pow((encoded + 0.055) / 1.055, 2.4)
  }

  /// Encoded value of linear light; negative values are mirrored.
  public static func encoded(_ linear: Double) -> Double {
    if linear < 0 { return -encoded(-linear) }
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * StableMath.pow(linear, 1 / 2.4) - 0.055
  }

  // MARK: - Codes of 8 bits

  private static let linearOfCode = (0...255).map { linear(Double($0) / 255) }

  /// Linear light of a code, 0 to 1.
  public static func linear(fromSRGB8 code: UInt8) -> Double { linearOfCode[Int(code)] }

  /// Linear light at which the code rises from c to c + 1: half-way between the two in encoded values.
  private static let threshold = (0..<255).map { linear((Double($0) + 0.5) / 255) }

  /// The number of steps in which [0, 1] is cut to find a code. Encoding is steepest at 0, by 12.92: a step has at most
  /// 255 * 12.92 / 4096 = 0.8 thresholds on average there, so that the search below takes a turn or two.
  private static let steps = 4096

  /// The code at the start of each step.
  private static let codeOfStep = (0..<steps).map { step in
    UInt8(truncatingIfNeeded: threshold.count { $0 <= Double(step) / Double(steps) })
  }

  /// The code whose encoded value is nearest to that of `linear` light; below 0 and NaN: 0, from 1 on: 255.
  public static func sRGB8(fromLinear linear: Double) -> UInt8 {
    guard linear > 0 else { return 0 }
    guard linear < 1 else { return 255 }
    var code = Int(codeOfStep[Int(linear * Double(steps))])
    while code < 255, linear >= threshold[code] { code += 1 }
    return UInt8(truncatingIfNeeded: code)
  }

  // MARK: - Codes of 16 bits

  /// Linear light of a 16-bit code, 0 to 1.
  public static func linear(fromSRGB16 code: UInt16) -> Double { linear(Double(code) / 65535) }

  /// The 16-bit code whose encoded value is nearest to that of `linear` light, within the error of the power; below 0 and
  /// NaN: 0, from 1 on: 65535.
  public static func sRGB16(fromLinear linear: Double) -> UInt16 {
    guard linear > 0 else { return 0 }
    guard linear < 1 else { return 65535 }
    return UInt16(encoded(linear) * 65535 + 0.5)
  }

  /// Linear light in units of 1/65535, rounded, for each 8-bit code.
  public static let linear16OfCode8 = (0...255).map { UInt16(linearOfCode[$0] * 65535 + 0.5) }

  /// Linear light in units of 1/65535, rounded, for each 16-bit code.
  public static let linear16OfCode16 = (0...65535).map { UInt16(linear(Double($0) / 65535) * 65535 + 0.5) }

  // MARK: - Colours as text

  /// The codes of a colour written `#rrggbb` or `#rgb` (each digit twice) in hexadecimal digits of either case; nil for
  /// any other text.
  public static func codes(hexadecimal text: String) -> SIMD3<UInt8>? {
    let characters = Array(text.utf8)
    guard characters.count == 7 || characters.count == 4, characters[0] == UInt8(ascii: "#") else { return nil }
    var digits: [UInt8] = []
    for c in characters.dropFirst() {
      switch c {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(c - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(c - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(c - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    if digits.count == 3 { return SIMD3(digits[0], digits[1], digits[2]) &* 17 }
    return SIMD3(digits[0], digits[2], digits[4]) &* 16 &+ SIMD3(digits[1], digits[3], digits[5])
  }

  /// Linear RGB of a colour written `#rrggbb` or `#rgb`, which is encoded in sRGB; nil for any other text.
  public static func linear(hexadecimal text: String) -> SIMD3<Double>? {
    guard let c = codes(hexadecimal: text) else { return nil }
    return SIMD3(linear(fromSRGB8: c.x), linear(fromSRGB8: c.y), linear(fromSRGB8: c.z))
  }
}
