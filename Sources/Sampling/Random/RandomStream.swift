import Geometry

/// The random numbers of one parameter in one frame: a pure function of (seed, frame, path, attempt, draw number).
///
/// The key of the generator is the seed; the counter is (block, frame, path and attempt). Draw numbers count from 0, two
/// a block of 128 bits.
public struct RandomStream: Sendable {
  private let key: SIMD2<UInt32>
  private var counter: Philox.Block
  private var block = Philox.Block()
  private var half = 0
  /// Where set, `unit()` takes the first numbers from here: evenly spread over the frames of the dataset.
  private var covered: Covered?

  /// Numbers that a covering sequence gives in place of the first draws.
  struct Covered: Sendable {
    var values: [Double]
    var next = 0
  }

  init(seed: UInt64, frame: Int, path: PathHash, attempt: Int = 0, covered: [Double]? = nil) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let place = path.attempt(attempt).bits
    counter = Philox.Block(
      0, UInt32(truncatingIfNeeded: frame), UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: place >> 32))
    if let covered { self.covered = Covered(values: covered) }
  }

  /// 64 random bits.
  public mutating func bits() -> UInt64 {
    if half == 0 {
      block = Philox.block(counter: counter, key: key)
      counter.x &+= 1
      half = 1
      return UInt64(block.x) | UInt64(block.y) << 32
    }
    half = 0
    return UInt64(block.z) | UInt64(block.w) << 32
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  public mutating func unit() -> Double {
    if var c = covered, c.next < c.values.count {
      let value = c.values[c.next]
      c.next += 1
      covered = c
      return value
    }
    return Double(bits() >> 11) * 0x1p-53
  }

  /// Uniform in (0, 1): the middle of one of 2^53 cells, so that neither end can occur.
  public mutating func openUnit() -> Double { min(unit() + 0x1p-54, 1 - 0x1p-53) }

  /// Uniform in [low, high]. `high` itself occurs only where rounding makes it so.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    let u = unit()
    return min(low * (1 - u) + high * u, max(low, high))
  }

  /// Uniform over the whole numbers from 0 up to and without `count`, which is above 0. The share of each is off by less
  /// than count / 2^53.
  public mutating func below(_ count: Int) -> Int { min(Int(unit() * Double(count)), count - 1) }

  /// Standard normal, by inversion: one number of the stream, so that covering sequences stay covering.
  public mutating func normal() -> Double { inverseNormal(openUnit()) }
}
