// Label planes as pictures for people: depths from warm (near) to cool (far), directions and places as colours, ids in
// colours far apart, flow by direction on a wheel.

import Annotators
import Geometry
import Imaging

/// A plane as an 8-bit RGB picture; nil where it is not of the kind that its description says.
func picture(of image: PlaneImage, _ description: PlaneDescription) -> RasterImage? {
  // What is no number is shown as 0.
  guard let values = description.values(image)?.map({ $0.isFinite ? $0 : 0 }) else { return nil }
  let (width, height) = image.size
  let channels = description.channels.count
  var rgb: [UInt8] = []
  rgb.reserveCapacity(3 * width * height)
  func put(_ r: Double, _ g: Double, _ b: Double) {
    for v in [r, g, b] { rgb.append(UInt8(min(max(v, 0), 1) * 255 + 0.5)) }
  }
  switch (description.unit, channels) {
  case let (unit, n) where unit.hasSuffix(" id"):
    for k in 0..<width * height {
      var id = 0.0
      for c in (0..<n).reversed() { id = id * 256 + values[n * k + c] }
      let color = id == 0 ? SIMD3<Float>(0, 0, 0) : instanceColor(UInt32(id))
      put(Double(color.x) / 255, Double(color.y) / 255, Double(color.z) / 255)
    }
  case ("m", 1):
    // Evenly in nearness, as disparities are.
    let seen = values.filter { $0 > 0 }
    let (near, far) = (1 / (seen.min() ?? 1), 1 / (seen.max() ?? 1))
    for v in values {
      guard v > 0 else {
        put(0, 0, 0)
        continue
      }
      let t = near > far ? (1 / v - far) / (near - far) : 0.5
      put(0.1 + 1.5 * t, 1 - 1.6 * abs(t - 0.5), 1.1 - 1.5 * t)
    }
  case (_, 3) where description.name.hasSuffix("normal"):
    for k in 0..<width * height {
      let (x, y, z) = (values[3 * k], values[3 * k + 1], values[3 * k + 2])
      let isNothing = (x, y, z) == (0, 0, 0) || (x, y, z) == (-1, -1, -1)
      // As such maps are usually shown: up is green, towards the camera blue.
      if isNothing { put(0, 0, 0) } else { put(0.5 + 0.5 * x, 0.5 - 0.5 * y, 0.5 - 0.5 * z) }
    }
  case ("m", 3):
    var (low, high) = ([Double](repeating: .infinity, count: 3), [Double](repeating: -.infinity, count: 3))
    for k in 0..<width * height where !(0..<3).allSatisfy({ values[3 * k + $0] == 0 }) {
      for c in 0..<3 { (low[c], high[c]) = (min(low[c], values[3 * k + c]), max(high[c], values[3 * k + c])) }
    }
    for k in 0..<width * height {
      let isNothing = (0..<3).allSatisfy { values[3 * k + $0] == 0 }
      let t = (0..<3).map { c -> Double in
        isNothing || high[c] <= low[c] ? 0 : (values[3 * k + c] - low[c]) / (high[c] - low[c])
      }
      put(t[0], t[1], t[2])
    }
  case ("px", 3):
    let seen = (0..<width * height).filter { values[3 * $0 + 2] == 1 }
    let most = seen.map { Vector2(values[3 * $0], values[3 * $0 + 1]).length }.max() ?? 0
    for k in 0..<width * height {
      let color = FlowWheel.color(Vector2(values[3 * k], values[3 * k + 1]) / max(most, 1e-9))
      // What is not seen in the other frame is dark.
      let light = values[3 * k + 2] == 1 ? 1.0 : 0.25
      put(color.x * light, color.y * light, color.z * light)
    }
  case ("m", 4):
    let most = values.indices.filter { $0 % 4 < 3 }.map { abs(values[$0]) }.max() ?? 0
    for k in 0..<width * height {
      guard values[4 * k + 3] == 1 else {
        put(0, 0, 0)
        continue
      }
      // Each axis from -most to most, grey where nothing moves.
      func share(_ c: Int) -> Double { most > 0 ? 0.5 + 0.5 * values[4 * k + c] / most : 0.5 }
      put(share(0), share(1), share(2))
    }
  case (_, 2):
    for k in 0..<width * height {
      let (u, v) = (values[2 * k], values[2 * k + 1])
      put(u - u.rounded(.down), v - v.rounded(.down), 0.3)
    }
  case (_, 3) where description.name == "object_coordinates":
    for k in 0..<width * height { put(values[3 * k], values[3 * k + 1], values[3 * k + 2]) }
  case (_, 3) where description.name != "rgb":
    // Linear light.
    for v in values { rgb.append(SRGB.sRGB8(fromLinear: min(max(v, 0), 1))) }
  case (_, 3): for v in values { rgb.append(UInt8(min(max(v, 0), 1) * 255 + 0.5)) }
  default: for v in values { put(v, v, v) }
  }
  guard rgb.count == 3 * width * height else { return nil }
  return RasterImage(width: width, height: height, channels: 3, samples: .eight(rgb))
}
