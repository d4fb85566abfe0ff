import Testing

@testable import Importing

@Suite struct NumberParsingTests {
  private func parse(_ s: String) -> Double? { Array(s.utf8).withUnsafeBufferPointer { parseNumber($0) } }

  @Test(
    arguments: [
      ("0", 0), ("1", 1), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001),
      ("-.7e+2", -70), (".8e-001", 0.08), ("0.1", 0.1), ("000123.4560", 123.456), ("1e22", 1e22), ("1e23", 1e23),
      ("9007199254740993", 9_007_199_254_740_992), ("123456789012345678901234567890", 1.2345678901234568e29),
      ("0.3000000000000000000000000000000001", 0.3), (".00000000000000000000000000000000000001", 1e-38),
      ("4.9406564584124654e-324", 5e-324), ("1e-400", 0), ("1e400", .infinity), ("-Infinity", -.infinity),
      ("17976931348623157.e292", .greatestFiniteMagnitude), (".17976931348623157e309", .greatestFiniteMagnitude),
    ] as [(String, Double)]) func spellings(_ s: String, _ value: Double)
  { #expect(parse(s) == value) }

  @Test(arguments: ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "1f", "--1", "infinite", "1 "])
  func othersAreNotNumbers(_ s: String) { #expect(parse(s) == nil) }

  @Test func notANumberIsRead() { #expect(parse("nan")?.isNaN == true && parse("-NaN")?.isNaN == true) }

  @Test func roundingIsTheStandardLibrarys() {
    var random = TestRandom(seed: 1)
    for _ in 0..<20000 {
      let x = Double(bitPattern: random.next())
      let short = Double(Int64(truncatingIfNeeded: random.next() >> 20) - (1 << 43)) / 1e6
      for value in [x, short] where value.isFinite { #expect(parse("\(value)") == value) }
      let digits = String(random.next(), radix: 10) + "." + String(random.next() % 1000)
      let spelled = "\(digits)e\(random.below(60) - 30)"
      #expect(parse(spelled) == Double(spelled))
    }
  }
}
