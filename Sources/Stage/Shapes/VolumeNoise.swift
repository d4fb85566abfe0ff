import Geometry

/// Gradient noise in space with its gradient (Perlin 1985, with the quintic fade of Perlin 2002), in octaves. Not tiling.
struct VolumeNoise {
  /// Lattice cells a unit of length, of the coarsest octave.
  var frequency: Double
  /// Each twice as fine as the last, and half as strong; the sum of their amplitudes is 1.
  var octaves: Int
  var seed: UInt32

  /// From about -1 to 1; 0 at the lattice of the coarsest octave.
  func value(_ p: Vector3) -> (value: Double, gradient: Vector3) {
    var sum = 0.0
    var gradient = Vector3()
    // 1 + 1/2 + ... has the sum 2 - 2^(1 - octaves).
    var amplitude = 1 / (2 - Double(sign: .plus, exponent: 1 - octaves, significand: 1))
    var scale = frequency
    for octave in 0..<octaves {
      let (v, g) = VolumeNoise.single(p * scale, seed &+ UInt32(truncatingIfNeeded: octave) &* 0x9E37_79B9)
      sum += amplitude * v
      gradient += g * (amplitude * scale)
      amplitude *= 0.5
      scale *= 2
    }
    return (sum, gradient)
  }

  private static func single(_ p: Vector3, _ seed: UInt32) -> (Double, Vector3) {
    let (x, fx) = floorAndFraction(p.x)
    let (y, fy) = floorAndFraction(p.y)
    let (z, fz) = floorAndFraction(p.z)
    let f = Vector3(fx, fy, fz)
    let fade = f * f * f * (f * (f * 6 - 15) + 10)
    let slope = f * f * (f * (f - 2) + 1) * 30
    var sum = 0.0
    var gradient = Vector3()
    for corner in 0..<8 {
      let (i, j, k) = (corner & 1, corner >> 1 & 1, corner >> 2)
      // The step of the seed is the golden ratio's fraction in 32 bits.
      let h = latticeHash(x + i, y + j, seed: seed &+ UInt32(truncatingIfNeeded: z + k) &* 0x9E37_79B9)
      let g = direction(h)
      let d = f - Vector3(Double(i), Double(j), Double(k))
      let value = dot(g, d)
      let w = Vector3(i == 0 ? 1 - fade.x : fade.x, j == 0 ? 1 - fade.y : fade.y, k == 0 ? 1 - fade.z : fade.z)
      let dw = Vector3(i == 0 ? -slope.x : slope.x, j == 0 ? -slope.y : slope.y, k == 0 ? -slope.z : slope.z)
      let weight = w.x * w.y * w.z
      sum += weight * value
      gradient += g * weight + Vector3(dw.x * w.y * w.z, w.x * dw.y * w.z, w.x * w.y * dw.z) * value
    }
    return (sum, gradient)
  }

  /// One of the twelve directions to the middles of a cube's edges; four of them twice as often.
  private static func direction(_ h: UInt32) -> Vector3 {
    let (a, b) = (h & 1 == 0 ? 1.0 : -1.0, h & 2 == 0 ? 1.0 : -1.0)
    return switch h >> 2 & 3 {
    case 0: Vector3(a, b, 0)
    case 1: Vector3(0, a, b)
    case 2: Vector3(a, 0, b)
    default: h & 16 == 0 ? Vector3(a, b, 0) : Vector3(0, a, b)
    }
  }
}
