import CJPEGShims
import Glibc
import Imaging

/// The bytes of a JPEG file of an RGB image of 8 bits: baseline, colour at full size, no text and no time.
///
/// - Parameter quality: 1 to 100, by libjpeg's scale.
public func encodeJPEG(_ image: RasterImage, quality: Int) throws(ImageCodingError) -> [UInt8] {
  precondition((1...100).contains(quality))
  guard image.channels == 3, case .eight(let samples) = image.samples else {
    throw .unwritable("only RGB of 8 bits goes into a JPEG")
  }
  guard image.width <= JPEGArtefacts.longestSide, image.height <= JPEGArtefacts.longestSide else {
    throw .unwritable("a picture of \(image.width) x \(image.height) pixels is too large for JPEG")
  }
  var count = 0
  let file = samples.withUnsafeBufferPointer {
    diorama_jpeg_write($0.baseAddress, Int32(image.width), Int32(image.height), Int32(quality), &count)
  }
  guard let file else {
    throw .unwritable("libjpeg failed on a picture of \(image.width) x \(image.height) pixels")
  }
  defer { free(file) }
  return Array(UnsafeBufferPointer(start: file, count: count))
}
