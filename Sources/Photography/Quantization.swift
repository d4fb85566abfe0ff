import CLanes
import Imaging
import LaneMath

/// Encoded values, 0 to 1, to whole numbers, rounded half up; what is outside is cut off.
enum Quantization {
  /// - Parameter sharpening: amount of `Sharpening`, done on the way; none for 0.
  static func eight(_ picture: LinearImage, sharpening: Float = 0) -> [UInt8] {
    let count = picture.width * picture.height * 3
    return codes(picture, sharpening) { p, at, n, r, g, b in
      // Eight pixels and a byte more are written where there is room for that.
      guard n < 8 || at + 25 > count else { return lanes_store_bytes3(r, g, b, p + at) }
      put(p + at, n, r, g, b)
    }
  }

  static func sixteen(_ picture: LinearImage, sharpening: Float = 0) -> [UInt16] {
    codes(picture, sharpening) { p, at, n, r, g, b in put(p + at, n, r, g, b) }
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
    _ picture: LinearImage, _ sharpening: Float,
    _ put: (UnsafeMutablePointer<Code>, Int, Int, SIMD8<Int32>, SIMD8<Int32>, SIMD8<Int32>) -> Void
  ) -> [Code] {
    let (width, height) = (picture.width, picture.height)
    @inline(__always) func code(_ p: UnsafePointer<Float>) -> SIMD8<Int32> {
      integers(minimum(maximum(load(p), lanes(0)), lanes(1)) * Float(Code.max) + 0.5)
    }
    return [Code](unsafeUninitializedCapacity: width * height * 3) { out, filled in
      filled = width * height * 3
      guard let out = out.baseAddress else { return }
      func putRow(_ y: Int, _ line: UnsafePointer<Float>, _ plane: Int) {
        for x in Swift.stride(from: 0, to: width, by: 8) {
          let p = line + x
          put(out, 3 * (y * width + x), min(8, width - x), code(p), code(p + plane), code(p + 2 * plane))
        }
      }
      if sharpening > 0 {
        Sharpening.apply(picture, amount: sharpening, putRow)
      } else {
        picture.read { base in
          for y in 0..<height { putRow(y, base + y * picture.stride, picture.planeSize) }
        }
      }
    }
  }
}
