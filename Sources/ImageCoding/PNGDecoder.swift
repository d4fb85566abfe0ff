import CPNGShims
import Imaging

/// Reads a PNG file of any kind the specification knows: 1 to 16 bits, grey, RGB, palette, with or without alpha,
/// interlaced or not.
///
/// Samples of 1, 2 and 4 bits are scaled to 8; a palette becomes RGB; a transparent colour or palette alpha becomes an
/// alpha channel. No colour space is applied.
public func decodePNG(_ bytes: [UInt8]) throws(ImageCodingError) -> RasterImage {
  guard isPNG(bytes) else {
    throw .wrongFormat(found: describeStart(of: bytes), expected: "a PNG file")
  }
  var header = diorama_png_header()
  try callLibpng { diorama_png_read_header(bytes, bytes.count, &header, $0) }
  let (width, height) = (Int(header.width), Int(header.height))
  guard width <= ImageLimits.side, height <= ImageLimits.side, width * height <= ImageLimits.pixels else {
    throw .tooLarge(width: width, height: height)
  }
  // Deflate shrinks to 1/1032 at best (258 bytes in two bits), so a file too short for its pixels is found out before
  // memory is taken for them.
  let storedChannels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(header.color_type)] ?? 1
  guard (width * storedChannels * Int(header.bit_depth) + 7) / 8 * height / 1032 <= bytes.count else {
    throw .damaged("\(bytes.count) bytes cannot hold \(width)x\(height) pixels")
  }

  if Int(header.color_type) == DIORAMA_PNG_PALETTE {
    return try expandPalette(try readSamples(bytes, of: UInt8.self, count: width, height: height), header)
  }
  let channels = storedChannels + (header.has_trns != 0 ? 1 : 0)
  let samples: RasterImage.Samples =
    header.bit_depth == 16
    ? .sixteen(try readSamples(bytes, of: UInt16.self, count: width * channels, height: height))
    : .eight(try readSamples(bytes, of: UInt8.self, count: width * channels, height: height))
  return RasterImage(width: width, height: height, channels: channels, samples: samples)
}

/// Reads `height` rows of `count` samples.
private func readSamples<Sample: FixedWidthInteger>(
  _ bytes: [UInt8], of type: Sample.Type, count: Int, height: Int
) throws(ImageCodingError) -> [Sample] {
  var samples = [Sample](repeating: 0, count: count * height)
  try callLibpng { message in
    samples.withUnsafeMutableBytes { raw in
      diorama_png_read_pixels(
        bytes, bytes.count, raw.bindMemory(to: UInt8.self).baseAddress, count * MemoryLayout<Sample>.size,
        UInt32(height), message)
    }
  }
  return samples
}

/// Runs a call that fills in a message where it fails.
private func callLibpng(_ call: (UnsafeMutablePointer<CChar>?) -> Int32) throws(ImageCodingError) {
  var message = [CChar](repeating: 0, count: Int(DIORAMA_PNG_MESSAGE))
  let status = message.withUnsafeMutableBufferPointer { call($0.baseAddress) }
  guard status != 0 else { return }
  throw .damaged(String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
}

private func expandPalette(_ indices: [UInt8], _ header: diorama_png_header) throws(ImageCodingError) -> RasterImage {
  let (width, height, entries) = (Int(header.width), Int(header.height), Int(header.palette_count))
  let channels = header.has_trns != 0 ? 4 : 3
  var palette = header.palette
  let colors = withUnsafeBytes(of: &palette) { Array($0) }
  var samples = [UInt8](repeating: 0, count: indices.count * channels)
  for (i, index) in indices.enumerated() {
    guard index < entries else {
      throw .damaged("pixel (\(i % width), \(i / width)) has colour \(index) of a palette of \(entries)")
    }
    for c in 0..<channels { samples[i * channels + c] = colors[Int(index) * 4 + c] }
  }
  return RasterImage(width: width, height: height, channels: channels, samples: .eight(samples))
}
