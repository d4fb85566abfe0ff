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

  /// Offsets from the pixel's centre, in pixels.
  @inline(__always) static var offsetX: SIMD8<Float> {
    SIMD8(0, -0.1875, 0.0625, 0.375, 0.3125, -0.4375, -0.375, 0.25)
  }
  @inline(__always) static var offsetY: SIMD8<Float> {
    SIMD8(0, -0.3125, 0.375, -0.0625, 0.25, -0.125, 0.3125, -0.4375)
  }
}
