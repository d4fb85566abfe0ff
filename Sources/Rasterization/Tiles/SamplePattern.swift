import LaneMath

// Where a pixel is sampled.
//
// A pixel has eight samples, one a SIMD lane. Lane 0 is the pixel's centre: labels are read from it alone. All eight
// count alike in the picture. The offsets are in sixteenths of a pixel from the centre; no two share a row or a column,
// and they sum to zero, so that antialiasing does not move the picture against the labels. They were found by a search
// for the smallest squared error of coverage over half-planes of 24 directions.

enum SamplePattern {
  // Computed, so that they are constants in the code that uses them rather than globals behind a once-check.
  @inline(__always) static var x: SIMD8<Int32> { SIMD8(0, -3, 1, 6, 5, -7, -6, 4) }
  @inline(__always) static var y: SIMD8<Int32> { SIMD8(0, -5, 6, -1, 4, -2, 5, -7) }

  /// Offsets in 1/256 pixel, two numbers of 16 bits in each word: x below y.
  @inline(__always) static var pairs: SIMD8<Int32> {
    @inline(__always) func word(_ x: Int32, _ y: Int32) -> Int32 { (16 * x) & 0xffff | (16 * y) << 16 }
    return SIMD8(
      word(x[0], y[0]), word(x[1], y[1]), word(x[2], y[2]), word(x[3], y[3]), word(x[4], y[4]), word(x[5], y[5]),
      word(x[6], y[6]), word(x[7], y[7]))
  }

  /// Offsets from the pixel's centre, in pixels.
  @inline(__always) static var offsetX: SIMD8<Float> {
    SIMD8(0, -0.1875, 0.0625, 0.375, 0.3125, -0.4375, -0.375, 0.25)
  }
  @inline(__always) static var offsetY: SIMD8<Float> {
    SIMD8(0, -0.3125, 0.375, -0.0625, 0.25, -0.125, 0.3125, -0.4375)
  }
}
