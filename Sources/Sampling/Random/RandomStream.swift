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
  /// Frame and number of frames of the dataset; in scenes with time, sequence and number of sequences.
  let frame: Int
  let frameCount: Int
  /// When the value is drawn for: what moves with time asks.
  let moment: Moment
  private let seed: UInt64
  private let path: PathHash
  private let attempt: Int
  /// Where set, `unit()` gives numbers that are evenly spread over the frames of the dataset.
  private var cover: Cover?
  private var coverKey: UInt64 = 0
  private var dimension = 0

  init(seed: UInt64, frame: Int, frameCount: Int = 1, path: PathHash, attempt: Int = 0, moment: Moment? = nil) {
    self.moment = moment ?? SceneClock().moment(frame, of: frameCount)
    self.seed = seed
    self.frame = frame
    self.frameCount = frameCount
    self.path = path
    self.attempt = attempt
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let place = path.attempt(attempt).bits
    counter = Philox.Block(
      0, UInt32(truncatingIfNeeded: frame), UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: place >> 32))
  }

  /// The same stream, its uniform numbers spread over the dataset in the order of `place`.
  func covering(_ cover: Cover, at place: RandomStream, _ firstDimension: Int = 0) -> RandomStream {
    var copy = self
    copy.cover = cover
    copy.coverKey = place.datasetKey
    copy.dimension = firstDimension
    return copy
  }

  /// A number that is the same for every frame and attempt: what orders the frames of the dataset hangs on it. Frames
  /// beyond the dataset belong to a second round with another order, and so on.
  var datasetKey: UInt64 {
    PathHash(bits: path.bits ^ PathHash.mixed(seed)).element(frame / max(frameCount, 1)).bits
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
    let own = Double(bits() >> 11) * 0x1p-53
    guard let cover else { return own }
    defer { dimension += 1 }
    return cover.value(
      frame: frame, frameCount: frameCount, dimension: dimension, key: coverKey, own: own, isFirst: attempt == 0)
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
