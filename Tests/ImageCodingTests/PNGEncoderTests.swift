import Imaging
import Testing

@testable import ImageCoding

/// Every width around the 16 and 32 bytes that the filters take at a time.
private let widths = [1, 2, 3, 5, 7, 8, 10, 11, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100]

private enum Fill: CaseIterable {
  case noise, equal, ramp
  func value(_ i: Int, _ random: inout TestRandom) -> UInt64 {
    switch self {
    case .noise: random.next()
    case .equal: 0xabcd
    case .ramp: UInt64(i * 3)
    }
  }
}

private func image(_ w: Int, _ h: Int, channels: Int, bits: Int, _ fill: Fill) -> RasterImage {
  var random = TestRandom(seed: UInt64(w * 7919 + h * 31 + channels))
  let values = (0..<w * h * channels).map { fill.value($0, &random) }
  return RasterImage(
    width: w, height: h, channels: channels,
    samples: bits == 8
      ? .eight(values.map { UInt8(truncatingIfNeeded: $0) }) : .sixteen(values.map { UInt16(truncatingIfNeeded: $0) }))
}

@Suite struct PNGEncoderTests {
  @Test(arguments: [PNGEncoder.Effort.fast, .small]) func everyKindOfImageComesBack(_ effort: PNGEncoder.Effort) throws
  {
    let encoder = try PNGEncoder(effort: effort)
    for channels in 1...4 {
      for bits in [8, 16] {
        for width in widths {
          for fill in Fill.allCases {
            let original = image(width, 1 + width % 4, channels: channels, bits: bits, fill)
            #expect(try decodePNG(try encoder.encode(original)) == original, "\(channels) x \(bits) bits, \(width)")
          }
        }
      }
    }
  }

  @Test func planesComeBackAsGreyImagesUnderEveryFilter() throws {
    let encoder = try PNGEncoder()
    var random = TestRandom(seed: 5)
    for width in widths {
      let eight = Plane(width: width, height: 3, values: (0..<width * 3).map { _ in UInt8(random.below(256)) })
      let sixteen = Plane(width: width, height: 3, values: (0..<width * 3).map { _ in UInt16(random.below(65536)) })
      for content in [PNGEncoder.Content.picture, .smooth, .ids] {
        #expect(
          try decodePNG(try encoder.encode(eight, as: content))
            == RasterImage(width: width, height: 3, channels: 1, samples: .eight(eight.values)))
        #expect(
          try decodePNG(try encoder.encode(sixteen, as: content))
            == RasterImage(width: width, height: 3, channels: 1, samples: .sixteen(sixteen.values)))
      }
    }
  }

  @Test func imagesOfManyBandsComeBack() throws {
    let encoder = try PNGEncoder()
    for fill in Fill.allCases {
      let original = image(1100, 1000, channels: 3, bits: 8, fill)
      #expect(try decodePNG(try encoder.encode(original)) == original)
    }
    let deep = image(1100, 1000, channels: 1, bits: 16, .noise)
    #expect(try decodePNG(try encoder.encode(deep, as: .smooth)) == deep)
  }

  @Test func bytesDoNotDependOnWhatWasEncodedBefore() throws {
    let images = [(640, 3, 8, Fill.ramp), (64, 1, 16, .noise), (900, 4, 8, .noise), (33, 3, 8, .equal)].map {
      image($0.0, 480, channels: $0.1, bits: $0.2, $0.3)
    }
    let fresh = try images.map { try PNGEncoder().encode($0) }
    let warm = try PNGEncoder()
    for round in 0..<3 {
      for i in images.indices.map({ (images.count + $0 - round) % images.count }) {
        #expect(try warm.encode(images[i]) == fresh[i])
      }
    }
  }

  @Test func bytesDoNotDependOnWhereTheEncoderLies() throws {
    let encoders = try (0..<4).map { _ in try PNGEncoder(effort: .fast) }
    for first in UInt8.min...UInt8.max {
      for second: UInt8 in stride(from: 3, to: 255, by: 16) {
        // Matches begin within the first few bytes, the only place where a hash has been seen to hold an address.
        let plane = Plane(width: 64, height: 1, values: (0..<64).map { $0 % 2 == 0 ? first : second })
        let files = try encoders.map { try $0.encode(plane, as: .picture) }
        try #require(files.allSatisfy { $0 == files[0] }, "\(first), \(second)")
      }
    }
  }

  @Test func filesHoldNothingButTheImage() throws {
    let encoder = try PNGEncoder()
    let rgb = image(20, 20, channels: 3, bits: 8, .ramp)
    #expect(try chunkNames(encoder.encode(rgb)) == ["IHDR", "sRGB", "IDAT", "IEND"])
    #expect(try chunkNames(encoder.encode(rgb, isSRGB: false)) == ["IHDR", "IDAT", "IEND"])
    let ids = Plane<UInt16>(width: 20, height: 20, repeating: 7)
    #expect(try chunkNames(encoder.encode(ids, as: .ids)) == ["IHDR", "IDAT", "IEND"])
    #expect(try chunkNames(PNGEncoder(effort: .small).encode(ids, as: .ids)) == ["IHDR", "IDAT", "IEND"])
  }

  @Test func smallIsSmaller() throws {
    // Coarse blocks over a slope: no single filter suits all rows.
    let samples = (0..<300 * 200 * 3).map { i in
      let (x, y) = (i / 3 % 300, i / 900)
      return UInt8(truncatingIfNeeded: x + y / 2 + (x / 16 * 7 ^ y / 16 * 13) * 9 + (x * y) % 5)
    }
    let picture = RasterImage(width: 300, height: 200, channels: 3, samples: .eight(samples))
    #expect(try PNGEncoder(effort: .small).encode(picture).count < PNGEncoder().encode(picture).count)
  }

  /// The names of a file's chunks, each with its checksum proved by a CRC of the tests' own.
  private func chunkNames(_ bytes: [UInt8]) throws -> [String] {
    var names: [String] = []
    var at = 8
    while at < bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      let body = Array(bytes[at + 4..<at + 8 + length])
      #expect(bigEndian(crc32(body)) == Array(bytes[at + 8 + length..<at + 12 + length]))
      names.append(String(decoding: body.prefix(4), as: UTF8.self))
      at += 12 + length
    }
    #expect(at == bytes.count)
    return names
  }
}
