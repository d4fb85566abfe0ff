import CLanes

// The operators of the SIMD types that the house computes with, as clang's vector operators: see CLanes.h for why.
// Being members of the concrete types they win over the standard library's generic ones.

extension SIMD8<Float> {
  @inlinable @inline(__always) public static func + (a: Self, b: Self) -> Self { lanes_add(a, b) }
  @inlinable @inline(__always) public static func - (a: Self, b: Self) -> Self { lanes_subtract(a, b) }
  @inlinable @inline(__always) public static func * (a: Self, b: Self) -> Self { lanes_multiply(a, b) }
  @inlinable @inline(__always) public static func / (a: Self, b: Self) -> Self { lanes_divide(a, b) }
  @inlinable @inline(__always) public static func + (a: Self, b: Float) -> Self { lanes_add(a, lanes_splat(b)) }
  @inlinable @inline(__always) public static func - (a: Self, b: Float) -> Self { lanes_subtract(a, lanes_splat(b)) }
  @inlinable @inline(__always) public static func * (a: Self, b: Float) -> Self { lanes_multiply(a, lanes_splat(b)) }
  @inlinable @inline(__always) public static prefix func - (a: Self) -> Self { lanes_negate(a) }
}

extension SIMD8<Int32> {
  @inlinable @inline(__always) public static func &+ (a: Self, b: Self) -> Self { lanes_add_int(a, b) }
  @inlinable @inline(__always) public static func &- (a: Self, b: Self) -> Self { lanes_subtract_int(a, b) }
  @inlinable @inline(__always) public static func &* (a: Self, b: Self) -> Self { lanes_multiply_int(a, b) }
  @inlinable @inline(__always) public static func &* (a: Self, b: Int32) -> Self {
    lanes_multiply_int(a, lanes_splat_int(b))
  }
  @inlinable @inline(__always) public static func & (a: Self, b: Self) -> Self { lanes_and_int(a, b) }
  @inlinable @inline(__always) public static func | (a: Self, b: Self) -> Self { lanes_or_int(a, b) }
  @inlinable @inline(__always) public static func ^ (a: Self, b: Self) -> Self { lanes_xor_int(a, b) }
  @inlinable @inline(__always) public static prefix func ~ (a: Self) -> Self { lanes_not_int(a) }
  @inlinable @inline(__always) public static func &+= (a: inout Self, b: Self) { a = lanes_add_int(a, b) }
}

extension SIMD4<Float> {
  @inlinable @inline(__always) public static func + (a: Self, b: Self) -> Self { lanes_add4(a, b) }
  @inlinable @inline(__always) public static func - (a: Self, b: Self) -> Self { lanes_subtract4(a, b) }
  @inlinable @inline(__always) public static func * (a: Self, b: Self) -> Self { lanes_multiply4(a, b) }
  @inlinable @inline(__always) public static func * (a: Self, b: Float) -> Self { lanes_multiply4(a, lanes_splat4(b)) }
  @inlinable @inline(__always) public static func += (a: inout Self, b: Self) { a = lanes_add4(a, b) }
}

extension SIMD8<UInt32> {
  @inlinable @inline(__always) public static func ^ (a: Self, b: Self) -> Self { lanes_xor_uint(a, b) }
  @inlinable @inline(__always) public static func & (a: Self, b: Self) -> Self { lanes_and_uint(a, b) }
}

extension SIMD4<Int32> {
  @inlinable @inline(__always) public static func &+ (a: Self, b: Self) -> Self { lanes_add_int4(a, b) }
  @inlinable @inline(__always) public static func &- (a: Self, b: Self) -> Self { lanes_subtract_int4(a, b) }
  @inlinable @inline(__always) public static func &* (a: Self, b: Self) -> Self { lanes_multiply_int4(a, b) }
}
