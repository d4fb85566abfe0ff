import CLanes
import Imaging
import LaneMath

/// Unsharp masking: adds `amount` times the difference to a copy blurred by the binomial filter 1 2 1 in both directions.
/// It works on encoded values, as cameras do. Beyond the edge the picture goes on as it is there.
enum Sharpening {
  /// Hands each row on as it is made, from the first to the last: its number, the address of its first red sample, and the
  /// way to its green and its blue ones.
  static func apply(_ picture: LinearImage, amount: Float, _ next: (Int, UnsafePointer<Float>, Int) -> Void) {
    let (width, height, stride, plane) = (picture.width, picture.height, picture.stride, picture.planeSize)
    // A row blurred downwards, with a pixel more at both ends; behind it the sharpened row's three colours.
    var rows = [Float](repeating: 0, count: 4 * stride + 16)
    picture.read { from in
      rows.withUnsafeMutableBufferPointer { buffer in
        guard let sum = buffer.baseAddress.map({ $0 + 8 }) else { return }
        let out = sum + (stride + 8)
        for y in 0..<height {
          for c in 0..<3 {
            let here = from + (c * plane + y * stride)
            let above = y > 0 ? here - stride : here
            let below = y + 1 < height ? here + stride : here
            for x in Swift.stride(from: 0, to: width, by: 8) {
              store(load(above + x) + load(here + x) * 2 + load(below + x), sum + x)
            }
            sum[-1] = sum[0]
            sum[width] = sum[width - 1]
            for x in Swift.stride(from: 0, to: width, by: 8) {
              let blurred = (load(sum + (x - 1)) + load(sum + x) * 2 + load(sum + (x + 1))) * (1.0 / 16)
              let sharp = load(here + x)
              store(sharp + (sharp - blurred) * amount, out + (c * stride + x))
            }
          }
          next(y, UnsafePointer(out), stride)
        }
      }
    }
  }
}
