// PNG's row filters (PNG specification, third edition, section 9): a row is stored as differences, which deflate better.
// Each filtered row is led by the number of its filter. Differences are of bytes, modulo 256.

enum PNGFilter: UInt8, Sendable {
  /// The difference to the byte of the same channel one pixel to the left.
  case sub = 1
  /// The difference to the byte above.
  case up = 2

  /// Writes one filtered row of `count + 1` bytes to `out`.
  ///
  /// - Parameters:
  ///   - row: `count` bytes, 16-bit samples most significant byte first.
  ///   - above: the row before it; nil in the first, which counts as zeros above.
  ///   - step: bytes a pixel.
  func apply(
    _ row: UnsafePointer<UInt8>, above: UnsafePointer<UInt8>?, count: Int, step: Int,
    to out: UnsafeMutablePointer<UInt8>
  ) {
    precondition(count >= step && step >= 1)
    switch (self, above) {
    case (.up, nil):
      out[0] = rawValue
      out.advanced(by: 1).update(from: row, count: count)
    case (.sub, _):
      out[0] = rawValue
      out.advanced(by: 1).update(from: row, count: step)
      subtract(row, from: row + step, count: count - step, to: out + 1 + step)
    case (.up, .some(let above)):
      out[0] = rawValue
      subtract(above, from: row, count: count, to: out + 1)
    }
  }

  /// `out[i] = a[i] - b[i]` modulo 256, 32 bytes at a time; `out` overlaps neither.
  private func subtract(
    _ b: UnsafePointer<UInt8>, from a: UnsafePointer<UInt8>, count: Int, to out: UnsafeMutablePointer<UInt8>
  ) {
    let (rawA, rawB, rawOut) = (UnsafeRawPointer(a), UnsafeRawPointer(b), UnsafeMutableRawPointer(out))
    var i = 0
    while i + 32 <= count {
      let x = rawA.loadUnaligned(fromByteOffset: i, as: SIMD32<UInt8>.self)
      let y = rawB.loadUnaligned(fromByteOffset: i, as: SIMD32<UInt8>.self)
      rawOut.storeBytes(of: x &- y, toByteOffset: i, as: SIMD32<UInt8>.self)
      i += 32
    }
    while i < count {
      out[i] = a[i] &- b[i]
      i += 1
    }
  }
}

/// Copies `count` samples with their bytes in PNG's order, most significant first.
func copyBigEndian(_ samples: UnsafePointer<UInt16>, count: Int, to out: UnsafeMutablePointer<UInt8>) {
  let (raw, rawOut) = (UnsafeRawPointer(samples), UnsafeMutableRawPointer(out))
  var i = 0
  #if _endian(little)
    while i + 16 <= count {
      let x = raw.loadUnaligned(fromByteOffset: 2 * i, as: SIMD16<UInt16>.self)
      rawOut.storeBytes(of: (x &<< 8) | (x &>> 8), toByteOffset: 2 * i, as: SIMD16<UInt16>.self)
      i += 16
    }
  #endif
  while i < count {
    let x = raw.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
    rawOut.storeBytes(of: x.bigEndian, toByteOffset: 2 * i, as: UInt16.self)
    i += 1
  }
}
