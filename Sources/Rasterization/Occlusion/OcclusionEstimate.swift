import CLanes
import LaneMath
import Stage

// Scalable ambient obscurance (McGuire, Mara and Luebke 2012): a spiral of points in the picture around each pixel, whose
// size follows the radius in metres; each point nearer than the radius and above the surface hides some light. The spiral
// is turned differently in each of 4 x 4 pixels, and a 4 x 4 blur that stops at edges of depth makes one value of the 16.

extension OcclusionMap {
  /// Estimates a row, after all depths and normals are there.
  func estimate(row y: Int) {
    if hasPoints { estimate(y, hasPoints: true) } else { estimate(y, hasPoints: false) }
  }

  @inline(__always)
  private func estimate(_ y: Int, hasPoints: Bool) {
    let radius = Float(settings.radius)
    let (squared, inverse) = (radius * radius, 1 / (radius * radius * radius * radius * radius * radius))
    let scale = 5 * Float(settings.strength) * inverse / Float(OcclusionMap.taps)
    let (lastX, lastY) = (lanes(Float(width - 1)), lanes(Float(height - 1)))
    let ramp = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
    let columns = lanes(int: Int32(truncatingIfNeeded: stride))
    var x = 0
    while x < width {
      let k = place(x, y)
      if cells.isOpen(x, y) {
        store(lanes(1), open, k)
        x += 8
        continue
      }
      let z = load(depth, k)
      let px = ramp + Float(x)
      let point = points(x, y, z, hasPoints: hasPoints)
      let normal = normals(k)
      let near = near(z)
      let (reach, bias) = (reach(near: near), bias(near: near))
      var sum = lanes(0)
      for tap in 0..<OcclusionMap.taps {
        let s = spiral.base[((y & 3) * OcclusionMap.taps + tap) * 2]
        let c = spiral.base[((y & 3) * OcclusionMap.taps + tap) * 2 + 1]
        let far = reach * ((Float(tap) + 0.5) / Float(OcclusionMap.taps)) + 0.75
        let column = integers(maximum(minimum(px + c * far + 0.5, lastX), lanes(0)))
        let row = integers(maximum(minimum(s * far + (Float(y) + 0.5), lastY), lanes(0)))
        let index = row &* columns &+ column
        let tz = lanes_look_up(depth.base + OcclusionMap.margin, index)
        let (tx, ty) = (numbers(column), numbers(row))
        let other =
          hasPoints
          ? Lanes3(
            lanes_look_up(pointX.base + OcclusionMap.margin, index),
            lanes_look_up(pointY.base + OcclusionMap.margin, index),
            lanes_look_up(pointZ.base + OcclusionMap.margin, index))
          : self.point(tx, ty, tz)
        let v = other - point
        let vv = dot(v, v)
        let height = dot(v, normal) - bias
        let falloff = maximum(lanes(squared) - vv, lanes(0))
        let hidden = falloff * falloff * falloff * maximum(height, lanes(0)) / (vv + squared * 1e-4)
        sum = sum + select(isLess(lanes(0), tz), hidden, lanes(0))
      }
      store(maximum(lanes(1) - sum * scale, lanes(0)), open, k)
      x += 8
    }
  }

  /// Blurs a row along x, from `open` into a map of its own; then, with all rows done, `blurDown` goes back.
  func blurAcross(row y: Int) {
    blur(row: y, from: open.base, to: blurred.base, step: 1, reach: -OcclusionMap.widest...OcclusionMap.widest)
  }

  func blurDown(row y: Int) {
    let reach = max(-OcclusionMap.widest, -y)...min(OcclusionMap.widest, height - 1 - y)
    blur(row: y, from: blurred.base, to: open.base, step: stride, reach: reach)
    let line = pairs.base + y &* (width &+ 1)
    for x in 0..<width { line[x] = SIMD2(depth.base[place(x, y)], open.base[place(x, y)]) }
    line[width] = line[width &- 1]
  }

  private static let widest = 4

  /// A tent of nine values, as wide as two periods of the pattern, each weighted by its nearness in depth: 1 at the same
  /// to 0 at a twentieth of it apart.
  @inline(__always)
  private func blur(
    row y: Int, from source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, step: Int,
    reach: ClosedRange<Int>
  ) {
    var x = 0
    while x < width {
      let k = place(x, y)
      if cells.isCalm(x, y) {
        UnsafeMutableRawPointer(target + k).storeBytes(of: lanes(1), as: Lanes.self)
        x += 8
        continue
      }
      let z = load(depth, k)
      let sharpness = lanes(20) / maximum(z, lanes(1e-6))
      var (sum, weights) = (lanes(0), lanes(1e-6))
      for d in reach {
        let other = k &+ d &* step
        let apart = magnitude(load(depth, other) - z) * sharpness
        let weight = maximum(lanes(1) - apart, lanes(0)) * (1 - Float(abs(d)) * 0.2)
        sum = sum + UnsafeRawPointer(source + other).loadUnaligned(as: Lanes.self) * weight
        weights = weights + weight
      }
      UnsafeMutableRawPointer(target + k).storeBytes(of: sum / weights, as: Lanes.self)
      x += 8
    }
  }
}
