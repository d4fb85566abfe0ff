/// A random order of the numbers 0 ..< count as a pure function: the place of one number needs neither memory nor the
/// places of the others, so that any shard of a dataset knows its part.
///
/// A Feistel network of six rounds permutes the next power of four; what falls outside the range walks on along its cycle
/// until it comes back in, which takes fewer than four steps on average.
struct IndexPermutation {
  let count: Int
  let key: UInt64
  private let halfBits: Int

  /// - Parameter count: at least 1, at most 2^32.
  init(count: Int, key: UInt64) {
    self.count = count
    self.key = key
    let bits = Int.bitWidth - max(count - 1, 1).leadingZeroBitCount
    halfBits = (bits + 1) / 2
  }

  /// The place of `index`, which lies in 0 ..< count.
  func callAsFunction(_ index: Int) -> Int {
    let mask = (UInt64(1) << UInt64(halfBits)) - 1
    var value = UInt64(index)
    repeat {
      var (left, right) = (value >> UInt64(halfBits), value & mask)
      for round in 0..<6 as Range<UInt64> {
        (left, right) = (right, left ^ (PathHash.mixed(key &+ right &* 8 &+ round) & mask))
      }
      value = left << UInt64(halfBits) | right
    } while value >= UInt64(count)
    return Int(value)
  }
}
