import CLanes
import Imaging
import LaneMath
import Stage

/// Pixels that always show nothing, or always everything. Which ones hangs on the defect seed alone: they are a camera's
/// own, and stay the same from frame to frame.
struct PixelDefects {
  private let dead: UInt32
  private let broken: UInt32
  private let seed: UInt32

  /// Nil where there are none.
  init?(_ sensor: Sensor) {
    guard sensor.deadPixels > 0 || sensor.hotPixels > 0 else { return nil }
    dead = UInt32(sensor.deadPixels * 0x1p32)
    broken = dead + UInt32(sensor.hotPixels * 0x1p32)
    seed = sensor.defectSeed
  }

  /// Calls `body` with a pixel's column and whether it is hot.
  private func each(_ y: Int, _ width: Int, _ body: (Int, Bool) -> Void) {
    for x in Swift.stride(from: 0, to: width, by: 8) {
      let words = RandomWords(
        from: UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: y), 0, key: SIMD2(seed, 0xDEFE_C700)
      ).a
      for i in 0..<min(8, width - x) where words[i] < broken { body(x + i, words[i] >= dead) }
    }
  }

  func apply(to light: inout LinearImage, full: Float) {
    let (width, height, stride, plane) = (light.width, light.height, light.stride, light.planeSize)
    light.write { base in
      for y in 0..<height {
        each(y, width) { x, isHot in
          for c in 0..<3 { base[c * plane + y * stride + x] = isHot ? full : 0 }
        }
      }
    }
  }

  func apply(to raw: inout RawPlane, full: Float) {
    let (width, height) = (raw.width, raw.height)
    raw.write { row in
      for y in 0..<height { each(y, width) { x, isHot in row(y)[x] = isHot ? full : 0 } }
    }
  }
}
