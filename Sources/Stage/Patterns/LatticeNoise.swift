// Gradient noise that tiles, and the integer hash that keys it.

/// Splits `x` into its floor and the rest, in [0, 1]. |x| below 2^62.
@inline(__always)
func floorAndFraction(_ x: Double) -> (floor: Int, fraction: Double) {
  let truncated = Int(x)
  let floor = Double(truncated) > x ? truncated - 1 : truncated
  return (floor, x - Double(floor))
}

/// `i` modulo `n`, in 0..<n.
@inline(__always)
func wrapped(_ i: Int, _ n: Int) -> Int {
  let r = i % n
  return r < 0 ? r + n : r
}

/// 32 well mixed bits for a lattice point: the finalizer of MurmurHash3 (Appleby 2011) over a sum of multiples by odd
/// constants, the fractions of sqrt(2), sqrt(3) and sqrt(5) in 32 bits (the last made odd).
@inline(__always)
func latticeHash(_ x: Int, _ y: Int, seed: UInt32) -> UInt32 {
  var h = UInt32(truncatingIfNeeded: x) &* 0x6A09_E667 &+ UInt32(truncatingIfNeeded: y) &* 0xBB67_AE85
  h = h &+ seed &* 0x3C6E_F373
  h ^= h >> 16
  h = h &* 0x85EB_CA6B
  h ^= h >> 13
  h = h &* 0xC2B2_AE35
  return h ^ h >> 16
}

/// A hash as a number in [0, 1).
@inline(__always)
func unitInterval(_ hash: UInt32) -> Double { Double(hash) * 0x1p-32 }

/// Gradient noise (Perlin 1985, with the quintic fade of Perlin 2002) on a lattice of `columns` x `rows` cells over the
/// unit square, wrapped at its borders. In [-1, 1]; 0 at every lattice point.
@inline(__always)
func gradientNoise(u: Double, v: Double, columns: Int, rows: Int, seed: UInt32) -> Double {
  let (column, x) = floorAndFraction(u * Double(columns))
  let (row, y) = floorAndFraction(v * Double(rows))
  let left = wrapped(column, columns)
  let top = wrapped(row, rows)
  let right = left + 1 == columns ? 0 : left + 1
  let bottom = top + 1 == rows ? 0 : top + 1

  // Eight gradients of length sqrt(5): (+-1, +-2) and (+-2, +-1).
  @inline(__always) func slope(_ h: UInt32, _ x: Double, _ y: Double) -> Double {
    let (a, b) = h & 4 == 0 ? (x, y) : (y, x)
    return (h & 1 == 0 ? a : -a) + 2 * (h & 2 == 0 ? b : -b)
  }
  let topLeft = slope(latticeHash(left, top, seed: seed), x, y)
  let topRight = slope(latticeHash(right, top, seed: seed), x - 1, y)
  let bottomLeft = slope(latticeHash(left, bottom, seed: seed), x, y - 1)
  let bottomRight = slope(latticeHash(right, bottom, seed: seed), x - 1, y - 1)
  let fadeX = x * x * x * (x * (x * 6 - 15) + 10)
  let fadeY = y * y * y * (y * (y * 6 - 15) + 10)
  let upper = topLeft + (topRight - topLeft) * fadeX
  let lower = bottomLeft + (bottomRight - bottomLeft) * fadeX
  // With gradients of length g the noise stays within g sqrt(1/2), reached at a cell's middle: sqrt(5/2).
  return (upper + (lower - upper) * fadeY) * 0.632_455_532_033_675_9
}

/// Octaves of gradient noise, each with twice the cells and `gain` times the amplitude of the last, and in sum of
/// amplitude 1. In [-1, 1].
@inline(__always)
func octaveNoise(
  u: Double, v: Double, columns: Int, rows: Int, octaves: Int, gain: Double, seed: UInt32
) -> Double {
  var sum = 0.0
  var whole = 0.0
  var amplitude = 1.0
  for octave in 0..<octaves {
    // The step of the seed is the golden ratio's fraction in 32 bits, so that octaves of near seeds do not meet.
    sum +=
      amplitude
      * gradientNoise(
        u: u, v: v, columns: columns << octave, rows: rows << octave,
        seed: seed &+ UInt32(truncatingIfNeeded: octave) &* 0x9E37_79B9)
    whole += amplitude
    amplitude *= gain
  }
  return sum / whole
}
