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

  /// The same for eight digits at once.
  @inline(__always) mutating func append(eight block: ByteBlock) {
    digits += mantissa != 0 ? 8 : 8 - block.leadingZeros
    mantissa = mantissa &* 100_000_000 &+ block.decimal
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

  /// The nearest double of a number of up to 18 digits, from its product with the power of five in 128 bits (after Lemire,
  /// Number parsing at a gigabyte per second, 2021); nil for exponents beyond the table's, and where those bits do not tell
  /// which of two neighbours is nearer.
  ///
  /// The mantissa m is shifted up to 64 bits, and the table's entry t says 5^q in [t, t + 1) of its last place. So the exact
  /// product lies in [m t, m t + 2^64); without its lowest 64 bits, which are dropped, it lies in [product, product + 2).
  var roundedDouble: Double? {
    guard digits <= 18, mantissa != 0, abs(exponent) <= PowerOfFive.largest else { return nil }
    let power = PowerOfFive.table[exponent + PowerOfFive.largest]
    let shift = mantissa.leadingZeroBitCount
    let m = mantissa << UInt64(shift)
    let product =
      UInt128(m) * UInt128(truncatingIfNeeded: power.high)
      + UInt128(m.multipliedFullWidth(by: power.low).high)
    // 53 bits are kept; the rest, of 74 or 75 bits, decides on rounding.
    let dropped = 75 - product.leadingZeroBitCount
    let half = UInt128(1) << UInt128(dropped - 1)
    let rest = product & (half << 1 - 1)
    var kept = UInt64(truncatingIfNeeded: product >> UInt128(dropped))
    if rest > half {
      // To 2^53 perhaps, which is as good a mantissa.
      kept += 1
    } else if rest + 1 >= half {
      return nil
    }
    // 10^q = 5^q 2^q. All exponents that can come here are those of normal numbers.
    let exponent2 = dropped + 64 - shift + power.exponent + exponent
    let value = Double(kept) * Double(sign: .plus, exponent: exponent2, significand: 1)
    return isNegative ? -value : value
  }
}

/// 5^q as t * 2^exponent with t in [2^127, 2^128), rounded down.
private struct PowerOfFive {
  let high: UInt64
  let low: UInt64
  let exponent: Int

  /// 5^55 is the last below 2^128.
  static let largest = 55
  /// For q from -55 to 55.
  static let table: [PowerOfFive] = (-largest...largest).map { q in
    let five = (0..<abs(q)).reduce(UInt128(1)) { power, _ in power * 5 }
    let zeros = five.leadingZeroBitCount
    if q >= 0 { return PowerOfFive(five << UInt128(zeros), exponent: -zeros) }
    // 2^(127 + bits) over a number of so many bits that is no power of two: a quotient below 2^128.
    let bits = 128 - zeros
    return PowerOfFive(
      five.dividingFullWidth((UInt128(1) << UInt128(bits - 1), 0)).quotient, exponent: -(127 + bits))
  }

  private init(_ t: UInt128, exponent: Int) {
    high = UInt64(truncatingIfNeeded: t >> 64)
    low = UInt64(truncatingIfNeeded: t)
    self.exponent = exponent
  }
}
