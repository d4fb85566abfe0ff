import CLanes
import Geometry
import Imaging
import LaneMath
import Stage

/// A tone curve as a table: 256 steps an octave of x + 2^-10, from x = 0 to 64, straight lines in between. The step is
/// read off the number's bits. Near 0 a step is 2^-18, an eighth of a step of 16-bit linear light.
final class ToneTable {
  private static let offset: Float = 0x1p-10
  private static let octaves = 16
  private static let stepBits: Int32 = 15
  private static let first = Int32(bitPattern: offset.bitPattern)
  private let name: Development.ToneCurveName
  private var table: [Float] = []

  init(_ name: Development.ToneCurveName) {
    self.name = name
    let count = ToneTable.octaves * 256
    table = (0...count).map { k in
      let edge = Float(bitPattern: UInt32(ToneTable.first) + UInt32(k) << UInt32(ToneTable.stepBits))
      return Float(ToneCurves.encoded(name, Double(edge) - Double(ToneTable.offset)))
    }
    table.append(table[count])
  }

  /// Multiplies by the white balance and encodes, in place.
  func apply(to light: inout LinearImage, whiteBalance: SIMD3<Float>) {
    let (width, height, stride, plane) = (light.width, light.height, light.stride, light.planeSize)
    light.write { base in
      for y in 0..<height { apply(toRow: base + y * stride, plane: plane, width: width, whiteBalance: whiteBalance) }
    }
  }

  /// The same for a row, given the address of its first red sample.
  func apply(toRow row: UnsafeMutablePointer<Float>, plane: Int, width: Int, whiteBalance: SIMD3<Float>) {
    let keeps = name == .agx ? ToneCurves.agxInset : 1
    var steps = (SIMD8<Int32>(), SIMD8<Int32>(), SIMD8<Int32>())
    table.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      for x in Swift.stride(from: 0, to: width, by: 8) {
        let p = row + x
        var r = load(p) * whiteBalance.x
        var g = load(p + plane) * whiteBalance.y
        var b = load(p + 2 * plane) * whiteBalance.z
        if keeps < 1 {
          let mean = (r + g + b) * ((1 - keeps) / 3)
          (r, g, b) = (r * keeps + mean, g * keeps + mean, b * keeps + mean)
        }
        let (fr, fg, fb) = (
          ToneTable.place(r, &steps.0), ToneTable.place(g, &steps.1), ToneTable.place(b, &steps.2)
        )
        ToneTable.look(up: table, steps.0, fr, p)
        ToneTable.look(up: table, steps.1, fg, p + plane)
        ToneTable.look(up: table, steps.2, fb, p + 2 * plane)
      }
    }
  }

  /// The step that each number lies in, and how far it is into it.
  @inline(__always)
  private static func place(_ x: Lanes, _ step: inout SIMD8<Int32>) -> Lanes {
    // NaN is 0; what is above the table is its end.
    let t = minimum(maximum(x, lanes(0)) + offset, lanes(0x1.fffffep5))
    let from = bits(t) &- lanes(int: first)
    step = lanes_shift_right_int(from, stepBits)
    return numbers(from & lanes(int: (1 << stepBits) - 1)) * Float(1.0 / Double(1 << stepBits))
  }

  @inline(__always)
  private static func look(
    up table: UnsafePointer<Float>, _ step: SIMD8<Int32>, _ share: Lanes, _ out: UnsafeMutablePointer<Float>
  ) {
    @inline(__always) func entry(_ i: Int) -> SIMD2<Float> {
      UnsafeRawPointer(table + Int(step[i])).loadUnaligned(as: SIMD2<Float>.self)
    }
    let (e0, e1, e2, e3) = (entry(0), entry(1), entry(2), entry(3))
    let (e4, e5, e6, e7) = (entry(4), entry(5), entry(6), entry(7))
    let low = Lanes(e0.x, e1.x, e2.x, e3.x, e4.x, e5.x, e6.x, e7.x)
    let high = Lanes(e0.y, e1.y, e2.y, e3.y, e4.y, e5.y, e6.y, e7.y)
    store(low + (high - low) * share, out)
  }
}
