// Radiance pictures (Ward 1991, "Real Pixels", Graphics Gems II; the file format in Radiance's filefmts.pdf).
//
// - A pixel is three mantissas and a common exponent: channel = m * 2^(e - 136), and black where e is 0. Half a step is
//   not added, so that 1 reads back as 1.
// - Rows may be flat, in the old run-length code (a pixel 1 1 1 n repeats the one before n times, and more where several
//   follow each other), or in the new one (each component by itself), and a file may mix them.
// - EXPOSURE lines say by what the values were multiplied; they are divided by it, so that radiance comes out. COLORCORR
//   likewise by channel. The primaries are taken for BT.709's; a picture in XYZE is refused.
// - All eight ways to order rows and columns are read; the plane's first row is the upper one.

import Imaging

/// Reads a Radiance .hdr picture: linear RGB radiance, finite and of 0 or more, row by row from the top left.
public func decodeHDR(_ bytes: [UInt8]) throws(ImageCodingError) -> Plane<SIMD3<Float>> {
  guard isHDR(bytes) else {
    throw .wrongFormat(found: describeStart(of: bytes), expected: "a Radiance HDR file")
  }
  var reader = HDRReader(bytes: bytes)
  return try reader.read()
}

/// The largest environment that is read: 16 bytes a pixel, one gibibyte in all.
enum HDRLimits {
  static let pixels = 1 << 26
}

private struct HDRReader {
  let bytes: [UInt8]
  var position = 0
  /// What the stored values were multiplied by.
  var multiplier = SIMD3<Double>(repeating: 1)

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read() throws(ImageCodingError) -> Plane<SIMD3<Float>> {
    try readHeader()
    let shape = try readShape()
    let (count, length) = shape.isColumnMajor ? (shape.width, shape.height) : (shape.height, shape.width)
    // A scanline takes four bytes at least: a file too short for its rows is found out before memory is taken.
    guard count * 4 <= bytes.count - position else {
      throw .damaged("\(bytes.count - position) bytes cannot hold \(shape.width)x\(shape.height) pixels", format: .hdr)
    }
    let scale = SIMD3<Double>(repeating: 1) / multiplier
    var plane = Plane(width: shape.width, height: shape.height, repeating: SIMD3<Float>(repeating: 0))
    var line = [SIMD4<UInt8>](repeating: SIMD4(repeating: 0), count: length)
    for i in 0..<count {
      try readLine(&line)
      for k in 0..<length {
        let (column, row) = shape.isColumnMajor ? (i, k) : (k, i)
        let x = shape.isLeftward ? shape.width - 1 - column : column
        let y = shape.isUpward ? shape.height - 1 - row : row
        let value = HDRReader.radiance(line[k], scale)
        guard value.x.isFinite, value.y.isFinite, value.z.isFinite else {
          throw .damaged("pixel (\(x), \(y)) is beyond the range of floats", format: .hdr)
        }
        plane[x, y] = value
      }
    }
    return plane
  }

  private static func radiance(_ p: SIMD4<UInt8>, _ scale: SIMD3<Double>) -> SIMD3<Float> {
    guard p.w > 0 else { return SIMD3(repeating: 0) }
    let step = Double(sign: .plus, exponent: Int(p.w) - 136, significand: 1)
    return SIMD3<Float>(SIMD3(Double(p.x), Double(p.y), Double(p.z)) * step * scale)
  }

  // MARK: Header

  /// The text up to the next newline, which is passed over; nil at the end and where a line is too long to be one.
  private mutating func textLine() -> String? {
    let limit = min(bytes.count, position + 4096)
    guard let end = bytes[position..<limit].firstIndex(of: 10) else { return nil }
    var text = bytes[position..<end]
    if text.last == 13 { text = text.dropLast() }
    position = end + 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func readHeader() throws(ImageCodingError) {
    _ = textLine()
    while let line = textLine() {
      if line.isEmpty { return }
      guard let equals = line.firstIndex(of: "=") else { continue }
      let value = line[line.index(after: equals)...].split(separator: " ").map(String.init)
      switch line[..<equals] {
      case "FORMAT":
        guard value == ["32-bit_rle_rgbe"] else {
          throw .wrongFormat(
            found: "a Radiance HDR file in the format \"\(value.joined(separator: " ").prefix(40))\"",
            expected: "the format 32-bit_rle_rgbe")
        }
      case "EXPOSURE": multiplier *= SIMD3(repeating: try factors(value, 1, "EXPOSURE")[0])
      case "COLORCORR":
        let f = try factors(value, 3, "COLORCORR")
        multiplier *= SIMD3(f[0], f[1], f[2])
      default: break
      }
    }
    throw .damaged("its header does not end", format: .hdr)
  }

  private func factors(_ words: [String], _ count: Int, _ what: String) throws(ImageCodingError) -> [Double] {
    let values = words.compactMap { Double($0) }.filter { $0.isFinite && $0 > 0 }
    guard values.count == count, words.count == count else {
      throw .damaged("\(what) is not \(count == 1 ? "a number" : "\(count) numbers") above 0", format: .hdr)
    }
    return values
  }

  private struct Shape {
    var width: Int
    var height: Int
    /// Whether a scanline is a column.
    var isColumnMajor: Bool
    /// Whether rows come from the bottom up, and columns from the right to the left.
    var isUpward: Bool
    var isLeftward: Bool
  }

  private mutating func readShape() throws(ImageCodingError) -> Shape {
    let line = textLine() ?? ""
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 4, let a = Int(words[1]), let b = Int(words[3]), a > 0, b > 0, a < 1 << 31, b < 1 << 31 else {
      throw .damaged("found \"\(line.prefix(40))\" for its size, expected -Y height +X width", format: .hdr)
    }
    let shape: Shape
    switch (words[0], words[2]) {
    case ("-Y", "+X"), ("-Y", "-X"), ("+Y", "+X"), ("+Y", "-X"):
      shape = Shape(
        width: b, height: a, isColumnMajor: false, isUpward: words[0] == "+Y", isLeftward: words[2] == "-X")
    case ("+X", "-Y"), ("-X", "-Y"), ("+X", "+Y"), ("-X", "+Y"):
      shape = Shape(width: a, height: b, isColumnMajor: true, isUpward: words[2] == "+Y", isLeftward: words[0] == "-X")
    default: throw .damaged("found \"\(line.prefix(40))\" for its size, expected -Y height +X width", format: .hdr)
    }
    guard max(a, b) <= ImageLimits.side, a * b <= HDRLimits.pixels else {
      throw .tooLarge(width: shape.width, height: shape.height)
    }
    return shape
  }

  // MARK: Scanlines

  private mutating func readLine(_ line: inout [SIMD4<UInt8>]) throws(ImageCodingError) {
    let first = try pixel()
    // Two bytes 2 and a length below 2^15 begin a line in the new code; a true pixel does not look so, for one of its
    // mantissas is 128 or more.
    if first.x == 2, first.y == 2, first.z < 128, line.count >= 8, line.count < 1 << 15 {
      guard Int(first.z) << 8 | Int(first.w) == line.count else {
        throw .damaged("a scanline of another length than the image's", format: .hdr)
      }
      return try readComponents(&line)
    }
    try readPixels(&line, first)
  }

  private mutating func pixel() throws(ImageCodingError) -> SIMD4<UInt8> {
    guard position + 4 <= bytes.count else { throw early }
    defer { position += 4 }
    return SIMD4(bytes[position], bytes[position + 1], bytes[position + 2], bytes[position + 3])
  }

  private var early: ImageCodingError { .damaged("the file ends early", format: .hdr) }

  /// Flat pixels and the old run-length code.
  private mutating func readPixels(_ line: inout [SIMD4<UInt8>], _ first: SIMD4<UInt8>) throws(ImageCodingError) {
    var next: SIMD4<UInt8>? = first
    var i = 0
    var shift = 0
    while i < line.count {
      let p: SIMD4<UInt8>
      if let n = next { p = n } else { p = try pixel() }
      next = nil
      guard p.x == 1, p.y == 1, p.z == 1 else {
        line[i] = p
        i += 1
        shift = 0
        continue
      }
      // Runs that follow each other are digits of one number, the lowest first.
      let run = shift < 32 ? Int(p.w) << shift : 0
      guard i > 0 || run == 0, shift < 32, run <= line.count - i else {
        throw .damaged("a run that leaves its scanline", format: .hdr)
      }
      for _ in 0..<run {
        line[i] = line[i - 1]
        i += 1
      }
      shift += 8
    }
  }

  /// The new run-length code: the four components one after the other, each in runs (128 + n, value) and dumps (n, n
  /// values).
  private mutating func readComponents(_ line: inout [SIMD4<UInt8>]) throws(ImageCodingError) {
    for c in 0..<4 {
      var i = 0
      while i < line.count {
        guard position + 1 < bytes.count else { throw early }
        let code = Int(bytes[position])
        position += 1
        let isRun = code > 128
        let n = isRun ? code - 128 : code
        guard n > 0, n <= line.count - i else { throw .damaged("a run that leaves its scanline", format: .hdr) }
        guard position + (isRun ? 1 : n) <= bytes.count else { throw early }
        for k in 0..<n { line[i + k][c] = bytes[position + (isRun ? 0 : k)] }
        position += isRun ? 1 : n
        i += n
      }
    }
  }
}
