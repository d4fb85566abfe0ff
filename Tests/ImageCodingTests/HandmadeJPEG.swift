// Builds baseline JPEG files bit by bit, blocks of one brightness each, to test the reader against something that shares
// no code with it.

struct HandmadeJPEG {
  var width: Int
  var height: Int
  /// For each component its sampling factors and, block by block in the order of the file, its level: a block of level n
  /// has samples 128 + n. From -127 to 127.
  var components: [(h: Int, v: Int, levels: [Int])]
  /// Segments before the frame header: marker and payload.
  var segments: [(marker: UInt8, payload: [UInt8])] = []
  /// The frame's marker: SOF0 baseline.
  var frame: UInt8 = 0xc0

  var bytes: [UInt8] {
    var file: [UInt8] = [0xff, 0xd8]
    for s in segments { file += segment(s.marker, s.payload) }
    // Steps of 8: a DC coefficient of n is a brightness of n, for DC is eight times the mean.
    file += segment(0xdb, [0] + [UInt8](repeating: 8, count: 64))
    let frameHeader = [8] + bigEndian16(height) + bigEndian16(width) + [UInt8(components.count)]
    file += segment(
      frame,
      frameHeader + components.indices.flatMap { [UInt8($0 + 1), UInt8(components[$0].h << 4 | components[$0].v), 0] })
    // DC: nine categories 0...8, all with codes of 4 bits. AC: only "end of block", with the code 0.
    file += segment(0xc4, [0x00, 0, 0, 0, 9] + [UInt8](repeating: 0, count: 12) + (0...8).map { UInt8($0) })
    file += segment(0xc4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
    file += segment(0xda, [UInt8(components.count)] + components.indices.flatMap { [UInt8($0 + 1), 0] } + [0, 63, 0])
    return file + scan + [0xff, 0xd9]
  }

  private var scan: [UInt8] {
    var bits: [UInt8] = []
    func put(_ value: Int, _ count: Int) {
      for i in (0..<count).reversed() { bits.append(UInt8(value >> i & 1)) }
    }
    var previous = [Int](repeating: 0, count: components.count)
    var next = previous
    while next[0] < components[0].levels.count {
      for c in components.indices {
        for _ in 0..<(components.count == 1 ? 1 : components[c].h * components[c].v) {
          let difference = components[c].levels[next[c]] - previous[c]
          previous[c] = components[c].levels[next[c]]
          next[c] += 1
          var category = 0
          while abs(difference) >> category != 0 { category += 1 }
          put(category, 4)
          put(difference > 0 ? difference : difference + (1 << category) - 1, category)
          put(0, 1)
        }
      }
    }
    while bits.count % 8 != 0 { bits.append(1) }
    var bytes: [UInt8] = []
    for i in stride(from: 0, to: bits.count, by: 8) {
      let byte = bits[i..<i + 8].reduce(0) { $0 << 1 | $1 }
      bytes += byte == 0xff ? [0xff, 0] : [byte]
    }
    return bytes
  }

  private func segment(_ marker: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0xff, marker] + bigEndian16(payload.count + 2) + payload
  }
}

func bigEndian16(_ v: Int) -> [UInt8] { [UInt8(v >> 8), UInt8(v & 255)] }
