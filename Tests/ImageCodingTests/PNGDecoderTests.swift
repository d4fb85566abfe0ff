import Imaging
import Testing

@testable import ImageCoding

@Suite struct PNGDecoderTests {
  private func eight(_ w: Int, _ h: Int, _ channels: Int, _ values: [UInt8]) -> RasterImage {
    RasterImage(width: w, height: h, channels: channels, samples: .eight(values))
  }

  @Test func greyOfFewBitsIsScaledToEight() throws {
    let one = HandmadePNG(width: 9, height: 1, bitDepth: 1, colorType: 0, rows: [[0, 0b1010_0001, 0b1000_0000]])
    #expect(try decodePNG(one.bytes) == eight(9, 1, 1, [255, 0, 255, 0, 0, 0, 0, 255, 255]))
    let two = HandmadePNG(width: 4, height: 1, bitDepth: 2, colorType: 0, rows: [[0, 0b00_01_10_11]])
    #expect(try decodePNG(two.bytes) == eight(4, 1, 1, [0, 85, 170, 255]))
    let four = HandmadePNG(width: 3, height: 1, bitDepth: 4, colorType: 0, rows: [[0, 0x0f, 0x80]])
    #expect(try decodePNG(four.bytes) == eight(3, 1, 1, [0, 255, 0x88]))
  }

  @Test func sixteenBitsComeInNativeOrder() throws {
    let file = HandmadePNG(
      width: 2, height: 1, bitDepth: 16, colorType: 0, rows: [[0, 0x12, 0x34, 0xff, 0x01]])
    #expect(
      try decodePNG(file.bytes)
        == RasterImage(width: 2, height: 1, channels: 1, samples: .sixteen([0x1234, 0xff01])))
  }

  @Test func paletteBecomesColour() throws {
    var file = HandmadePNG(
      width: 3, height: 2, bitDepth: 2, colorType: 3, rows: [[0, 0b00_01_10_00], [0, 0b10_01_00_00]],
      chunks: [("PLTE", [255, 0, 0, 0, 255, 0, 0, 0, 255])])
    #expect(
      try decodePNG(file.bytes)
        == eight(3, 2, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0]))
    file.chunks.append(("tRNS", [128, 0]))
    #expect(
      try decodePNG(file.bytes)
        == eight(
          3, 2, 4,
          [255, 0, 0, 128, 0, 255, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 255, 0, 0, 255, 0, 0, 128]))
  }

  @Test func colourOutsideThePaletteIsRefused() {
    let file = HandmadePNG(
      width: 3, height: 1, bitDepth: 2, colorType: 3, rows: [[0, 0b00_11_00_00]],
      chunks: [("PLTE", [255, 0, 0, 0, 255, 0])])
    #expect(throws: ImageCodingError.damaged("pixel (1, 0) has colour 3 of a palette of 2")) {
      try decodePNG(file.bytes)
    }
  }

  @Test func transparentColourBecomesAlpha() throws {
    let grey = HandmadePNG(
      width: 2, height: 1, bitDepth: 8, colorType: 0, rows: [[0, 7, 9]], chunks: [("tRNS", [0, 9])])
    #expect(try decodePNG(grey.bytes) == eight(2, 1, 2, [7, 255, 9, 0]))
    let rgb = HandmadePNG(
      width: 2, height: 1, bitDepth: 8, colorType: 2, rows: [[0, 1, 2, 3, 4, 5, 6]],
      chunks: [("tRNS", [0, 1, 0, 2, 0, 3])])
    #expect(try decodePNG(rgb.bytes) == eight(2, 1, 4, [1, 2, 3, 0, 4, 5, 6, 255]))
    let deep = HandmadePNG(
      width: 1, height: 1, bitDepth: 16, colorType: 0, rows: [[0, 1, 2]], chunks: [("tRNS", [1, 2])])
    #expect(try decodePNG(deep.bytes) == RasterImage(width: 1, height: 1, channels: 2, samples: .sixteen([0x0102, 0])))
  }

  @Test func interlacedRowsFindTheirPlaces() throws {
    // Adam7: first column, first row, column step, row step of each pass (PNG specification, section 8.2).
    let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for (w, h) in [(1, 1), (3, 2), (8, 8), (13, 11)] {
      let values = (0..<w * h).map { UInt8(truncatingIfNeeded: $0 * 37) }
      var rows: [[UInt8]] = []
      for (x0, y0, dx, dy) in passes where x0 < w {
        for y in stride(from: y0, to: h, by: dy) {
          rows.append([0] + stride(from: x0, to: w, by: dx).map { values[y * w + $0] })
        }
      }
      let file = HandmadePNG(width: w, height: h, bitDepth: 8, colorType: 0, interlaced: true, rows: rows)
      #expect(try decodePNG(file.bytes) == eight(w, h, 1, values))
    }
  }

  @Test func otherChunksAreSkippedButTheirChecksumsCount() throws {
    var file = HandmadePNG(width: 1, height: 1, bitDepth: 8, colorType: 0, rows: [[0, 77]])
    file.chunks = [("gAMA", bigEndian(45455)), ("tEXt", Array("Title\0x".utf8)), ("quIx", [1, 2, 3])]
    #expect(try decodePNG(file.bytes) == eight(1, 1, 1, [77]))
    var broken = file.bytes
    broken[8 + 25 + 8] ^= 1  // in gAMA's data
    #expect(throws: ImageCodingError.self) { try decodePNG(broken) }
  }

  @Test func largeClaimsAreRefusedBeforeMemoryIsTaken() {
    func claim(_ w: Int, _ h: Int) -> [UInt8] {
      HandmadePNG(width: w, height: h, bitDepth: 16, colorType: 6, rows: [[0, 1]]).bytes
    }
    #expect(throws: ImageCodingError.tooLarge(width: 32769, height: 1)) { try decodePNG(claim(32769, 1)) }
    #expect(throws: ImageCodingError.tooLarge(width: 32768, height: 8193)) { try decodePNG(claim(32768, 8193)) }
    #expect(throws: ImageCodingError.self) { try decodePNG(claim(32768, 8192)) }
    #expect(throws: ImageCodingError.self) { try decodePNG(claim(0x8000_0000, 1)) }
    #expect(throws: ImageCodingError.self) { try decodePNG(claim(0, 1)) }
  }

  @Test(
    arguments: [
      ([], "an empty file"), ([0xff, 0xd8, 0xff, 0xe0], "a JPEG file"), (Array("GIF89a".utf8), "a GIF file"),
      ([1, 2], "a file that begins with the bytes 01 02"), ([0x89, 0x50], "a file that begins with the bytes 89 50"),
    ] as [([UInt8], String)]) func otherFilesAreNamed(_ bytes: [UInt8], _ name: String)
  {
    #expect(throws: ImageCodingError.wrongFormat(found: name, expected: "a PNG file")) { try decodePNG(bytes) }
  }

  @Test func everyTruncationIsAnError() throws {
    let image = RasterImage(width: 9, height: 7, channels: 3, samples: .eight((0..<189).map { UInt8($0) }))
    let interlaced = HandmadePNG(
      width: 2, height: 1, bitDepth: 8, colorType: 3, interlaced: true, rows: [[0, 0], [0, 1]],
      chunks: [("PLTE", [1, 2, 3, 4, 5, 6]), ("tRNS", [9])])
    for bytes in [try PNGEncoder().encode(image), interlaced.bytes] {
      _ = try decodePNG(bytes)
      for length in 0..<bytes.count {
        #expect(throws: ImageCodingError.self, "cut to \(length) bytes") { try decodePNG(Array(bytes.prefix(length))) }
      }
    }
  }

  /// Damage with its checksums made good again reaches the code behind them; it must come back, with an image or an
  /// error.
  @Test func randomDamageNeverCrashes() throws {
    var random = TestRandom(seed: 2024)
    let image = RasterImage(
      width: 21, height: 9, channels: 4, samples: .sixteen((0..<756).map { UInt16(truncatingIfNeeded: $0 * $0) }))
    let palette = HandmadePNG(
      width: 5, height: 2, bitDepth: 4, colorType: 3, interlaced: false, rows: [[0, 1, 2, 0], [2, 0, 0, 1]],
      chunks: [("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9]), ("tRNS", [9, 8])])
    var (images, errors) = (0, 0)
    for original in [try PNGEncoder().encode(image), palette.bytes] {
      _ = try decodePNG(original)
      for _ in 0..<2000 {
        var bytes = original
        for _ in 0...random.below(3) { bytes[8 + random.below(bytes.count - 8)] = UInt8(random.below(256)) }
        if random.below(2) == 0 { repairChecksums(&bytes) }
        do {
          _ = try decodePNG(bytes)
          images += 1
        } catch {
          #expect(!error.description.isEmpty)
          errors += 1
        }
      }
    }
    #expect(images > 20 && errors > 20, "\(images) images, \(errors) errors")
  }

  private func repairChecksums(_ bytes: inout [UInt8]) {
    var at = 8
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { return }
      bytes.replaceSubrange(
        at + 8 + length..<at + 12 + length, with: bigEndian(crc32(Array(bytes[at + 4..<at + 8 + length]))))
      at += 12 + length
    }
  }
}
