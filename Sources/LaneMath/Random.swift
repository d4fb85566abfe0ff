import CLanes

// Random numbers and the functions that shape them, eight at a time.

/// Four vectors of random words.
@frozen public struct RandomWords {
  public var a: SIMD8<UInt32>
  public var b: SIMD8<UInt32>
  public var c: SIMD8<UInt32>
  public var d: SIMD8<UInt32>

  /// Eight blocks of Philox4x32-10 (Salmon et al. 2011), for eight neighbouring values of the counter's first word.
  @inlinable @inline(__always)
  public init(from first: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32 = 0, key: SIMD2<UInt32>) {
    let c0 = lanes_add_uint(lanes_splat_uint(first), SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7))
    var words = (SIMD8<UInt32>(), SIMD8<UInt32>(), SIMD8<UInt32>(), SIMD8<UInt32>())
    withUnsafeMutablePointer(to: &words) {
      lanes_philox(c0, lanes_splat_uint(c1), lanes_splat_uint(c2), lanes_splat_uint(c3), key.x, key.y, $0)
    }
    (a, b, c, d) = words
  }
}

/// Natural logarithm of positive normal numbers, within 3e-7 absolute plus rounding: exponent plus
/// 2 atanh((m - 1) / (m + 1)), four terms, for the mantissa m in [1/sqrt 2, sqrt 2).
@inlinable @inline(__always) public func naturalLogarithm(_ x: Lanes) -> Lanes {
  let exponent = lanes_shift_right_int(bits(x) &- lanes(int: 0x3f35_04f3), 23)
  let m = numbers(bits: bits(x) &- lanes_shift_left_int(exponent, 23))
  let s = (m - 1) / (m + 1)
  let s2 = s * s
  let series = ((s2 * (2.0 / 7) + (2.0 / 5)) * s2 + (2.0 / 3)) * s2 + 2
  return numbers(exponent) * 0.693_147_2 + s * series
}

/// e to the power of numbers in [-87, 88], within 1e-6 relative: Taylor's series of degree 6 around the nearest power of 2.
@inlinable @inline(__always) public func exponential(_ x: Lanes) -> Lanes {
  let y = x * 1.442_695
  let bias = lanes(12_582_912)
  let nearest = (y + bias) - bias
  // ln 2 in two parts, so that the remainder is exact.
  let f = (x - nearest * 0.693_359_4) + nearest * 2.121_944_4e-4
  let scale = numbers(bits: lanes_shift_left_int(integers(nearest) &+ lanes(int: 127), 23))
  var p = f * (1.0 / 720) + (1.0 / 120)
  p = p * f + (1.0 / 24)
  p = p * f + (1.0 / 6)
  p = p * f + 0.5
  p = p * f + 1
  p = p * f + 1
  return p * scale
}

/// Uniform in (0, 1): the middle of one of 2^23 cells.
@inlinable @inline(__always) public func openUnit(_ words: SIMD8<UInt32>) -> Lanes {
  (lanes_from_uint(lanes_shift_right_uint(words, 9)) + 0.5) * 0x1p-23
}

/// Standard normal numbers from random words, by inversion: sqrt 2 times the inverse error function in single precision
/// (Giles, "Approximating the erfinv function", 2010). The farthest are 5.2 from 0.
@inlinable @inline(__always) public func normalNumbers(_ words: SIMD8<UInt32>) -> Lanes {
  // Both 1 - x and 1 + x are exact: x is a whole multiple of 2^-23.
  let x = openUnit(words) * 2 - 1
  let w = -naturalLogarithm((lanes(1) - x) * (x + 1))
  let a = w - 2.5
  var p = a * 2.810_226_36e-08 + 3.432_739_39e-07
  p = p * a + -3.523_387_7e-06
  p = p * a + -4.391_506_54e-06
  p = p * a + 0.000_218_580_87
  p = p * a + -0.001_253_725_03
  p = p * a + -0.004_177_681_64
  p = p * a + 0.246_640_727
  p = p * a + 1.501_409_41
  let isTail = isLess(lanes(5), w)
  if isAnySet(isTail) {
    let b = lanes_square_root(maximum(w, lanes(5))) - 3
    var q = b * -0.000_200_214_257 + 0.000_100_950_558
    q = q * b + 0.001_349_343_22
    q = q * b + -0.003_673_428_44
    q = q * b + 0.005_739_507_73
    q = q * b + -0.007_622_461_3
    q = q * b + 0.009_438_870_47
    q = q * b + 1.001_674_06
    q = q * b + 2.832_976_82
    p = select(isTail, q, p)
  }
  return p * x * 1.414_213_6
}
