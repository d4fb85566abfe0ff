/// A JSON number as its digits say it: `mantissa * 10^exponent`, as long as the digits fit.
struct ScannedNumber {
  var isNegative = false
  var isInteger = true
  /// All digits as one number; meaningless once `digits` passes 18.
  var mantissa: UInt64 = 0
  /// Count of digits from the first that is not zero.
  var digits = 0
  var exponent = 0

  @inline(__always) mutating func append(digit: UInt8) {
    mantissa = mantissa &* 10 &+ UInt64(digit &- UInt8(ascii: "0"))
    if mantissa != 0 { digits += 1 }
  }

  /// The value of a number without fraction and exponent; nil beyond 18 digits, which always fit.
  var exactInteger: Int? {
    guard digits <= 18 else { return nil }
    return isNegative ? -Int(mantissa) : Int(mantissa)
  }

  /// The nearest double by Clinger's quick way (How to read floating point numbers accurately, 1990): where the digits
  /// make a number below 2^53 and the power of ten is itself a double (10^22 = 2^22 * 5^22 and 5^22 < 2^53), one
  /// product or quotient rounds once, and so correctly. Nil where that does not hold.
  var quickDouble: Double? {
    guard digits <= 18, mantissa <= 1 << 53, abs(exponent) <= 22 else { return nil }
    let m = Double(mantissa)
    let value = exponent < 0 ? m / Self.powersOfTen[-exponent] : m * Self.powersOfTen[exponent]
    return isNegative ? -value : value
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
