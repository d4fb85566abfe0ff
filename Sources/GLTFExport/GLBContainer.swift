// The binary form of a glTF file: a header of 12 bytes, then the JSON and the buffer, each padded to four bytes (glTF 2.0
// specification, section 4.4).

import Documents

enum GLBContainer {
  static func bytes(json: Node, binary: [UInt8]) throws(GLTFExportError) -> [UInt8] {
    var text = Array(json.json.utf8)
    while text.count % 4 != 0 { text.append(0x20) }
    let padding = (4 - binary.count % 4) % 4
    let total = 12 + 8 + text.count + (binary.isEmpty ? 0 : 8 + binary.count + padding)
    guard let length = UInt32(exactly: total) else {
      throw GLTFExportError(
        description: "found \(total) bytes, expected fewer than 4 GiB, which is what a GLB file holds")
    }
    var file: [UInt8] = []
    file.reserveCapacity(total)
    func append(_ word: UInt32) {
      for shift in [0, 8, 16, 24] { file.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
    }
    file += Array("glTF".utf8)
    append(2)
    append(length)
    append(UInt32(text.count))
    file += Array("JSON".utf8)
    file += text
    if !binary.isEmpty {
      append(UInt32(binary.count + padding))
      file += Array("BIN\0".utf8)
      file += binary
      file += Array(repeating: 0, count: padding)
    }
    return file
  }
}
