import CLanes

// Eight numbers at a time.

public typealias Lanes = SIMD8<Float>
/// Integers as masks: all bits set, or none.
public typealias LaneMask = SIMD8<Int32>

@inlinable @inline(__always) public func lanes(_ x: Float) -> Lanes { lanes_splat(x) }
@inlinable @inline(__always) public func lanes(int x: Int32) -> SIMD8<Int32> { lanes_splat_int(x) }

/// The bits of numbers as integers.
@inlinable @inline(__always) public func bits(_ x: Lanes) -> SIMD8<Int32> { lanes_float_bits(x) }
@inlinable @inline(__always) public func numbers(bits x: SIMD8<Int32>) -> Lanes { lanes_from_bits(x) }

/// Set where the sign bit is.
@inlinable @inline(__always) public func signMask(_ x: SIMD8<Int32>) -> LaneMask { lanes_shift_right_int(x, 31) }

/// `a` where the mask's sign is set, else `b`.
@inlinable @inline(__always) public func select(_ mask: LaneMask, _ a: Lanes, _ b: Lanes) -> Lanes {
  lanes_select(mask, a, b)
}
@inlinable @inline(__always) public func select(_ mask: LaneMask, _ a: SIMD8<Int32>, _ b: SIMD8<Int32>) -> SIMD8<Int32>
{
  lanes_select_int(mask, a, b)
}
@inlinable @inline(__always) public func isLess(_ a: Lanes, _ b: Lanes) -> LaneMask { lanes_less(a, b) }
@inlinable @inline(__always) public func isAnySet(_ mask: LaneMask) -> Bool { lanes_any(mask) != 0 }

/// The second operand where one is not a number.
@inlinable @inline(__always) public func maximum(_ a: Lanes, _ b: Lanes) -> Lanes { lanes_maximum(a, b) }
@inlinable @inline(__always) public func minimum(_ a: Lanes, _ b: Lanes) -> Lanes { lanes_minimum(a, b) }

/// Numbers in the range of the integer, cut towards zero.
@inlinable @inline(__always) public func integers(_ x: Lanes) -> SIMD8<Int32> { lanes_to_int(x) }
@inlinable @inline(__always) public func numbers(_ n: SIMD8<Int32>) -> Lanes { lanes_from_int(n) }

/// Three coordinates of eight vectors.
@frozen public struct Lanes3 {
  public var x: Lanes
  public var y: Lanes
  public var z: Lanes

  @inlinable @inline(__always) public init(_ x: Lanes, _ y: Lanes, _ z: Lanes) {
    self.x = x
    self.y = y
    self.z = z
  }

  @inlinable @inline(__always) public init(_ v: SIMD3<Float>) { self.init(lanes(v.x), lanes(v.y), lanes(v.z)) }

  @inlinable @inline(__always) public static func + (a: Lanes3, b: Lanes3) -> Lanes3 {
    Lanes3(a.x + b.x, a.y + b.y, a.z + b.z)
  }
  @inlinable @inline(__always) public static func - (a: Lanes3, b: Lanes3) -> Lanes3 {
    Lanes3(a.x - b.x, a.y - b.y, a.z - b.z)
  }
  @inlinable @inline(__always) public static func * (a: Lanes3, s: Lanes) -> Lanes3 {
    Lanes3(a.x * s, a.y * s, a.z * s)
  }
  @inlinable @inline(__always) public static func * (a: Lanes3, b: Lanes3) -> Lanes3 {
    Lanes3(a.x * b.x, a.y * b.y, a.z * b.z)
  }
  @inlinable @inline(__always) public static prefix func - (a: Lanes3) -> Lanes3 { Lanes3(-a.x, -a.y, -a.z) }
}

@inlinable @inline(__always) public func dot(_ a: Lanes3, _ b: Lanes3) -> Lanes { a.x * b.x + a.y * b.y + a.z * b.z }

@inlinable @inline(__always) public func cross(_ a: Lanes3, _ b: Lanes3) -> Lanes3 {
  Lanes3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// 1 / sqrt(x) within 5e-6 relative, for positive normal numbers; for 0 a large finite number. The first guess comes from
/// halving the exponent (as in Lomont 2003), the rest from two steps of Newton's method.
@inlinable @inline(__always) public func reciprocalSquareRoot(_ x: Lanes) -> Lanes {
  var y = numbers(bits: lanes(int: 0x5f37_5a86) &- lanes_shift_right_int(bits(x), 1))
  let half = x * 0.5
  y = y * (lanes(1.5) - half * y * y)
  y = y * (lanes(1.5) - half * y * y)
  return y
}

/// sqrt(x) within 5e-6 relative, for x = 0 and positive normal numbers.
@inlinable @inline(__always) public func squareRoot(_ x: Lanes) -> Lanes { x * reciprocalSquareRoot(x) }

/// Unit vectors; a zero vector stays zero.
@inlinable @inline(__always) public func unit(_ v: Lanes3) -> Lanes3 { v * reciprocalSquareRoot(dot(v, v)) }

/// Columns of four.
public typealias Columns = (x: Lanes, y: Lanes, z: Lanes, w: Lanes)

/// Turns eight rows of four into four columns of eight.
@inlinable @inline(__always)
public func columns(_ row: (Int) -> SIMD4<Float>) -> Columns {
  // Rows i and i + 4 side by side, then 4 x 4 blocks turned in both halves.
  let (a, b) = (lanes_join(row(0), row(4)), lanes_join(row(1), row(5)))
  let (c, d) = (lanes_join(row(2), row(6)), lanes_join(row(3), row(7)))
  let (abLow, cdLow) = (lanes_zip_low(a, b), lanes_zip_low(c, d))
  let (abHigh, cdHigh) = (lanes_zip_high(a, b), lanes_zip_high(c, d))
  return (
    lanes_pair_low(abLow, cdLow), lanes_pair_high(abLow, cdLow), lanes_pair_low(abHigh, cdHigh),
    lanes_pair_high(abHigh, cdHigh)
  )
}

/// The largest whole number not above `x`, for |x| < 2^22.
@inlinable @inline(__always) public func wholePart(_ x: Lanes) -> Lanes {
  let bias = lanes(12_582_912)  // 1.5 * 2^23: adding it rounds to a whole number
  let nearest = (x + bias) - bias
  let one = isLess(x, nearest) & lanes(int: 0x3f80_0000)
  return nearest - numbers(bits: one)
}

/// log2(x) within 1.2e-4, for positive normal numbers: the exponent, and for the mantissa 1 + t the polynomial
/// t (1 + (1 - t) q(t)), which is exact at both ends, with q fitted for the smallest greatest error.
@inlinable @inline(__always) public func logarithm2(_ x: Lanes) -> Lanes {
  let exponent = lanes_shift_right_int(bits(x), 23) &- lanes(int: 127)
  let t = numbers(bits: (bits(x) & lanes(int: 0x007f_ffff)) | lanes(int: 0x3f80_0000)) - 1
  let q = (t * 0.082_129_88 - lanes(0.239_057_39)) * t + 0.438_725_56
  return numbers(exponent) + t * ((lanes(1) - t) * q + 1)
}

/// 2 to the power of numbers in [-126, 126], within 1e-4 relative: Taylor's series of degree 4 around the nearest whole
/// number.
@inlinable @inline(__always) public func power2(_ x: Lanes) -> Lanes {
  let bias = lanes(12_582_912)
  let nearest = (x + bias) - bias
  let f = (x - nearest) * 0.693_147_2
  let scale = numbers(bits: lanes_shift_left_int(integers(nearest) &+ lanes(int: 127), 23))
  var p = f * (1.0 / 24) + (1.0 / 6)
  p = p * f + 0.5
  p = p * f + 1
  p = p * f + 1
  return p * scale
}

/// |x|.
@inlinable @inline(__always) public func magnitude(_ x: Lanes) -> Lanes {
  numbers(bits: bits(x) & lanes(int: Int32.max))
}
