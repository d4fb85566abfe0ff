import CLanes
import Geometry
import Imaging
import LaneMath
import Stage

/// How much of the light comes through to each pixel, times the exposure.
///
/// The cosine-to-the-fourth law is that of a pinhole of the camera's focal length: with t the tangent of the angle from
/// the axis, cos^4 = 1 / (1 + t^2)^2.
struct Transmission {
  private let gain: Float
  private let natural: Float
  private let v: SIMD3<Float>
  private let centre: SIMD2<Float>
  private let inverseFocal: SIMD2<Float>
  private let inverseCorner: Float
  private let isFlat: Bool

  init(_ lens: LensEffects, _ camera: Camera, width: Int, height: Int, gain: Double) {
    self.gain = Float(gain)
    natural = Float(lens.naturalVignetting)
    v = SIMD3<Float>(lens.vignetting)
    centre = SIMD2(Float(camera.cx), Float(camera.cy))
    inverseFocal = SIMD2(Float(1 / camera.fx), Float(1 / camera.fy))
    let dx = max(camera.cx, Double(width) - camera.cx)
    let dy = max(camera.cy, Double(height) - camera.cy)
    inverseCorner = Float(1 / (dx * dx + dy * dy))
    isFlat = natural == 0 && v == SIMD3()
  }

  var isIdentity: Bool { gain == 1 && isFlat }

  /// Of pixels that far from the principal point.
  @inline(__always)
  private func factors(_ dx: Lanes, _ dy: Lanes) -> Lanes {
    let q = (dx * dx + dy * dy) * inverseCorner
    let mechanical = maximum(((q * v.z + v.y) * q + v.x) * q + 1, lanes(0))
    let (tx, ty) = (dx * inverseFocal.x, dy * inverseFocal.y)
    let c = tx * tx + ty * ty + 1
    let fourth = lanes(1) / (c * c)
    return mechanical * (fourth * natural + (1 - natural)) * gain
  }

  /// The factors of the eight pixels from (x, y) on.
  @inline(__always)
  func factors(_ x: Int, _ y: Int) -> Lanes {
    isFlat ? lanes(gain) : factors(ramp + (Float(x) + 0.5 - centre.x), lanes(Float(y) + 0.5 - centre.y))
  }

  func apply(to light: inout LinearImage) {
    let (width, height, stride, plane) = (light.width, light.height, light.stride, light.planeSize)
    light.write { base in
      for y in 0..<height {
        for x in Swift.stride(from: 0, to: width, by: 8) {
          let k = factors(x, y)
          for c in 0..<3 {
            let p = base + (c * plane + y * stride + x)
            store(load(p) * k, p)
          }
        }
      }
    }
  }
}
