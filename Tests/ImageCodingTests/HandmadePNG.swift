// Builds PNG files byte by byte, with its own checksums and stored deflate blocks, to test the reader against something
// that shares no code with it.

struct HandmadePNG {
  var width: Int
  var height: Int
  var bitDepth: Int
  var colorType: Int
  var interlaced = false
  /// Filtered rows: each a filter byte and its data.
  var rows: [[UInt8]]
  /// Chunks between IHDR and IDAT.
  var chunks: [(name: String, data: [UInt8])] = []

  var bytes: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    let header =
      bigEndian(UInt32(width)) + bigEndian(UInt32(height))
      + [UInt8(bitDepth), UInt8(colorType), 0, 0, interlaced ? 1 : 0]
    file += chunk("IHDR", header)
    for c in chunks { file += chunk(c.name, c.data) }
    file += chunk("IDAT", zlibStored(rows.flatMap { $0 }))
    return file + chunk("IEND", [])
  }

  func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
  }

  private func zlibStored(_ data: [UInt8]) -> [UInt8] {
    precondition(data.count < 65536)
    let n = UInt16(data.count)
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    let size = [UInt8(n & 255), UInt8(n >> 8), UInt8(~n & 255), UInt8(~n >> 8)]
    return [0x78, 0x01, 0x01] + size + data + bigEndian(b << 16 | a)
  }
}

func bigEndian(_ v: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(v >> $0 & 255) } }

func crc32(_ bytes: [UInt8]) -> UInt32 {
  var c: UInt32 = 0xffff_ffff
  for b in bytes {
    c ^= UInt32(b)
    for _ in 0..<8 { c = c & 1 == 1 ? 0xedb8_8320 ^ (c >> 1) : c >> 1 }
  }
  return ~c
}

/// A small generator of test data (Vigna, SplitMix64).
struct TestRandom {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}
