import Imaging

/// Reads a PNG or JPEG file; its first bytes decide which, whatever it is called.
public func decodeImage(_ bytes: [UInt8]) throws(ImageCodingError) -> RasterImage {
  if isPNG(bytes) { return try decodePNG(bytes) }
  if isJPEG(bytes) { return try decodeJPEG(bytes) }
  throw .wrongFormat(found: describeStart(of: bytes), expected: "a PNG or JPEG image")
}
