import CLanes
import Geometry
import LaneMath
import Imaging

/// From linear light to 8-bit sRGB: clips to [0, 1] and applies the curve of IEC 61966-2-1 by a table of 16384 steps. A
/// step is at most a fifth of a code, so a code differs from exact rounding only within a tenth of a step's border.
final class ToneCurve: Sendable {
  static let steps = 16384
  // Written before `init` returns, never after, freed by `deinit`.
  nonisolated(unsafe) let table: UnsafePointer<UInt8>

  init() {
    let t = UnsafeMutablePointer<UInt8>.allocate(capacity: ToneCurve.steps)
    for i in 0..<ToneCurve.steps {
      let x = Double(i) / Double(ToneCurve.steps - 1)
      let y = x <= 0.0031308 ? 12.92 * x : 1.055 * StableMath.pow(x, 1 / 2.4) - 0.055
      t[i] = UInt8(y * 255 + 0.5)
    }
    table = UnsafePointer(t)
  }

  deinit { table.deallocate() }

  static let sRGB = ToneCurve()

  /// The table's index for eight values of linear light; NaN counts as 0.
  @inline(__always)
  func steps(_ x: Lanes) -> SIMD8<Int32> {
    let most = lanes(Float(ToneCurve.steps - 1))
    return integers(minimum(maximum(x * Float(ToneCurve.steps - 1) + 0.5, lanes(0)), most))
  }

  /// Writes the three bytes of one pixel, given its linear RGB.
  @inline(__always)
  func develop(_ rgb: SIMD4<Float>, into out: UnsafeMutablePointer<UInt8>) {
    let v = rgb * Float(ToneCurve.steps - 1) + lanes_splat4(0.5)
    let most = lanes_splat4(Float(ToneCurve.steps - 1))
    let k = lanes_to_int4(lanes_minimum4(lanes_maximum4(v, lanes_splat4(0)), most))
    out[0] = table[Int(k.x)]
    out[1] = table[Int(k.y)]
    out[2] = table[Int(k.z)]
  }
}
