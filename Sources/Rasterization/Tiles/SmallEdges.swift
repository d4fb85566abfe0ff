import CLanes
import LaneMath

/// The edge functions of a small primitive around a point (x, y) in 1/256 pixel: lane k is the side from vertex k to the
/// next, with the values, coefficients and fill rule of `Edge`.
struct SmallEdges {
  /// At the point.
  let centre: SIMD4<Int32>
  /// What they grow by from a pixel to the next one on the right and below.
  let right: SIMD4<Int32>
  let down: SIMD4<Int32>
  /// a below b in one word: at most `FixedPoint.smallExtent`, they fit 16 bits each.
  let pairs: SIMD4<Int32>

  @inline(__always) init(_ p: Primitive, _ x: Int32, _ y: Int32) {
    let (px, py) = (SIMD4(p.x0, p.x1, p.x2, 0), SIMD4(p.y0, p.y1, p.y2, 0))
    let a = py &- lanes_turn4(py)
    let b = lanes_turn4(px) &- px
    let bias = lanes_shift_right_int4(a &+ lanes_shift_right_int4(b &- lanes_splat_int4(1), 31), 31)
    centre = a &* (lanes_splat_int4(x) &- px) &+ b &* (lanes_splat_int4(y) &- py) &+ bias
    right = lanes_shift_left_int4(a, FixedPoint.bits)
    down = lanes_shift_left_int4(b, FixedPoint.bits)
    pairs = lanes_pair_up4(a, b)
  }

  /// What an edge function adds on the way from a pixel's centre to its samples.
  @inline(__always) static func toSamples(_ pair: SIMD8<Int32>) -> SIMD8<Int32> {
    lanes_pair_products(pair, SamplePattern.pairs)
  }
}
