import Imaging
import Testing

@Suite struct ImageDifferenceTests {
  func image(_ samples: [UInt8], channels: Int = 1) -> RasterImage {
    RasterImage(width: samples.count / channels, height: 1, channels: channels, samples: .eight(samples))
  }

  @Test func countsAndSums() throws {
    let d = try ImageDifference(
      image([0, 10, 20, 30, 40, 50], channels: 3), image([0, 13, 20, 30, 40, 50], channels: 3))
    #expect(d.maximum == 3)
    #expect(d.mean == 0.5)
    #expect(d.meanSquare == 1.5)
    #expect(d.changedPixels == 1 && d.pixelCount == 2)
    #expect(!d.isEqual)
  }

  @Test func signalToNoise() throws {
    // Black against white is 0 dB; one code in every sample is 20 log10 255 = 48.13 dB.
    #expect(abs(try ImageDifference(image([0, 0]), image([255, 255])).psnr) < 1e-12)
    #expect(abs(try ImageDifference(image([7, 9]), image([8, 8])).psnr - 48.1308) < 1e-4)
    let equal = try ImageDifference(image([1, 2]), image([1, 2]))
    #expect(equal.psnr == .infinity && equal.isEqual)
  }

  @Test func sixteenBits() throws {
    func deep(_ s: [UInt16]) -> RasterImage { RasterImage(width: 2, height: 1, channels: 1, samples: .sixteen(s)) }
    let d = try ImageDifference(deep([0, 5]), deep([65535, 5]))
    #expect(d.maximum == 65535 && d.whitest == 65535 && d.changedPixels == 1)
    #expect(d.meanSquare == 2_147_418_112.5)
  }

  @Test func imagesOfOtherKindsAreRefused() {
    let deep = RasterImage(width: 2, height: 1, channels: 1, samples: .sixteen([1, 2]))
    #expect(throws: ImageDifference.Mismatch.self) { try ImageDifference(image([1, 2]), deep) }
    #expect(throws: ImageDifference.Mismatch.self) { try ImageDifference(image([1, 2]), image([1, 2, 3])) }
    #expect(throws: ImageDifference.Mismatch.self) { try ImageDifference(image([1, 2]), image([1, 2], channels: 2)) }
  }
}
