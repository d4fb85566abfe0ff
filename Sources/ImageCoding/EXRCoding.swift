// OpenEXR files of 32-bit float channels, through OpenEXRCore. A channel's name is one letter: R, G, B for light, X, Y, Z
// for places and directions, Z alone for depth, U, V for texture coordinates. Bytes may differ between releases of the
// library and of zlib; the samples never do.

import CEXRShims
import Imaging

/// The file's bytes for `image`.
///
/// - Parameter names: a letter for each channel, in the order of the samples.
public func encodeEXR(_ image: FloatImage, channels names: [String]) throws(ImageCodingError) -> [UInt8] {
  precondition(names.count == image.channels && names.allSatisfy { $0.utf8.count == 1 }, "a letter for each channel")
  var file = diorama_exr_file()
  let status = image.samples.withUnsafeBufferPointer {
    diorama_exr_write(
      $0.baseAddress, Int32(image.width), Int32(image.height), Int32(image.channels), names.joined(), &file)
  }
  defer { diorama_exr_free(file.bytes) }
  guard status == 0, let bytes = file.bytes else { throw .unwritable(text(file.message)) }
  return Array(UnsafeBufferPointer(start: bytes, count: file.count))
}

/// Reads a file with exactly the channels of `names`.
public func decodeEXR(_ bytes: [UInt8], channels names: [String]) throws(ImageCodingError) -> FloatImage {
  guard bytes.starts(with: [0x76, 0x2f, 0x31, 0x01]) else {
    throw .wrongFormat(found: describeStart(of: bytes), expected: "an OpenEXR file")
  }
  var image = diorama_exr_image()
  let status = bytes.withUnsafeBufferPointer {
    diorama_exr_read(
      $0.baseAddress, $0.count, names.joined(), Int32(ImageLimits.side), Int64(ImageLimits.pixels), &image)
  }
  defer { diorama_exr_free(image.samples) }
  guard status == 0, let samples = image.samples else { throw .damaged(text(image.message), format: .exr) }
  let count = Int(image.width) * Int(image.height) * Int(image.channels)
  return FloatImage(
    width: Int(image.width), height: Int(image.height), channels: Int(image.channels),
    samples: Array(UnsafeBufferPointer(start: samples, count: count)))
}

/// A message of C as text.
private func text<T>(_ message: T) -> String {
  withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
