import Imaging
import Testing

@testable import ImageCoding

/// Damaged image files decode or are refused with a message. Fixed seeds: a failure comes again.
@Suite struct ImageFuzzTests {
  private func damaged(_ seed: [UInt8], _ random: inout TestRandom) -> [UInt8] {
    var bytes = seed
    for _ in 0...random.below(4) {
      let at = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[at] = UInt8(random.below(256))
      case 1: bytes[at] ^= 1 << UInt8(random.below(8))
      case 2: bytes.removeSubrange(at..<min(at + 1 + random.below(8), bytes.count))
      case 3:
        bytes.insert(contentsOf: bytes[at..<min(at + random.below(20), bytes.count)], at: random.below(bytes.count))
      default: bytes.removeSubrange(at...)
      }
      if bytes.isEmpty { return [0xff] }
    }
    return bytes
  }

  private func fuzz(_ seeds: [[UInt8]], number: UInt64, _ read: ([UInt8]) throws(ImageCodingError) -> Int) {
    var random = TestRandom(seed: number)
    for round in 0..<3000 {
      do throws(ImageCodingError) {
        #expect(try read(damaged(seeds[round % seeds.count], &random)) > 0)
      } catch { #expect(!error.found.isEmpty && !error.expected.isEmpty, "round \(round)") }
    }
  }

  @Test func damagedJPEG() {
    let grey = HandmadeJPEG(width: 16, height: 8, components: [(1, 1, [72, -100])])
    let color = HandmadeJPEG(
      width: 16, height: 16, components: [(2, 2, [0, 50, -20, 9]), (1, 1, [3]), (1, 1, [-7])],
      segments: [(0xe1, Array("Exif\0\0MM".utf8)), (0xfe, Array("a comment".utf8))])
    // As a progressive file its scan is none, but the way there is another.
    var progressive = color
    progressive.frame = 0xc2
    fuzz([grey.bytes, color.bytes, progressive.bytes], number: 1) { (b) throws(ImageCodingError) in
      let image = try decodeJPEG(b)
      return image.width * image.height
    }
  }

  @Test func damagedPNG() {
    let grey = HandmadePNG(width: 3, height: 2, bitDepth: 8, colorType: 0, rows: [[0, 1, 2, 3], [1, 4, 5, 6]])
    let palette = HandmadePNG(
      width: 4, height: 1, bitDepth: 2, colorType: 3, rows: [[0, 0b0001_1011]],
      chunks: [("PLTE", [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]), ("tRNS", [1, 2])])
    fuzz([grey.bytes, palette.bytes], number: 2) { (b) throws(ImageCodingError) in
      let image = try decodePNG(b)
      return image.width * image.height
    }
  }

  @Test func damagedHDR() {
    func picture(_ size: String, _ data: [UInt8]) -> [UInt8] {
      Array("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\nEXPOSURE=2\n\n\(size)\n".utf8) + data
    }
    let flat = picture("-Y 1 +X 4", [128, 64, 3, 130, 1, 1, 1, 2, 9, 200, 1, 128])
    let runs = picture(
      "+Y 1 +X 8",
      [2, 2, 0, 8, 136, 128, 8, 0, 1, 2, 3, 4, 5, 6, 7, 3, 9, 9, 9, 133, 7, 132, 129, 4, 130, 130, 130, 130])
    fuzz([flat, runs], number: 3) { (b) throws(ImageCodingError) in
      let plane = try decodeHDR(b)
      #expect(plane.values.allSatisfy { $0.x >= 0 && $0.x.isFinite && $0.z.isFinite })
      return plane.values.count
    }
  }
}
