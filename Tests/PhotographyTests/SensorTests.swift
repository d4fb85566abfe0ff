import Geometry
import Imaging
import LaneMath
import Stage
import Testing

@testable import Photography

struct SensorTests {
  private func noisy(_ light: Float, _ change: (inout Sensor) -> Void) -> [Double] {
    var sensor = Sensor()
    sensor.noiseSeed = 99
    sensor.headroom = 4
    change(&sensor)
    var image = LinearImage(256, 256, SIMD3(repeating: light))
    SensorNoise(sensor).apply(to: &image)
    return (0..<256 * 256).map { Double(image[$0 % 256, $0 / 256].y) }
  }

  /// Random123's own known answers for Philox4x32-10.
  @Test func philoxKnownAnswers() {
    let zero = RandomWords(from: 0, 0, 0, 0, key: SIMD2(0, 0))
    #expect([zero.a[0], zero.b[0], zero.c[0], zero.d[0]] == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let pi = RandomWords(
      from: 0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344, key: SIMD2(0xa409_3822, 0x299f_31d0))
    #expect([pi.a[0], pi.b[0], pi.c[0], pi.d[0]] == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  @Test func normalNumbersAreNormal() {
    var values: [Double] = []
    for k in 0..<20_000 {
      let z = normalNumbers(RandomWords(from: 0, UInt32(k), 0, key: SIMD2(5, 6)).a)
      for i in 0..<8 { values.append(Double(z[i])) }
    }
    let m = moments(values)
    // Standard errors for 160000 numbers: 0.0025, 0.0035, 0.006.
    #expect(abs(m.mean) < 0.0125 && abs(m.variance - 1) < 0.0175 && abs(m.third) < 0.03)
    // 2.275 % lie beyond 2 deviations, 0.135 % beyond 3.
    #expect(abs(Double(values.count { $0 > 2 }) / 160_000 - 0.02275) < 0.0019)
    #expect(abs(Double(values.count { $0 < -3 }) / 160_000 - 0.00135) < 0.00046)
  }

  /// The variance is x / W + (r / W)^2 and the mean x, from a few electrons to thousands, and the skewness Poisson's.
  @Test(arguments: [1.5, 8, 11.9, 12.1, 40, 3000])
  func noiseFollowsTheModel(_ electrons: Double) {
    let (white, read) = (1000.0, 2.0)
    let values = noisy(Float((electrons + 30) / white)) {
      // Thirty more, so that nothing is cut off at black.
      $0.whiteElectrons = white
      $0.readNoise = read
    }
    let m = moments(values.map { $0 * white })
    let mean = electrons + 30
    let variance = mean + read * read
    #expect(abs(m.mean - mean) < 5 * (variance / 65536).squareRoot(), "mean \(m.mean)")
    #expect(abs(m.variance / variance - 1) < 0.03, "variance \(m.variance), not \(variance)")
    #expect(abs(m.third - mean) < 0.12 * variance * variance.squareRoot(), "third moment \(m.third), not \(mean)")
  }

  /// Without read noise the counts of few photons are whole, and as often as Poisson says.
  @Test func fewPhotonsAreCounted() {
    let values = noisy(0.002) {
      $0.whiteElectrons = 1000
      $0.readNoise = 0
    }.map { $0 * 1000 }
    #expect(values.allSatisfy { abs($0 - $0.rounded()) < 1e-4 })
    var probability = 0.135_335_283  // e^-2
    for k in 0..<7 {
      let share = Double(values.count { Int($0.rounded()) == k }) / 65536
      #expect(abs(share - probability) < 5 * (probability / 65536).squareRoot(), "\(k): \(share), not \(probability)")
      probability *= 2 / Double(k + 1)
    }
  }

  /// ISO 400 counts a quarter of the electrons: four times the variance.
  @Test func isoIsTheVariance() {
    let base = moments(noisy(0.5) { $0.readNoise = 0 }).variance
    let fast = moments(noisy(0.5) { ($0.readNoise, $0.iso) = (0, 400) }).variance
    #expect(abs(fast / base - 4) < 0.15)
    #expect(abs(base - 0.5 / 10_000) < 0.03 * 0.5 / 10_000)
  }

  @Test func fullPixelsClip() {
    var sensor = Sensor()
    sensor.headroom = 1
    var image = LinearImage(64, 8, SIMD3(repeating: 5))
    SensorNoise(sensor).apply(to: &image)
    #expect(image[3, 3] == SIMD3(repeating: 2))
    #expect(SensorNoise(sensor).full == 2)
  }

  @Test func noiseHangsOnTheSeedAndThePlaceAlone() {
    func developed(_ width: Int, _ seed: UInt64) -> LinearImage {
      var sensor = Sensor()
      sensor.noiseSeed = seed
      var image = LinearImage(width, 16, SIMD3(0.1, 0.2, 0.3))
      SensorNoise(sensor).apply(to: &image)
      return image
    }
    let (wide, narrow, other) = (developed(64, 1), developed(21, 1), developed(64, 2))
    var differences = 0
    for y in 0..<16 {
      for x in 0..<21 {
        #expect(wide[x, y] == narrow[x, y])
        if wide[x, y] != other[x, y] { differences += 1 }
      }
    }
    #expect(differences > 330)
  }

  @Test func defectsAreTheCamerasOwn() throws {
    var sensor = Sensor()
    (sensor.deadPixels, sensor.hotPixels) = (0.02, 0.01)
    let defects = try #require(PixelDefects(sensor, width: 200, height: 200))
    var (dead, hot) = (0, 0)
    var image = LinearImage(200, 200, SIMD3(repeating: 0.5))
    defects.apply(to: &image, full: 2)
    for k in 0..<40_000 {
      let p = image[k % 200, k / 200].x
      if p == 0 { dead += 1 }
      if p == 2 { hot += 1 }
    }
    #expect(abs(dead - 800) < 140 && abs(hot - 400) < 100)
    sensor.noiseSeed = 77
    var again = LinearImage(200, 200, SIMD3(repeating: 0.5))
    try #require(PixelDefects(sensor, width: 200, height: 200)).apply(to: &again, full: 2)
    #expect(again.samples == image.samples)
  }

  /// A picture without detail survives any mosaic; a ramp survives Malvar's and the bilinear filter away from the edges.
  @Test(arguments: [Sensor.Mosaic.rggb, .bggr, .grbg, .gbrg])
  func mosaicsComeBack(_ mosaic: Sensor.Mosaic) {
    for method in Sensor.Demosaic.allCases {
      for (width, height) in [(32, 20), (13, 7), (1, 1), (2, 3)] {
        var image = LinearImage(width, height, SIMD3(0.2, 0.5, 0.7))
        var raw = RawPlane()
        raw.fill(image, mosaic)
        raw.mirrorEdges()
        image = LinearImage(width: width, height: height)
        method == .malvar ? Demosaic.malvar(raw, into: &image) : Demosaic.bilinear(raw, into: &image)
        guard width > 2 else { continue }
        for y in 0..<height {
          for x in 0..<width {
            let d = image[x, y] - SIMD3<Float>(0.2, 0.5, 0.7)
            if method == .bilinear { #expect(abs(d.x) + abs(d.y) + abs(d.z) < 1e-5, "\(x), \(y): \(d)") }
          }
        }
      }
      // Grey ramps have no colour, so both filters give them back.
      var ramp = LinearImage(width: 32, height: 24)
      for y in 0..<24 { for x in 0..<32 { ramp[x, y] = SIMD3(repeating: 0.1 + 0.01 * Float(x) + 0.005 * Float(y)) } }
      let before = ramp
      var raw = RawPlane()
      raw.fill(ramp, mosaic)
      raw.mirrorEdges()
      method == .malvar ? Demosaic.malvar(raw, into: &ramp) : Demosaic.bilinear(raw, into: &ramp)
      for y in 3..<21 {
        for x in 3..<29 {
          let d = ramp[x, y] - before[x, y]
          #expect(abs(d.x) + abs(d.y) + abs(d.z) < 1e-5, "\(method) \(x), \(y): \(d)")
        }
      }
    }
  }
}
