import Imaging
import Testing

@testable import ImageCoding

@Suite struct JPEGDecoderTests {
  let grey = HandmadeJPEG(width: 16, height: 8, components: [(1, 1, [72, -100])])

  private func eight(_ image: RasterImage) -> [UInt8] {
    if case .eight(let s) = image.samples { s } else { [] }
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try decodeJPEG(bytes)
      return "decodes"
    } catch { return error.description }
  }

  @Test func greyBlocksHaveTheirBrightness() throws {
    let image = try decodeJPEG(grey.bytes)
    #expect(image.width == 16 && image.height == 8 && image.channels == 1)
    let row = [UInt8](repeating: 200, count: 8) + [UInt8](repeating: 28, count: 8)
    #expect(eight(image) == (0..<8).flatMap { _ in row })
  }

  @Test func edgesOfPartialBlocksAreCut() throws {
    var odd = grey
    (odd.width, odd.height) = (11, 3)
    let image = try decodeJPEG(odd.bytes)
    #expect(eight(image) == (0..<3).flatMap { _ in [UInt8](repeating: 200, count: 8) + [28, 28, 28] })
  }

  /// JFIF: R = Y + 1.402 Cr, G = Y - 0.344136 Cb - 0.714136 Cr, B = Y + 1.772 Cb, rounded.
  @Test func colourIsConvertedByJFIFsMatrix() throws {
    let file = HandmadeJPEG(width: 8, height: 8, components: [(1, 1, [10]), (1, 1, [-40]), (1, 1, [60])])
    let image = try decodeJPEG(file.bytes)
    #expect(image.channels == 3)
    #expect(Array(eight(image).prefix(3)) == [222, 109, 67])
    #expect(Set(stride(from: 0, to: 192, by: 3).map { Array(eight(image)[$0..<$0 + 3]) }).count == 1)
  }

  @Test func subsampledColourFillsItsBlock() throws {
    let file = HandmadeJPEG(
      width: 16, height: 16, components: [(2, 2, [0, 0, 0, 0]), (1, 1, [0]), (1, 1, [0])])
    #expect(eight(try decodeJPEG(file.bytes)).allSatisfy { $0 == 128 })
  }

  @Test func orientationInEXIFIsNotApplied() throws {
    var turned = grey
    let tag: [UInt8] = bigEndian16(0x0112) + bigEndian16(3) + [0, 0, 0, 1] + bigEndian16(6) + [0, 0]
    turned.segments = [(0xe1, Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1] + tag + [0, 0, 0, 0])]
    #expect(try decodeJPEG(turned.bytes) == decodeJPEG(grey.bytes))
  }

  @Test func whatIsCutShortIsRefused() {
    let bytes = grey.bytes
    for length in 0..<bytes.count {
      #expect(throws: ImageCodingError.self, "\(length)") { try decodeJPEG(Array(bytes.prefix(length))) }
    }
  }

  @Test func kindsThatAreNotReadAreNamed() {
    var arithmetic = grey
    arithmetic.frame = 0xc9
    #expect(refusal(arithmetic.bytes).contains("arithmetic coding"))
    let cmyk = HandmadeJPEG(width: 8, height: 8, components: (0..<4).map { _ in (1, 1, [0]) })
    #expect(
      refusal(cmyk.bytes)
        == "found a JPEG file with CMYK colour, expected a JPEG file in grey, YCbCr or RGB, Huffman coded")
    #expect(refusal(Array("GIF89a".utf8)) == "found a GIF file, expected a JPEG file")
  }

  @Test func aClaimOfManyPixelsTakesNoMemory() {
    var huge = grey
    (huge.width, huge.height) = (16384, 16384)
    #expect(refusal(huge.bytes).hasPrefix("found a damaged JPEG file ("))
    (huge.width, huge.height) = (65500, 8)
    #expect(throws: ImageCodingError.tooLarge(width: 65500, height: 8)) { try decodeJPEG(huge.bytes) }
  }
}
