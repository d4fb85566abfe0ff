/// The counter-based generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
/// 128 bits of counter under a 64-bit key give 128 random bits, with no state in between.
enum Philox {
  typealias Block = SIMD4<UInt32>

  /// The block at `counter` under `key`.
  static func block(counter: Block, key: SIMD2<UInt32>) -> Block {
    var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let p0 = 0xD251_1F53 * UInt64(c0)
      let p1 = 0xCD9E_8D57 * UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9E37_79B9  // the golden ratio
      k1 &+= 0xBB67_AE85  // sqrt(3) - 1
    }
    return Block(c0, c1, c2, c3)
  }
}
