import Imaging
import Stage
import Testing

@Suite struct TextureTests {
  typealias Texel = SIMD4<UInt16>

  /// The mean of every level is the mean of the image, to the rounding of its codes.
  @Test(arguments: [(8, 8), (7, 5), (1, 9), (13, 1), (1, 1), (6, 3), (31, 17)])
  func meansArePreserved(width: Int, height: Int) {
    func scattered(_ i: Int, _ factor: Int) -> UInt16 { UInt16(truncatingIfNeeded: i * factor) }
    let values = (0..<width * height).map { i in
      Texel(scattered(i, 7919), scattered(i, 40_503), scattered(i, -1), 65535)
    }
    let texture = Texture(base: Plane(width: width, height: height, values: values))
    func mean(_ level: Texture.Level) -> SIMD4<Double> {
      var sum = SIMD4<Double>(repeating: 0)
      for y in 0..<Int(level.height) {
        for x in 0..<Int(level.width) {
          let t = texture.texel(level: texture.levels.firstIndex(of: level) ?? 0, x: x, y: y)
          sum += SIMD4(Double(t.x), Double(t.y), Double(t.z), Double(t.w))
        }
      }
      return sum / Double(level.width * level.height)
    }
    let whole = mean(texture.levels[0])
    for (level, next) in zip(texture.levels, texture.levels.dropFirst()) {
      #expect(next.width == max(level.width / 2, 1) && next.height == max(level.height / 2, 1))
      #expect(next.offset == level.offset + (level.width + 1) * (level.height + 1))
    }
    for level in texture.levels {
      let difference = mean(level) - whole
      #expect(max(difference.max(), -difference.min()) < 0.6, "\(level)")
    }
    #expect(texture.levels.last.map { $0.width == 1 && $0.height == 1 } ?? false)
  }

  /// What cannot be seen does not colour what can.
  @Test func transparentTexelsDoNotBleed() {
    let clear = Texel(65535, 0, 0, 0)
    let green = Texel(0, 65535, 0, 65535)
    let texture = Texture(base: Plane(width: 2, height: 1, values: [clear, green]))
    #expect(texture.texel(level: 0, x: 0, y: 0) == clear && texture.texel(level: 0, x: 1, y: 0) == green)
    #expect(texture.texel(level: 1, x: 0, y: 0) == Texel(0, 65535, 0, 32768))
  }

  @Test func imagesOfEveryKind() {
    func texel(_ channels: Int, _ samples: [UInt8], colour: Bool) -> Texel {
      Texture(
        image: RasterImage(width: 1, height: 1, channels: channels, samples: .eight(samples)), isColour: colour
      ).texel(level: 0, x: 0, y: 0)
    }
    func deep(_ channels: Int, _ samples: [UInt16], colour: Bool) -> Texel {
      Texture(
        image: RasterImage(width: 1, height: 1, channels: channels, samples: .sixteen(samples)), isColour: colour
      ).texel(level: 0, x: 0, y: 0)
    }
    #expect(texel(1, [10], colour: false) == Texel(2570, 2570, 2570, 65535))
    #expect(texel(2, [255, 128], colour: false) == Texel(65535, 65535, 65535, 32896))
    #expect(texel(3, [0, 1, 255], colour: false) == Texel(0, 257, 65535, 65535))
    #expect(texel(4, [0, 1, 255, 2], colour: false) == Texel(0, 257, 65535, 514))
    // sRGB 188 is 0.5029 in linear light; alpha is not encoded.
    #expect(texel(4, [188, 0, 255, 188], colour: true) == Texel(32957, 0, 65535, 48316))
    #expect(deep(2, [300, 400], colour: false) == Texel(300, 300, 300, 400))
    #expect(deep(4, [188 * 257, 0, 65535, 7], colour: true) == Texel(32957, 0, 65535, 7))
    #expect(deep(1, [188 * 257], colour: true) == Texel(32957, 32957, 32957, 65535))
  }
}
