import CJPEGShims
import Imaging

/// Reads a JPEG file, baseline or progressive, with 8 bits a sample: grey as one channel, all else as RGB.
///
/// The samples are those of libjpeg-turbo with the accurate integer transform: the same on every CPU. An orientation in
/// EXIF data is not applied (rows come as they are stored), nor is a colour profile. CMYK is refused: its colours mean
/// nothing without its profile.
public func decodeJPEG(_ bytes: [UInt8]) throws(ImageCodingError) -> RasterImage {
  guard isJPEG(bytes) else { throw .wrongFormat(found: describeStart(of: bytes), expected: "a JPEG file") }
  var header = diorama_jpeg_header()
  try callLibjpeg { diorama_jpeg_read_header(bytes, bytes.count, &header, $0) }
  let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
  guard width <= ImageLimits.side, height <= ImageLimits.side, width * height <= ImageLimits.pixels else {
    throw .tooLarge(width: width, height: height)
  }
  // Every block of 8 x 8 samples takes a bit at least, and some component has a block in every 32 x 32 pixels (sampling
  // factors go to 4): a file too short for its pixels is found out before memory is taken for them.
  guard (width + 31) / 32 * ((height + 31) / 32) / 8 <= bytes.count else {
    throw .damaged("\(bytes.count) bytes cannot hold \(width)x\(height) pixels", format: .jpeg)
  }
  var samples = [UInt8](repeating: 0, count: width * height * channels)
  // Six bytes a pixel for the coefficients of three components in full resolution, and what the tables take.
  let memory = 6 * width * height + JPEGLimits.tables
  try callLibjpeg { message in
    samples.withUnsafeMutableBufferPointer {
      diorama_jpeg_read_pixels(
        bytes, bytes.count, $0.baseAddress, &header, memory, Int32(JPEGLimits.scans), message)
    }
  }
  return RasterImage(width: width, height: height, channels: channels, samples: .eight(samples))
}

/// What a JPEG file may ask for.
enum JPEGLimits {
  /// Passes over a progressive image. Encoders make about ten.
  static let scans = 100
  /// Bytes for tables, rows in work and blocks at the edges; libjpeg counts them all in one sum.
  static let tables = 64 << 20
}

/// Runs a call that fills in a message where it fails.
private func callLibjpeg(_ call: (UnsafeMutablePointer<CChar>?) -> Int32) throws(ImageCodingError) {
  var message = [CChar](repeating: 0, count: Int(DIORAMA_JPEG_MESSAGE))
  let status = message.withUnsafeMutableBufferPointer { call($0.baseAddress) }
  guard status != DIORAMA_JPEG_OK else { return }
  let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  if status == DIORAMA_JPEG_UNSUPPORTED {
    throw .wrongFormat(
      found: "a JPEG file with \(reason)", expected: "a JPEG file in grey, YCbCr or RGB, Huffman coded")
  }
  throw .damaged(reason, format: .jpeg)
}
