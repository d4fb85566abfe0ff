import Imaging
import Testing

@testable import ImageCoding

@Suite struct JPEGEncoderTests {
  /// A smooth picture, with colours that change as fast as its light, comes back within a few steps.
  @Test func comesBackNearly() throws {
    let (width, height) = (61, 43)
    let samples = (0..<width * height).flatMap { i -> [UInt8] in
      let (x, y) = (i % width, i / width)
      return [UInt8(4 * x), UInt8(5 * y), UInt8(255 - 2 * x - 2 * y)]
    }
    let image = RasterImage(width: width, height: height, channels: 3, samples: .eight(samples))
    let file = try encodeJPEG(image, quality: 95)
    #expect(try encodeJPEG(image, quality: 95) == file)
    guard case .eight(let back) = try decodeJPEG(file).samples else { throw ImageCodingError.unwritable("16 bits") }
    #expect(zip(samples, back).allSatisfy { abs(Int($0) - Int($1)) <= 6 })
    #expect(try encodeJPEG(image, quality: 20).count < file.count)
  }

  @Test func onlyRGBOfEightBits() {
    for image in [
      RasterImage(width: 1, height: 1, channels: 1, samples: .eight([1])),
      RasterImage(width: 1, height: 1, channels: 3, samples: .sixteen([1, 2, 3])),
    ] {
      #expect(throws: ImageCodingError.self) { try encodeJPEG(image, quality: 90) }
    }
  }
}
