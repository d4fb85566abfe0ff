// Small helpers on eight lanes. Written so that the compiler makes straight vector code of them, on any target.

typealias Lanes = SIMD8<Float>

@inline(__always) func lanes(_ x: Float) -> Lanes { Lanes(repeating: x) }

// Masks are integers, all bits set or none: a `SIMDMask` that passes through `.&` is taken apart and put together lane by
// lane by today's compiler, at ten times the cost.

typealias LaneMask = SIMD8<Int32>

/// Set where the sign bit is.
@inline(__always) func signMask(_ x: SIMD8<Int32>) -> LaneMask { x &>> SIMD8(repeating: 31) }
@inline(__always) func signMask(_ x: Lanes) -> LaneMask { signMask(unsafeBitCast(x, to: SIMD8<Int32>.self)) }

/// `a` where the mask is set, else `b`.
@inline(__always) func select(_ mask: LaneMask, _ a: SIMD8<Int32>, _ b: SIMD8<Int32>) -> SIMD8<Int32> {
  b ^ ((a ^ b) & mask)
}
@inline(__always) func select(_ mask: LaneMask, _ a: Lanes, _ b: Lanes) -> Lanes {
  unsafeBitCast(
    select(mask, unsafeBitCast(a, to: SIMD8<Int32>.self), unsafeBitCast(b, to: SIMD8<Int32>.self)), to: Lanes.self)
}

@inline(__always) func isAnySet(_ mask: LaneMask) -> Bool {
  let m = unsafeBitCast(mask, to: SIMD4<UInt64>.self)
  return m.x | m.y | m.z | m.w != 0
}

@inline(__always) func maximum(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: a .< b) }
@inline(__always) func minimum(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }

/// Three coordinates of eight vectors.
struct Lanes3 {
  var x: Lanes
  var y: Lanes
  var z: Lanes

  @inline(__always) init(_ x: Lanes, _ y: Lanes, _ z: Lanes) {
    self.x = x
    self.y = y
    self.z = z
  }

  @inline(__always) init(_ v: SIMD3<Float>) { self.init(lanes(v.x), lanes(v.y), lanes(v.z)) }

  @inline(__always) static func + (a: Lanes3, b: Lanes3) -> Lanes3 { Lanes3(a.x + b.x, a.y + b.y, a.z + b.z) }
  @inline(__always) static func - (a: Lanes3, b: Lanes3) -> Lanes3 { Lanes3(a.x - b.x, a.y - b.y, a.z - b.z) }
  @inline(__always) static func * (a: Lanes3, s: Lanes) -> Lanes3 { Lanes3(a.x * s, a.y * s, a.z * s) }
  @inline(__always) static func * (a: Lanes3, b: Lanes3) -> Lanes3 { Lanes3(a.x * b.x, a.y * b.y, a.z * b.z) }
  @inline(__always) static prefix func - (a: Lanes3) -> Lanes3 { Lanes3(-a.x, -a.y, -a.z) }
}

@inline(__always) func dot(_ a: Lanes3, _ b: Lanes3) -> Lanes { a.x * b.x + a.y * b.y + a.z * b.z }

@inline(__always) func cross(_ a: Lanes3, _ b: Lanes3) -> Lanes3 {
  Lanes3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// 1 / sqrt(x) within 2e-7 relative, for positive normal numbers; for 0 a large finite number. The first guess comes from
/// halving the exponent (as in Lomont 2003), the rest from three steps of Newton's method. The stdlib's `squareRoot` of
/// a vector calls the C library lane by lane.
@inline(__always) func reciprocalSquareRoot(_ x: Lanes) -> Lanes {
  let bits = SIMD8<Int32>(repeating: 0x5f37_5a86) &- (unsafeBitCast(x, to: SIMD8<Int32>.self) &>> SIMD8(repeating: 1))
  var y = unsafeBitCast(bits, to: Lanes.self)
  let half = x * 0.5
  y = y * (lanes(1.5) - half * y * y)
  y = y * (lanes(1.5) - half * y * y)
  y = y * (lanes(1.5) - half * y * y)
  return y
}

/// sqrt(x) within 2e-7 relative, for x = 0 and positive normal numbers.
@inline(__always) func squareRoot(_ x: Lanes) -> Lanes { x * reciprocalSquareRoot(x) }

/// Unit vectors; a zero vector stays zero.
@inline(__always) func unit(_ v: Lanes3) -> Lanes3 { v * reciprocalSquareRoot(dot(v, v)) }

/// Turns eight rows of four into four columns of eight.
@inline(__always)
func transpose(
  _ r: (
    SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>
  )
) -> (x: Lanes, y: Lanes, z: Lanes, w: Lanes) {
  let a = Lanes(lowHalf: r.0, highHalf: r.1)
  let b = Lanes(lowHalf: r.2, highHalf: r.3)
  let c = Lanes(lowHalf: r.4, highHalf: r.5)
  let d = Lanes(lowHalf: r.6, highHalf: r.7)
  // Even lanes of a are x0 z0 x1 z1, odd lanes y0 w0 y1 w1, and so on.
  let xzA = Lanes(lowHalf: a.evenHalf, highHalf: b.evenHalf)
  let xzB = Lanes(lowHalf: c.evenHalf, highHalf: d.evenHalf)
  let ywA = Lanes(lowHalf: a.oddHalf, highHalf: b.oddHalf)
  let ywB = Lanes(lowHalf: c.oddHalf, highHalf: d.oddHalf)
  return (
    Lanes(lowHalf: xzA.evenHalf, highHalf: xzB.evenHalf), Lanes(lowHalf: ywA.evenHalf, highHalf: ywB.evenHalf),
    Lanes(lowHalf: xzA.oddHalf, highHalf: xzB.oddHalf), Lanes(lowHalf: ywA.oddHalf, highHalf: ywB.oddHalf)
  )
}

/// The largest whole number not above `x`, for |x| < 2^22.
@inline(__always) func wholePart(_ x: Lanes) -> Lanes {
  let bias = lanes(12_582_912)  // 1.5 * 2^23: adding it rounds to a whole number
  let nearest = (x + bias) - bias
  return nearest.replacing(with: nearest - 1, where: nearest .> x)
}

/// Whole numbers in 0 ..< 2^22 as integers, by their place in the mantissa.
@inline(__always) func integers(_ whole: Lanes) -> SIMD8<Int32> {
  let bits = unsafeBitCast(whole + lanes(8_388_608), to: SIMD8<Int32>.self)
  return bits & SIMD8(repeating: 0x7f_ffff)
}

/// Base-2 logarithm of positive normal numbers, within 2e-4: exponent plus 2 / ln 2 * atanh((m-1)/(m+1)), two terms, for
/// the mantissa m in [1/sqrt 2, sqrt 2).
@inline(__always) func logarithm2(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
  // Subtracting the bits of 1/sqrt 2 makes the exponent step there instead of at 1.
  let shifted = (bits &- SIMD8(repeating: 0x3f35_04f3)) &>> SIMD8(repeating: 23)
  let m = unsafeBitCast(bits &- (shifted &<< SIMD8(repeating: 23)), to: Lanes.self)
  let s = (m - 1) / (m + 1)
  let exponent = unsafeBitCast(shifted &+ SIMD8(repeating: 0x4b40_0000), to: Lanes.self) - lanes(12_582_912)
  return exponent + s * (lanes(2.885_390_1) + s * s * lanes(0.961_796_7 + 0.03))
}

/// 2 to the power of numbers in [-126, 126], within 2e-4 relative: Taylor's series of degree 4 around the nearest whole
/// number.
@inline(__always) func power2(_ x: Lanes) -> Lanes {
  let bias = lanes(12_582_912)
  let biased = x + bias
  let f = (x - (biased - bias)) * 0.693_147_2
  let whole = unsafeBitCast(biased, to: SIMD8<Int32>.self) &- SIMD8(repeating: 0x4b40_0000)
  let scale = unsafeBitCast((whole &+ SIMD8(repeating: 127)) &<< SIMD8(repeating: 23), to: Lanes.self)
  let p = lanes(1) + f * (lanes(1) + f * (lanes(0.5) + f * (lanes(1.0 / 6) + f * lanes(1.0 / 24))))
  return p * scale
}

/// Integers in 0 ..< 2^23 as numbers, by their place in the mantissa.
@inline(__always) func numbers(_ n: SIMD8<UInt32>) -> Lanes {
  unsafeBitCast(n | SIMD8(repeating: 0x4b00_0000), to: Lanes.self) - lanes(8_388_608)
}
@inline(__always) func numbers(_ n: SIMD8<Int32>) -> Lanes { numbers(unsafeBitCast(n, to: SIMD8<UInt32>.self)) }
