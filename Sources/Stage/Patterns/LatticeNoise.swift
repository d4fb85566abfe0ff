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
  // Nearly always in range already, and a division costs more than all the rest of a hash.
  if i >= 0 && i < n { return i }
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

/// One row of gradient noise (Perlin 1985, with the quintic fade of Perlin 2002) on a lattice of `columns` x `rows` cells
/// over the unit square, wrapped at its borders. In [-1, 1]; 0 at every lattice point. Neighbours in a cell share the
/// hashes of its corners, which are most of the work.
struct GradientNoiseRow {
  private let columns: Int
  private let seed: UInt32
  /// Rows of the lattice above and below, the place between them, and its fade.
  private let top: Int
  private let bottom: Int
  private let y: Double
  private let fadeY: Double
  /// The cell whose corners' hashes are at hand.
  private var column = Int.min
  private var topLeft: UInt32 = 0
  private var topRight: UInt32 = 0
  private var bottomLeft: UInt32 = 0
  private var bottomRight: UInt32 = 0

  @inline(__always)
  init(v: Double, columns: Int, rows: Int, seed: UInt32) {
    self.columns = columns
    self.seed = seed
    let (row, y) = floorAndFraction(v * Double(rows))
    top = wrapped(row, rows)
    bottom = top + 1 == rows ? 0 : top + 1
    self.y = y
    fadeY = GradientNoiseRow.fade(y)
  }

  @inline(__always)
  mutating func value(u: Double) -> Double {
    let (cell, x) = floorAndFraction(u * Double(columns))
    if cell != column { enter(cell) }
    typealias Row = GradientNoiseRow
    let fadeX = Row.fade(x)
    let a = Row.slope(topLeft, x, y)
    let b = Row.slope(topRight, x - 1, y)
    let c = Row.slope(bottomLeft, x, y - 1)
    let d = Row.slope(bottomRight, x - 1, y - 1)
    let upper = a + (b - a) * fadeX
    let lower = c + (d - c) * fadeX
    // With gradients of length g the noise stays within g sqrt(1/2), reached at a cell's middle: sqrt(5/2).
    return (upper + (lower - upper) * fadeY) * 0.632_455_532_033_675_9
  }

  @inline(__always)
  private mutating func enter(_ cell: Int) {
    column = cell
    let left = wrapped(cell, columns)
    let right = left + 1 == columns ? 0 : left + 1
    topLeft = latticeHash(left, top, seed: seed)
    topRight = latticeHash(right, top, seed: seed)
    bottomLeft = latticeHash(left, bottom, seed: seed)
    bottomRight = latticeHash(right, bottom, seed: seed)
  }

  @inline(__always)
  private static func fade(_ t: Double) -> Double { t * t * t * (t * (t * 6 - 15) + 10) }

  /// The product of (x, y) with one of eight gradients of length sqrt(5): (+-1, +-2) and (+-2, +-1).
  @inline(__always)
  private static func slope(_ h: UInt32, _ x: Double, _ y: Double) -> Double {
    let (a, b) = h & 4 == 0 ? (x, y) : (y, x)
    return (h & 1 == 0 ? a : -a) + 2 * (h & 2 == 0 ? b : -b)
  }
}

/// Octaves of gradient noise, each with twice the cells and `gain` times the amplitude of the last, and in sum of
/// amplitude 1: in [-1, 1].
struct OctaveNoise {
  var columns: Int
  var rows: Int
  var octaves: Int
  var gain: Double
  var seed: UInt32

  func value(u: Double, v: Double) -> Double {
    var sum = 0.0
    var amplitude = firstAmplitude
    for octave in 0..<octaves {
      var noise = row(octave, v: v)
      sum += amplitude * noise.value(u: u)
      amplitude *= gain
    }
    return sum
  }

  /// The values at u = (i + 0.5) / count, the same as `value` gives, an octave at a time.
  func values(v: Double, count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    let step = 1 / Double(count)
    var amplitude = firstAmplitude
    for octave in 0..<octaves {
      var noise = row(octave, v: v)
      for i in 0..<count { sums[i] += amplitude * noise.value(u: (Double(i) + 0.5) * step) }
      amplitude *= gain
    }
    return sums
  }

  private var firstAmplitude: Double {
    var whole = 0.0
    var amplitude = 1.0
    for _ in 0..<octaves {
      whole += amplitude
      amplitude *= gain
    }
    return 1 / whole
  }

  @inline(__always)
  private func row(_ octave: Int, v: Double) -> GradientNoiseRow {
    // The step of the seed is the golden ratio's fraction in 32 bits, so that octaves of near seeds do not meet.
    GradientNoiseRow(
      v: v, columns: columns << octave, rows: rows << octave,
      seed: seed &+ UInt32(truncatingIfNeeded: octave) &* 0x9E37_79B9)
  }
}
