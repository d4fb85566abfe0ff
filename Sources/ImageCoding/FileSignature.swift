// What kind of file begins with these bytes. Names and extensions lie more often than the first bytes do.

/// The first eight bytes of every PNG file.
private let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/// Whether `bytes` begin like a PNG file.
public func isPNG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: signature) }

/// Whether `bytes` begin like a JPEG file: a start-of-image marker and another marker behind it.
public func isJPEG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xff, 0xd8, 0xff]) }

/// Whether `bytes` begin like a Radiance picture.
public func isHDR(_ bytes: [UInt8]) -> Bool {
  bytes.starts(with: Array("#?RADIANCE".utf8)) || bytes.starts(with: Array("#?RGBE".utf8))
}

/// What the first bytes of a file look like, for an error message.
public func describeStart(of bytes: [UInt8]) -> String {
  if bytes.isEmpty { return "an empty file" }
  let known: [(start: [UInt8], name: String)] = [
    (signature, "a PNG file"), ([0xff, 0xd8, 0xff], "a JPEG file"), (Array("GIF8".utf8), "a GIF file"),
    (Array("BM".utf8), "a BMP file"), (Array("#?RADIANCE".utf8), "a Radiance HDR file"),
    (Array("#?RGBE".utf8), "a Radiance HDR file"),
    (Array("glTF".utf8), "a binary glTF file"), (Array("ply".utf8), "a PLY file"), (Array("DDS ".utf8), "a DDS file"),
    ([0x49, 0x49, 0x2a, 0], "a TIFF file"), ([0x4d, 0x4d, 0, 0x2a], "a TIFF file"),
    ([0x76, 0x2f, 0x31, 0x01], "an OpenEXR file"), (Array("%PDF".utf8), "a PDF file"),
    ([0x1f, 0x8b], "a gzip file"), (Array("PK".utf8), "a zip file"),
  ]
  if let match = known.first(where: { bytes.starts(with: $0.start) }) { return match.name }
  if bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)), bytes[8..<12].elementsEqual("WEBP".utf8) {
    return "a WebP file"
  }
  let hex = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  return "a file that begins with the bytes \(hex)"
}
