// NumPy's array files, as far as label planes need them: version 1.0, little-endian 32-bit floats in row order, of shape
// (height, width) or (height, width, channels). Form: "A Simple File Format for NumPy Arrays" (NEP 1, Kern 2007).
//
// The head is padded with spaces so that the samples begin at a multiple of 64 bytes. `numpy.load` reads the files; the
// reader here takes what the writer here writes.

import Imaging

private let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

/// The file's bytes for `image`.
public func encodeNPY(_ image: FloatImage) -> [UInt8] {
  let shape =
    image.channels == 1 ? "(\(image.height), \(image.width))" : "(\(image.height), \(image.width), \(image.channels))"
  var head = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
  // Magic, version and the length of the head take ten bytes, its newline one.
  let used = 10 + head.utf8.count + 1
  head += String(repeating: " ", count: (64 - used % 64) % 64) + "\n"
  var bytes = magic
  bytes.reserveCapacity(10 + head.utf8.count + 4 * image.samples.count)
  bytes.append(UInt8(head.utf8.count & 0xff))
  bytes.append(UInt8(head.utf8.count >> 8))
  bytes.append(contentsOf: head.utf8)
  #if _endian(little)
    image.samples.withUnsafeBytes { bytes.append(contentsOf: $0) }
  #else
    for s in image.samples { withUnsafeBytes(of: s.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
  #endif
  return bytes
}

/// Reads what `encodeNPY` writes.
public func decodeNPY(_ bytes: [UInt8]) throws(ImageCodingError) -> FloatImage {
  guard bytes.count >= 10, bytes.starts(with: magic) else {
    throw .wrongFormat(found: describeStart(of: bytes), expected: "an NPY file of version 1.0")
  }
  let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
  guard bytes.count >= start else { throw .damaged("cut short in its head", format: .npy) }
  let head = String(decoding: bytes[10..<start], as: UTF8.self)
  guard head.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': ("), let open = head.firstIndex(of: "("),
    let close = head.firstIndex(of: ")")
  else { throw .damaged("another head than of 32-bit floats in row order", format: .npy) }
  let shape = head[head.index(after: open)..<close].split(separator: ",").map {
    Int($0.drop { $0 == " " }) ?? -1
  }
  guard shape.count == 2 || shape.count == 3, shape.allSatisfy({ $0 > 0 && $0 <= ImageLimits.side }),
    shape.count == 2 || shape[2] <= 4
  else { throw .damaged("no shape of (height, width) or (height, width, up to 4)", format: .npy) }
  let (height, width, channels) = (shape[0], shape[1], shape.count == 3 ? shape[2] : 1)
  guard width * height <= ImageLimits.pixels else { throw .tooLarge(width: width, height: height) }
  let count = width * height * channels
  guard bytes.count - start == 4 * count else {
    throw .damaged("\(bytes.count - start) bytes of samples, not \(4 * count)", format: .npy)
  }
  let samples = bytes.withUnsafeBytes { raw in
    (0..<count).map {
      Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self)))
    }
  }
  return FloatImage(width: width, height: height, channels: channels, samples: samples)
}
