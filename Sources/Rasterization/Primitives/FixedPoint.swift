// Fixed point on the image plane.
//
// Vertices snap to 1/256 of a pixel. Coordinates are clipped to a guard band of -32768 to 65536 pixels, so a coordinate
// fits 25 bits and a difference 26; an edge function, the sum of two products of differences, fits 53 bits of Int64.
//
// A triangle whose bounding box is at most `smallExtent` wide and high is rasterized in Int32: within its box (and one
// pixel around it) an edge function is at most 2 * S * (S + 512) < 2^31 for S = 28672.

enum FixedPoint {
  static let bits: Int32 = 8
  static let one: Int32 = 256
  static let half: Int32 = 128

  static let guardLow = -32768.0
  static let guardHigh = 65536.0

  /// 112 pixels.
  static let smallExtent: Int32 = 112 * 256

  /// 1.5 * 2^52: adding it to a number below 2^51 leaves the number, rounded to nearest even, in the low bits.
  @usableFromInline static let roundingBias = 6_755_399_441_055_744.0

  /// Rounds (x, y) in pixels to the nearest 1/256; both are within the guard band.
  @inline(__always) static func snap(_ p: SIMD2<Double>) -> SIMD2<Int32> {
    let biased = p * Double(one) + SIMD2(repeating: roundingBias)
    return SIMD2<Int32>(truncatingIfNeeded: unsafeBitCast(biased, to: SIMD2<Int64>.self))
  }
}
