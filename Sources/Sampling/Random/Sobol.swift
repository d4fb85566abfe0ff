/// The Sobol sequence with Owen's scrambling, one number a call.
///
/// Polynomials and initial direction numbers are the first of Joe and Kuo, "Constructing Sobol sequences with better
/// two-dimensional projections" (2008). Scrambling is by hashing, bit by bit from the top (Owen 1995 defines it; Burley,
/// "Practical hash-based Owen scrambling", 2020, shuffles the index in the same way, which keeps the first 2^k points a
/// net and makes sequences of different keys independent of each other).
enum Sobol {
  /// Degree, inner coefficients and initial numbers of each dimension after the first.
  private static let initial: [(degree: Int, inner: UInt32, numbers: [UInt32])] = [
    (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]),
    (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]), (5, 11, [1, 1, 5, 1, 1]),
    (5, 13, [1, 1, 1, 3, 11]), (5, 14, [1, 3, 5, 5, 31]), (6, 1, [1, 3, 3, 9, 7, 49]), (6, 13, [1, 1, 1, 15, 21, 21]),
    (6, 16, [1, 3, 1, 13, 27, 49]),
  ]

  static let dimensions = initial.count + 1

  /// Direction numbers, 32 a dimension.
  private static let directions: [[UInt32]] = {
    var all = [(0..<32).map { UInt32(1) << (31 - UInt32($0)) }]
    for (s, a, m) in initial {
      var v = [UInt32](repeating: 0, count: 32)
      for i in 0..<32 {
        if i < s {
          v[i] = m[i] << (31 - UInt32(i))
        } else {
          v[i] = v[i - s] ^ (v[i - s] >> UInt32(s))
          for k in 1..<max(s, 1) where (a >> UInt32(s - 1 - k)) & 1 == 1 { v[i] ^= v[i - k] }
        }
      }
      all.append(v)
    }
    return all
  }()

  /// The number of point `index` in `dimension`, in [0, 1).
  static func value(index: UInt32, dimension: Int, key: UInt64) -> Double {
    // The high bits decide the flips of the low ones: aligned runs of 2^k indices stay together.
    let shuffled = scrambled(index, key: key)
    var x: UInt32 = 0
    var rest = shuffled
    for v in directions[dimension % dimensions] {
      if rest == 0 { break }
      if rest & 1 == 1 { x ^= v }
      rest >>= 1
    }
    let own = PathHash.mixed(key &+ 0x5851_F42D_4C95_7F2D &* UInt64(dimension + 1))
    // The scrambled bits beyond the 32 of the sequence are random.
    let tail = Double(PathHash.mixed(own ^ UInt64(x) << 32 ^ UInt64(index)) >> 43) * 0x1p-53
    return Double(scrambled(x, key: own)) * 0x1p-32 + tail
  }

  /// Flips every bit depending on a hash of the bits above it.
  private static func scrambled(_ x: UInt32, key: UInt64) -> UInt32 {
    var result: UInt32 = 0
    for bit in 0..<32 as Range<UInt32> {
      let above = bit == 0 ? 0 : UInt64(x >> (32 - bit))
      let flip = UInt32(truncatingIfNeeded: PathHash.mixed(key &+ above &* 64 &+ UInt64(bit)) >> 63)
      result |= (((x >> (31 - bit)) & 1) ^ flip) << (31 - bit)
    }
    return result
  }
}
