import Documents
import Geometry
import Imaging
import Stage
import Testing

/// What is true of every pattern.
///
/// - Parameter mean: the range of its mean value.
func checkPattern(
  _ pattern: any Pattern, mean range: ClosedRange<Double>, golden: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  func expect(_ condition: Bool, _ comment: @autoclosure () -> String) {
    if !condition { Issue.record("\(pattern): \(comment())", sourceLocation: sourceLocation) }
  }
  checkManual(pattern, sourceLocation: sourceLocation)

  // From 0 to 1 and of period 1, at multiples of 1/128, to which whole numbers are added without rounding.
  for j in 0..<128 {
    for i in 0..<128 {
      let (u, v) = (Double(i) / 128 + 0x1p-9, Double(j) / 128 + 0x1p-10)
      let value = pattern.value(u: u, v: v)
      expect(value >= 0 && value <= 1, "\(value) at \(u), \(v)")
      for (du, dv) in [(1.0, 0.0), (0, 1), (-1, 0), (0, -2)] {
        expect(abs(pattern.value(u: u + du, v: v + dv) - value) < 1e-9, "another value at \(u + du), \(v + dv)")
      }
    }
  }

  // Baking is averaging.
  let (resolution, across) = (48, pattern.samplesAcrossTexel)
  let texture = Texture.baked(pattern, resolution: resolution)
  var mean = 0.0
  for y in 0..<resolution {
    for x in 0..<resolution {
      var sum = 0.0
      for j in 0..<across {
        for i in 0..<across {
          let n = Double(resolution * across)
          sum += pattern.value(u: (Double(x * across + i) + 0.5) / n, v: (Double(y * across + j) + 0.5) / n)
        }
      }
      let texel = texture.texel(level: 0, x: x, y: y)
      expect(abs(Double(texel.x) - sum / Double(across * across) * 65535) <= 0.51, "texel \(x), \(y) is \(texel)")
      expect(texel.y == texel.x && texel.z == texel.x && texel.w == 65535, "texel \(x), \(y) is \(texel)")
      mean += Double(texel.x) / 65535 / Double(resolution * resolution)
    }
  }
  expect(range.contains(mean), "mean \(mean)")
  expect(Texture.baked(pattern, resolution: resolution).digest == texture.digest, "another texture the second time")
  checkGolden(texture.digest, golden, sourceLocation: sourceLocation)
}

@Suite struct PatternTests {
  @Test func solid() {
    checkPattern(SolidPattern(value: 0.25), mean: 0.2499...0.2501, golden: "c9a37bf69619787c55f780f68492f342")
  }

  @Test func checker() {
    checkPattern(CheckerPattern(pairs: 3), mean: 0.4999...0.5001, golden: "c1cc818e5a09ce92cac2019bd34a765e")
    #expect(CheckerPattern(pairs: 1).value(u: 0.25, v: 0.25) == 0)
    #expect(CheckerPattern(pairs: 1).value(u: 0.75, v: 0.25) == 1)
  }

  @Test func stripes() {
    checkPattern(
      StripesPattern(across: 6, down: 0, width: 0.25), mean: 0.24...0.26, golden: "c4e4ac27ce5b75d37a8730d4ec049607")
    checkPattern(
      StripesPattern(across: 5, down: -3, width: 0.5), mean: 0.49...0.51, golden: "05038641554b0e4d1e5b6627883ccd07")
  }

  @Test func dots() {
    // Pi 0.09 = 0.283.
    checkPattern(DotsPattern(count: 4, radius: 0.3), mean: 0.277...0.289, golden: "0eb15e6093a918ea0ee039844c319ded")
  }

  @Test func bricks() {
    // Bricks cover 0.88 * 0.94 of the wall and have a mean tone of 0.15.
    checkPattern(BricksPattern(columns: 3, pairs: 2), mean: 0.24...0.36, golden: "227717d2d8e13c6bf5f452c106f6f70a")
    checkPattern(
      BricksPattern(columns: 3, pairs: 2, mortar: 0.2, variation: 0), mean: 0.26...0.3,
      golden: "563afa4abbd8e35b79a9eac438c60b72")
    let tones = (0..<50).map { BricksPattern(columns: 4, pairs: 4, seed: $0).value(u: 0.1, v: 0.05) }
    #expect(Set(tones).count == 50, "a brick has another tone for another seed")
  }

  @Test func noise() {
    checkPattern(NoisePattern(cells: 5, octaves: 4), mean: 0.4...0.6, golden: "1717f95177ba018e450c2906db3d1944")
    checkPattern(
      NoisePattern(cells: 1, octaves: 1, contrast: 1, seed: 9), mean: 0.2...0.8,
      golden: "4e34867f915655374a30cbe9f024d7a8")
    // Noise is 0 at the lattice, and other seeds give other clouds.
    #expect(NoisePattern(cells: 4, octaves: 3).value(u: 0.25, v: 0.75) == 0.5)
    #expect(NoisePattern(cells: 4, seed: 1).value(u: 0.3, v: 0.3) != NoisePattern(cells: 4).value(u: 0.3, v: 0.3))
  }

  /// Without contrast's cut the noise stays in range of itself, and uses a good part of it.
  @Test func noiseFillsItsRange() {
    var (low, high) = (1.0, 0.0)
    for seed in 0..<20 {
      let pattern = NoisePattern(cells: 8, octaves: 1, contrast: 1, seed: seed)
      for i in 0..<4096 {
        let value = pattern.value(u: Double(i % 64) / 64 + 0.007, v: Double(i / 64) / 64 + 0.003)
        (low, high) = (min(low, value), max(high, value))
      }
    }
    #expect(low > 0 && low < 0.2 && high < 1 && high > 0.8)
  }

  @Test func marble() {
    // The mean of (1 + sin)^4 / 16 is 35/128.
    checkPattern(MarblePattern(), mean: 0.2...0.35, golden: "77646c183e94295a2dda924091edc523")
  }

  @Test func wood() {
    // A third of 0.8, and 0.1.
    checkPattern(WoodPattern(), mean: 0.3...0.45, golden: "ebe55ccd66da35c964f24ab84578bbf2")
  }

  @Test func everyPatternDecodesByNameAlone() throws {
    let names = ["solid", "checker", "stripes", "dots", "bricks", "noise", "marble", "wood", "text"]
    #expect(patternRegistry.names == names)
    // A text has no default.
    for name in names where name != "text" {
      let pattern = try patternRegistry.decode(Node(.string(name)))
      #expect((0...1).contains(pattern.value(u: 0.5, v: 0.5)))
    }
  }

  @Test func impossiblePatternsAreRefused() {
    let faults: [(String, KeyValuePairs<String, Node.Content>)] = [
      ("checker", ["pairs": .integer(0)]),
      ("checker", ["pairs": .real(1.5)]),
      ("stripes", ["across": .integer(0)]),
      ("noise", ["octaves": .integer(9)]),
      ("noise", ["seed": .integer(-1)]),
      ("dots", ["radius": .real(.nan)]),
      ("nois", [:]),
    ]
    for (name, fields) in faults {
      #expect(throws: DocumentError.self, "\(name) \(fields)") { try patternRegistry.make(name, fields) }
    }
  }
}
