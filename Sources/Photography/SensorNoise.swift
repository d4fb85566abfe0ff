import CLanes
import Imaging
import LaneMath
import Stage

/// Photons, electrons and their noise (EMVA 1288's linear model): light x makes e = x W electrons on average, W being those
/// of white; the number of electrons is a Poisson number of that mean; reading adds a normal number; a full pixel clips.
/// So a pixel's variance is x / W + (r / W)^2, in units of white.
///
/// A pixel's random words are Philox at the counter (x, y, purpose) under the frame's noise seed: no pixel knows of another.
/// Of a block's four words the three colours of a pixel take one each, or under a mosaic the pixels of four rows.
struct SensorNoise {
  /// Linear light at which a pixel is full.
  let full: Float
  private let electrons: Float
  private let readNoise: Float
  private let hasShotNoise: Bool
  private let key: SIMD2<UInt32>

  init(_ sensor: Sensor) {
    var reach: Float = 1
    var stops = sensor.headroom
    // 2^headroom; a whole number of stops is exact.
    while stops >= 1 {
      reach *= 2
      stops -= 1
    }
    full = reach * Float(1 + stops * (0.6565 + stops * 0.3435))
    electrons = Float(sensor.electrons)
    readNoise = Float(sensor.readNoise)
    hasShotNoise = sensor.hasShotNoise
    key = SIMD2(UInt32(truncatingIfNeeded: sensor.noiseSeed), UInt32(truncatingIfNeeded: sensor.noiseSeed >> 32))
  }

  /// From this mean on, a Poisson number is taken for a normal one with its skewness mended.
  static let many: Float = 12

  private var isSilent: Bool { !hasShotNoise && readNoise == 0 }

  func apply(to light: inout LinearImage) {
    let (width, height, stride, plane) = (light.width, light.height, light.stride, light.planeSize)
    light.write { base in
      for y in 0..<height {
        for x in Swift.stride(from: 0, to: width, by: 8) {
          let row = base + (y * stride + x)
          let words = self.words(x, y, purpose: 0)
          exposed(row, x, y, words.a, channel: 0)
          exposed(row + plane, x, y, words.b, channel: 1)
          exposed(row + 2 * plane, x, y, words.c, channel: 2)
        }
      }
    }
  }

  /// A block of words serves four rows.
  func apply(to raw: inout RawPlane) {
    let (width, height) = (raw.width, raw.height)
    raw.write { row in
      for y in Swift.stride(from: 0, to: height, by: 4) {
        for x in Swift.stride(from: 0, to: width, by: 8) {
          let words = self.words(x, y, purpose: 0)
          exposed(row(y) + x, x, y, words.a, channel: 0)
          if y + 1 < height { exposed(row(y + 1) + x, x, y + 1, words.b, channel: 0) }
          if y + 2 < height { exposed(row(y + 2) + x, x, y + 2, words.c, channel: 0) }
          if y + 3 < height { exposed(row(y + 3) + x, x, y + 3, words.d, channel: 0) }
        }
      }
    }
  }

  @inline(__always)
  private func words(_ x: Int, _ y: Int, purpose: UInt32) -> RandomWords {
    RandomWords(from: UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: y), purpose, key: key)
  }

  /// Eight pixels of one channel, in place.
  @inline(__always)
  private func exposed(
    _ p: UnsafeMutablePointer<Float>, _ x: Int, _ y: Int, _ words: SIMD8<UInt32>, channel: UInt32
  ) {
    let light = minimum(maximum(load(p), lanes(0)), lanes(1e9))
    if isSilent {
      store(minimum(light, lanes(full)), p)
      return
    }
    let mean = light * electrons
    let z = normalNumbers(words)
    var seen: Lanes
    if hasShotNoise {
      // Cornish and Fisher's expansion to the second order: the sum's third cumulant is the mean.
      let variance = mean + readNoise * readNoise
      let skew = mean / maximum(variance, lanes(1e-20)) * (1.0 / 6)
      seen = mean + lanes_square_root(variance) * z + (z * z - 1) * skew
      let isFew = isLess(mean, lanes(SensorNoise.many))
      if isAnySet(isFew) { seen = select(isFew, counted(mean, x, y, words, channel), seen) }
    } else {
      seen = mean + z * readNoise
    }
    // Below black there is still noise, but a picture has no negative light.
    store(minimum(maximum(seen * (1 / electrons), lanes(0)), lanes(full)), p)
  }

  /// Few photons, counted: a Poisson number by inversion, and a normal number of other words.
  @inline(never)
  private func counted(_ mean: Lanes, _ x: Int, _ y: Int, _ words: SIMD8<UInt32>, _ channel: UInt32) -> Lanes {
    let u = openUnit(words)
    let few = minimum(mean, lanes(SensorNoise.many))
    var probability = exponential(-few)
    var sum = probability
    var count = lanes(0)
    var k: Float = 0
    // The number is k where the first k probabilities do not reach u; beyond 60 of a mean of 12 lie 1e-21.
    while k < 60 {
      let isBelow = isLess(sum, u)
      if !isAnySet(isBelow) { break }
      k += 1
      count = count + numbers(bits: bits(lanes(1)) & isBelow)
      probability = probability * few * (1 / k)
      sum = sum + probability
    }
    let z = normalNumbers(self.words(x, y, purpose: 1 + channel).a)
    return count + z * readNoise
  }
}
