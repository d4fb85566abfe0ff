import CLanes
import Imaging
import LaneMath
import Stage

/// Pixels that always show nothing, or always everything. Which ones hangs on the defect seed alone: they are a camera's
/// own, and stay the same from frame to frame.
struct PixelDefects {
  private struct Pixel {
    var x: UInt32
    var y: UInt32
    var isHot: Bool
  }

  private let dead: UInt32
  private let broken: UInt32
  private let seed: UInt32
  private let width: Int
  private let height: Int
  private let pixels: [Pixel]

  private static func shares(_ sensor: Sensor) -> (dead: UInt32, broken: UInt32) {
    let dead = UInt32(sensor.deadPixels * 0x1p32)
    return (dead, dead + UInt32(sensor.hotPixels * 0x1p32))
  }

  /// Nil where there are none.
  init?(_ sensor: Sensor, width: Int, height: Int) {
    guard sensor.deadPixels > 0 || sensor.hotPixels > 0 else { return nil }
    (dead, broken) = PixelDefects.shares(sensor)
    seed = sensor.defectSeed
    (self.width, self.height) = (width, height)
    var pixels: [Pixel] = []
    for y in 0..<height {
      for x in Swift.stride(from: 0, to: width, by: 8) {
        let words = RandomWords(
          from: UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: y), 0, key: SIMD2(seed, 0xDEFE_C700)
        ).a
        for i in 0..<min(8, width - x) where words[i] < broken {
          pixels.append(Pixel(x: UInt32(x + i), y: UInt32(y), isHot: words[i] >= dead))
        }
      }
    }
    self.pixels = pixels
  }

  /// Whether these are the defects of a sensor of this size.
  func areThose(of sensor: Sensor, width: Int, height: Int) -> Bool {
    PixelDefects.shares(sensor) == (dead, broken) && sensor.defectSeed == seed
      && (width, height) == (self.width, self.height)
  }

  func apply(to light: inout LinearImage, full: Float) {
    let (stride, plane) = (light.stride, light.planeSize)
    light.write { base in
      for p in pixels {
        for c in 0..<3 { base[c * plane + Int(p.y) * stride + Int(p.x)] = p.isHot ? full : 0 }
      }
    }
  }

  func apply(to raw: inout RawPlane, full: Float) {
    raw.write { row in
      for p in pixels { row(Int(p.y))[Int(p.x)] = p.isHot ? full : 0 }
    }
  }
}
