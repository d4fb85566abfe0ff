import CPNGShims
import Imaging

/// Writes PNG files. One encoder serves one thread at a time: its buffers grow to the largest image and are used again.
///
/// A file holds IHDR, IDAT, IEND and, where the image is declared as such, sRGB: no text, no time, no host. Its bytes
/// are the same on every x86-64 CPU with SSE4.2 and for any history of the encoder; other CPUs and other releases of
/// ISA-L or zlib may write other bytes for the same pixels, so digests are of pixels.
public final class PNGEncoder {
  /// What a file's size is worth.
  public enum Effort: Sendable {
    /// One fixed filter and ISA-L level 1: 2 to 3 ms for a textured 640x480 RGB.
    case fast
    /// libpng's choice of filters and zlib level 6: a tenth to a fifth smaller, thirty times as slow.
    case small
  }

  /// What the samples mean; it picks the row filter. One filter serves all rows: libpng's choice per row costs four
  /// trial filters and gains little. Measured on 640x480 with ISA-L level 1, kB and ms for none / sub / up:
  ///
  ///     rendered RGB    521, 2.7 / 450, 2.9 / 435, 2.7       flat texture RGB    84, 0.66 / 93, 0.71 / 98, 0.76
  ///     16-bit depth    160, 0.91 / 104, 0.77 / 92, 0.73     16-bit ids          16, 0.15 / 13, 0.13 / 13, 0.13
  public enum Content: Sendable {
    /// A picture. `up`: rendered frames come out a tenth smaller than with `sub`, in the same time.
    case picture
    /// A smooth quantity in 16 bits, such as depth. `up`: the low bytes of vertical neighbours differ alike.
    case smooth
    /// Ids: flat areas with hard edges. `sub` turns every area to zeros.
    case ids
  }

  private let writer: OpaquePointer
  private let effort: Effort
  /// A band of filtered rows.
  private var band: [UInt8] = []
  /// Two rows of big-endian samples, this one and the one above.
  private var swapped: [UInt8] = []

  /// Filtered rows are handed to deflate in bands of about this size, so that memory does not grow with the image.
  private static let bandBytes = 1 << 20

  public init(effort: Effort = .fast) throws(ImageCodingError) {
    guard let writer = diorama_png_writer_create() else { throw .unwritable("out of memory") }
    self.writer = writer
    self.effort = effort
  }

  deinit { diorama_png_writer_destroy(writer) }

  /// The file's bytes for `image`.
  ///
  /// - Parameter isSRGB: whether to declare the samples as sRGB; nil declares images with colour of 8 bits.
  public func encode(
    _ image: RasterImage, as content: Content = .picture, isSRGB: Bool? = nil
  ) throws(ImageCodingError) -> [UInt8] {
    try write(image, as: content, isSRGB: isSRGB)
    return withFile { Array($0) }
  }

  /// The file's bytes for an 8-bit grey image of the plane's values.
  public func encode(_ plane: Plane<UInt8>, as content: Content) throws(ImageCodingError) -> [UInt8] {
    try write(plane, as: content)
    return withFile { Array($0) }
  }

  /// The file's bytes for a 16-bit grey image of the plane's values.
  public func encode(_ plane: Plane<UInt16>, as content: Content) throws(ImageCodingError) -> [UInt8] {
    try write(plane, as: content)
    return withFile { Array($0) }
  }

  /// Encodes without copying the file out: read it with `withFile`.
  public func write(
    _ image: RasterImage, as content: Content = .picture, isSRGB: Bool? = nil
  ) throws(ImageCodingError) {
    let srgb = isSRGB ?? (image.channels >= 3 && image.bitDepth == 8)
    switch image.samples {
    case .eight(let s): try write(s, image.width, image.height, image.channels, content, srgb)
    case .sixteen(let s): try write(s, image.width, image.height, image.channels, content, srgb)
    }
  }

  public func write(_ plane: Plane<UInt8>, as content: Content) throws(ImageCodingError) {
    try write(plane.values, plane.width, plane.height, 1, content, false)
  }

  public func write(_ plane: Plane<UInt16>, as content: Content) throws(ImageCodingError) {
    try write(plane.values, plane.width, plane.height, 1, content, false)
  }

  /// Encodes an image of indices into a palette of one to 256 colours; every index is one of its.
  public func write(_ plane: Plane<UInt8>, palette: [(UInt8, UInt8, UInt8)]) throws(ImageCodingError) {
    precondition((1...256).contains(palette.count))
    try write(plane.values, plane.width, plane.height, 1, .ids, false, palette: palette)
  }

  /// Hands over the file that was written last; the bytes must not outlive `body`.
  public func withFile<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    var count = 0
    let bytes = diorama_png_writer_file(writer, &count)
    return try body(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  private func write<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ width: Int, _ height: Int, _ channels: Int, _ content: Content, _ srgb: Bool,
    palette: [(UInt8, UInt8, UInt8)] = []
  ) throws(ImageCodingError) {
    // PNG's sides are 31-bit; an array of that many samples is longer than any machine's memory unless one side is short.
    guard width < 1 << 31, height < 1 << 31 else { throw .tooLarge(width: width, height: height) }
    var header = diorama_png_header()
    header.width = UInt32(width)
    header.height = UInt32(height)
    header.bit_depth = UInt8(Sample.bitWidth)
    header.color_type =
      [
        UInt8(DIORAMA_PNG_GREY), UInt8(DIORAMA_PNG_GREY_ALPHA), UInt8(DIORAMA_PNG_RGB), UInt8(DIORAMA_PNG_RGBA),
      ][channels - 1]
    header.srgb = srgb ? 1 : 0
    if !palette.isEmpty {
      header.color_type = UInt8(DIORAMA_PNG_PALETTE)
      header.palette_count = UInt16(palette.count)
      withUnsafeMutableBytes(of: &header.palette) { bytes in
        for (i, c) in palette.enumerated() { (bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2]) = c }
      }
    }
    let step = channels * Sample.bitWidth / 8
    let rowBytes = width * step

    let status: Int32 = samples.withUnsafeBytes { raw in
      guard let start = raw.bindMemory(to: UInt8.self).baseAddress else { return 1 }
      if effort == .small { return diorama_png_writer_write_small(writer, &header, start, rowBytes) }
      let filter: PNGFilter = content == .ids ? .sub : .up
      let deflated =
        Sample.bitWidth == 16
        ? deflateSwapped(start, height: height, rowBytes: rowBytes, step: step, filter)
        : deflate(start, height: height, rowBytes: rowBytes, step: step, filter)
      return deflated != 0 ? deflated : diorama_png_writer_pack(writer, &header)
    }
    if status != 0 { throw .unwritable(String(cString: diorama_png_writer_message(writer))) }
  }

  private func deflate(
    _ pixels: UnsafePointer<UInt8>, height: Int, rowBytes: Int, step: Int, _ filter: PNGFilter
  ) -> Int32 {
    deflateBands(height: height, rowBytes: rowBytes) { y, out in
      let row = pixels + y * rowBytes
      filter.apply(row, above: y > 0 ? row - rowBytes : nil, count: rowBytes, step: step, to: out)
    }
  }

  private func deflateSwapped(
    _ pixels: UnsafePointer<UInt8>, height: Int, rowBytes: Int, step: Int, _ filter: PNGFilter
  ) -> Int32 {
    if swapped.count < 2 * rowBytes { swapped = [UInt8](repeating: 0, count: 2 * rowBytes) }
    return swapped.withUnsafeMutableBufferPointer { rows in
      guard let first = rows.baseAddress else { return 1 }
      return deflateBands(height: height, rowBytes: rowBytes) { y, out in
        // Even rows lie in the first half, odd rows in the second.
        let row = first + (y & 1) * rowBytes
        let above = first + (1 - y & 1) * rowBytes
        UnsafeRawPointer(pixels + y * rowBytes).withMemoryRebound(to: UInt16.self, capacity: rowBytes / 2) {
          copyBigEndian($0, count: rowBytes / 2, to: row)
        }
        filter.apply(row, above: y > 0 ? above : nil, count: rowBytes, step: step, to: out)
      }
    }
  }

  /// Fills bands of rows by `filterRow` and deflates each. The bands are a function of the image's size alone, and so
  /// are the bytes that come out.
  private func deflateBands(
    height: Int, rowBytes: Int, _ filterRow: (_ y: Int, _ out: UnsafeMutablePointer<UInt8>) -> Void
  ) -> Int32 {
    let stride = rowBytes + 1
    let rowsPerBand = min(max(PNGEncoder.bandBytes / stride, 1), height)
    if band.count < rowsPerBand * stride { band = [UInt8](repeating: 0, count: rowsPerBand * stride) }
    return band.withUnsafeMutableBufferPointer { band in
      guard let start = band.baseAddress else { return 1 }
      var y = 0
      while y < height {
        let rows = min(rowsPerBand, height - y)
        for r in 0..<rows { filterRow(y + r, start + r * stride) }
        let status = diorama_png_writer_deflate(
          writer, start, rows * stride, y == 0 ? 1 : 0, y + rows == height ? 1 : 0)
        if status != 0 { return status }
        y += rows
      }
      return 0
    }
  }
}
