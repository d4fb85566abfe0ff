import Imaging
import Testing

@testable import ImageCoding

/// A picture of the given header lines, size line and scanlines.
private func picture(_ size: String, _ data: [UInt8], header: [String] = ["FORMAT=32-bit_rle_rgbe"]) -> [UInt8] {
  Array((["#?RADIANCE"] + header + ["", size, ""]).joined(separator: "\n").utf8) + data
}

private func refusal(_ bytes: [UInt8]) -> String {
  do {
    _ = try decodeHDR(bytes)
    return "decodes"
  } catch { return error.description }
}

@Suite struct HDRDecoderTests {
  let one: [UInt8] = [128, 128, 128, 129]
  let half: [UInt8] = [128, 64, 0, 128]

  @Test func mantissasAndExponentMakeNumbers() throws {
    let p = try decodeHDR(picture("-Y 1 +X 4", one + half + [255, 1, 0, 138] + [200, 200, 200, 0]))
    #expect(p.width == 4 && p.height == 1)
    #expect(p.values == [SIMD3(1, 1, 1), SIMD3(0.5, 0.25, 0), SIMD3(1020, 4, 0), SIMD3(0, 0, 0)])
  }

  @Test func exposureAndCorrectionAreDividedOut() throws {
    let header = ["EXPOSURE=2", "SOFTWARE=x = y", "EXPOSURE= 4.0", "COLORCORR=1 2 0.5"]
    let p = try decodeHDR(picture("-Y 1 +X 1", one, header: header))
    #expect(p.values == [SIMD3(0.125, 0.0625, 0.25)])
  }

  @Test func oldRunsRepeatThePixelBefore() throws {
    let p = try decodeHDR(picture("-Y 1 +X 5", one + [1, 1, 1, 2] + half + [1, 1, 1, 1]))
    #expect(p.values.map(\.x) == [1, 1, 1, 0.5, 0.5])
    // Two in a row are one number of two digits.
    let long = try decodeHDR(picture("-Y 1 +X 300", one + [1, 1, 1, 43] + [1, 1, 1, 1]))
    #expect(long.values.allSatisfy { $0 == SIMD3(1, 1, 1) })
  }

  @Test func newRunsCodeEachComponent() throws {
    let red: [UInt8] = [128 + 8, 128]
    let green: [UInt8] = [8, 0, 1, 2, 3, 4, 5, 6, 7]
    let blue: [UInt8] = [3, 9, 9, 9, 128 + 5, 7]
    let exponent: [UInt8] = [128 + 4, 129, 4, 130, 130, 130, 130]
    let p = try decodeHDR(picture("-Y 1 +X 8", [2, 2, 0, 8] + red + green + blue + exponent))
    #expect(p.values.map(\.x) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(p.values.map(\.y) == [0, 1, 2, 3, 8, 10, 12, 14].map { $0 / 128 })
    #expect(p.values.map(\.z) == [9, 9, 9, 7, 14, 14, 14, 14].map { $0 / 128 })
  }

  /// 2 x 2 pixels a b / c d, stored in the eight orders.
  @Test(arguments: [
    ("-Y 2 +X 2", [0, 1, 2, 3]), ("-Y 2 -X 2", [1, 0, 3, 2]), ("+Y 2 +X 2", [2, 3, 0, 1]), ("+Y 2 -X 2", [3, 2, 1, 0]),
    ("+X 2 -Y 2", [0, 2, 1, 3]), ("-X 2 -Y 2", [1, 3, 0, 2]), ("+X 2 +Y 2", [2, 0, 3, 1]), ("-X 2 +Y 2", [3, 1, 2, 0]),
  ]) func theFirstRowIsTheUpperOne(size: String, order: [Int]) throws {
    let data: [UInt8] = order.flatMap { [UInt8(128 + $0), 128, 128, 136] as [UInt8] }
    #expect(try decodeHDR(picture(size, data)).values.map(\.x) == [128, 129, 130, 131])
  }

  @Test func sidesOfAColumnMajorPictureAreNotMixedUp() throws {
    let p = try decodeHDR(picture("+X 3 -Y 2", (0..<6).flatMap { [UInt8(128 + $0), 128, 128, 136] as [UInt8] }))
    #expect(p.width == 3 && p.height == 2)
    #expect(p.values.map(\.x) == [128, 130, 132, 129, 131, 133])
  }

  @Test func faultsAreNamed() {
    #expect(refusal(picture("-Y 1 +X 1", one, header: ["FORMAT=32-bit_rle_xyze"])).contains("\"32-bit_rle_xyze\""))
    #expect(
      refusal(picture("-Y 1 +X 2", one))
        == "found a damaged Radiance HDR file (the file ends early), expected a whole one")
    #expect(refusal(picture("-Y 1 +Z 2", one)).contains("found \"-Y 1 +Z 2\" for its size"))
    #expect(refusal(picture("-Y 0 +X 2", one)).contains("for its size"))
    #expect(refusal(picture("-Y 30000 +X 30000", one)).contains("an image of 30000x30000 pixels"))
    #expect(refusal(picture("-Y 8000 +X 8000", one)).contains("4 bytes cannot hold 8000x8000 pixels"))
    #expect(refusal(picture("-Y 1 +X 2", [1, 1, 1, 2] + one)).contains("a run that leaves its scanline"))
    #expect(refusal(picture("-Y 1 +X 2", one + [1, 1, 1, 2])).contains("a run that leaves its scanline"))
    #expect(refusal(picture("-Y 1 +X 8", [2, 2, 0, 9] + one)).contains("a scanline of another length"))
    #expect(refusal(picture("-Y 1 +X 1", one, header: ["EXPOSURE=0"])).contains("EXPOSURE is not a number above 0"))
    #expect(refusal(Array("#?RADIANCE\nA=b\n".utf8)).contains("its header does not end"))
  }
}
