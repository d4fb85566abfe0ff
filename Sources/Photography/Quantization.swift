import CLanes
import Imaging
import LaneMath

/// Encoded values, 0 to 1, to whole numbers, rounded half up; what is outside is cut off.
enum Quantization {
  static func eight(_ picture: LinearImage) -> [UInt8] {
    let count = picture.width * picture.height * 3
    return codes(picture) { p, at, n, r, g, b in
      // Eight pixels and a byte more are written where there is room for that.
      guard n < 8 || at + 25 > count else { return lanes_store_bytes3(r, g, b, p + at) }
      put(p + at, n, r, g, b)
    }
  }

  static func sixteen(_ picture: LinearImage) -> [UInt16] {
    codes(picture) { p, at, n, r, g, b in put(p + at, n, r, g, b) }
  }

  @inline(__always)
  private static func put<Code: FixedWidthInteger & UnsignedInteger>(
    _ p: UnsafeMutablePointer<Code>, _ n: Int, _ r: SIMD8<Int32>, _ g: SIMD8<Int32>, _ b: SIMD8<Int32>
  ) {
    for i in 0..<n {
      p[3 * i] = Code(truncatingIfNeeded: r[i])
      p[3 * i + 1] = Code(truncatingIfNeeded: g[i])
      p[3 * i + 2] = Code(truncatingIfNeeded: b[i])
    }
  }

  /// `put` writes up to eight pixels' codes: the picture's first code, the number of the first that it writes, how many
  /// pixels, and their colours.
  @inline(__always)
  private static func codes<Code: FixedWidthInteger & UnsignedInteger>(
    _ picture: LinearImage,
    _ put: (UnsafeMutablePointer<Code>, Int, Int, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>) -> Void
  ) -> [Code] {
    let count = picture.width * picture.height * 3
    return [Code](unsafeUninitializedCapacity: count) { out, filled in
      filled = count
      guard let out = out.baseAddress else { return }
      each(picture, Float(Code.max)) { k, n, r, g, b in put(out, 3 * k, n, r, g, b) }
    }
  }

  /// Calls `body` with the first pixel's number, how many pixels there are, and their codes.
  @inline(__always)
  private static func each(
    _ picture: LinearImage, _ top: Float, _ body: (Int, Int, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>) -> Void
  ) {
    let (width, height, stride, plane) = (picture.width, picture.height, picture.stride, picture.planeSize)
    @inline(__always) func code(_ p: UnsafePointer<Float>) -> SIMD8<Int32> {
      integers(minimum(maximum(load(p), lanes(0)), lanes(1)) * top + 0.5)
    }
    picture.read { base in
      for y in 0..<height {
        for x in Swift.stride(from: 0, to: width, by: 8) {
          let p = base + (y * stride + x)
          body(y * width + x, min(8, width - x), code(p), code(p + plane), code(p + 2 * plane))
        }
      }
    }
  }
}
