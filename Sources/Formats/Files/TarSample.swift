// Tar archives as Diorama writes them: POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"), plain files only.
//
// The header is written here rather than by a library because every byte of it is part of the contract: equal frames give
// equal archives, on every machine and with every version of every library. It is one block of 512 bytes. Owner, group and
// time are 0 and the mode is 0644; an archive ends with two blocks of zeros and no padding beyond them.

/// The bytes of consecutive members of an archive, without its end.
package struct TarSample: Sendable {
  package static let blockBytes = 512
  /// What ends an archive.
  package static let end = [UInt8](repeating: 0, count: 2 * blockBytes)
  /// Eleven octal digits.
  package static let largestFile = 1 << 33 - 1
  /// A name that needs no prefix field.
  package static let longestName = 100

  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Adds one file. Its name is plain ASCII of at most 100 bytes and its size is below 8 GiB: a caller's own names and
  /// encoded images are.
  package mutating func add(_ name: String, _ content: some Collection<UInt8>) {
    bytes.append(contentsOf: TarSample.header(name, size: content.count))
    bytes.append(contentsOf: content)
    bytes.append(contentsOf: repeatElement(0, count: TarSample.padding(after: content.count)))
  }

  /// How many zeros follow a file of that size.
  package static func padding(after size: Int) -> Int { (blockBytes - size % blockBytes) % blockBytes }

  /// The block before a file.
  package static func header(_ name: String, size: Int) -> [UInt8] {
    let name = Array(name.utf8)
    precondition(name.count <= longestName && size <= largestFile, "a member that ustar cannot hold")
    var block = [UInt8](repeating: 0, count: blockBytes)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (i, b) in bytes.enumerated() { block[offset + i] = b }
    }
    put(name, at: 0)
    put("0000644".utf8, at: 100)  // mode
    put("0000000".utf8, at: 108)  // user
    put("0000000".utf8, at: 116)  // group
    put(octal(size, digits: 11), at: 124)
    put("00000000000".utf8, at: 136)  // time of change
    block[156] = UInt8(ascii: "0")  // a plain file
    put("ustar".utf8, at: 257)
    put("00".utf8, at: 263)  // version
    put("0000000".utf8, at: 329)  // device, of no meaning here
    put("0000000".utf8, at: 337)
    put(octal(checksum(block), digits: 6) + [0, 0x20], at: 148)
    return block
  }

  /// The sum of a header's bytes, its own field taken as spaces.
  static func checksum(_ block: some Collection<UInt8>) -> Int {
    var sum = 0
    for (i, b) in block.enumerated() { sum += (148..<156).contains(i) ? 0x20 : Int(b) }
    return sum
  }

  private static func octal(_ n: Int, digits: Int) -> [UInt8] {
    let s = Array(String(n, radix: 8).utf8)
    return [UInt8](repeating: 0x30, count: digits - s.count) + s
  }
}
