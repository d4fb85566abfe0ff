import Testing

@testable import Sampling

@Suite struct PhiloxTests {
  /// The vectors that the authors of the generator publish.
  @Test func knownAnswers() {
    #expect(
      Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func everyPartOfTheKeyCounts() {
    let path = PathHash.root.child("a")
    func first(_ seed: UInt64, _ frame: Int, _ path: PathHash, _ attempt: Int) -> UInt64 {
      var s = RandomStream(seed: seed, frame: frame, path: path, attempt: attempt)
      return s.bits()
    }
    let values: Set<UInt64> = [
      first(0, 0, path, 0), first(1, 0, path, 0), first(1 << 40, 0, path, 0), first(0, 1, path, 0),
      first(0, 0, path.child("b"), 0), first(0, 0, path.element(0), 0), first(0, 0, path.element(1), 0),
      first(0, 0, path, 1), first(0, 0, path, 2),
    ]
    #expect(values.count == 9)
    #expect(first(3, 4, path, 5) == first(3, 4, path, 5))
  }

  @Test func inverseNormalInvertsTheNormal() {
    for p in [1e-300, 1e-20, 1e-8, 0.001, 0.02425, 0.3, 0.5, 0.7, 0.92, 0.999] {
      let x = inverseNormal(p)
      #expect(abs(normalProbability(x) - p) <= max(2e-15, p * 1e-12), "p = \(p), x = \(x)")
    }
    #expect(abs(inverseNormal(0.975) - 1.959_963_984_540_054) < 1e-14)
    #expect(inverseNormal(0.25) == -inverseNormal(0.75))
  }
}
