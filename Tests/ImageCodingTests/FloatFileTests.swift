import Imaging
import Testing

@testable import ImageCoding

/// NPY and OpenEXR files of floats.
@Suite struct FloatFileTests {
  private func image(_ width: Int, _ height: Int, _ channels: Int) -> FloatImage {
    var image = FloatImage(width: width, height: height, channels: channels)
    var state: UInt32 = 1
    for k in image.samples.indices {
      state = state &* 1_664_525 &+ 1_013_904_223
      image.samples[k] = Float(Int32(bitPattern: state)) * 1e-5
    }
    image.samples[0] = -0.0
    if image.samples.count > 2 { (image.samples[1], image.samples[2]) = (3.4e38, 1e-40) }
    return image
  }

  private let letters = ["B", "A", "Z", "R"]

  @Test(arguments: [(1, 1), (3, 2), (64, 48), (33, 17), (5, 100)]) func floatsComeBackToTheBit(w: Int, h: Int) throws {
    for channels in 1...4 {
      let image = image(w, h, channels)
      #expect(Digest(of: try decodeNPY(encodeNPY(image))) == Digest(of: image))
      let names = Array(letters.prefix(channels))
      let exr = try encodeEXR(image, channels: names)
      let back = try decodeEXR(exr, channels: names)
      #expect(back.channels == channels && Digest(of: back) == Digest(of: image))
    }
  }

  @Test func theHeadIsNumPys() {
    let bytes = encodeNPY(image(4, 3, 2))
    let head = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(head.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4, 2), }") && head.hasSuffix("\n"))
    #expect(bytes.count == 128 + 4 * 24 && bytes[8] == 118)
  }

  @Test func damageIsSaid() throws {
    let npy = encodeNPY(image(7, 5, 3))
    for cut in stride(from: 0, to: npy.count, by: 3) {
      #expect(throws: ImageCodingError.self) { try decodeNPY(Array(npy[..<cut])) }
    }
    #expect(throws: ImageCodingError.self) { try decodeNPY(npy + [0]) }
    let huge = "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 99999999), }\n"
    #expect(throws: ImageCodingError.self) {
      try decodeNPY([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(huge.utf8.count), 0] + Array(huge.utf8))
    }
    let exr = try encodeEXR(image(40, 30, 3), channels: ["R", "G", "B"])
    #expect(throws: ImageCodingError.self) { try decodeEXR(exr, channels: ["X", "Y", "Z"]) }
    #expect(throws: ImageCodingError.self) { try decodeEXR(exr, channels: ["R"]) }
    for cut in stride(from: 0, to: exr.count - 1, by: 97) {
      #expect(throws: ImageCodingError.self) { try decodeEXR(Array(exr[..<cut]), channels: ["R", "G", "B"]) }
    }
    // Whatever byte changes, reading ends, with an image or with an error.
    for k in stride(from: 0, to: exr.count, by: 41) {
      var bent = exr
      bent[k] ^= 0x55
      _ = try? decodeEXR(bent, channels: ["R", "G", "B"])
    }
  }
}
