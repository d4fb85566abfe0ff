// Where the members of an archive lie. Only archives as `TarSample` describes them are read: anything else in a dataset is
// damage, and is said to be.

import Glibc

package struct TarIndex: Sendable {
  package struct Member: Sendable, Equatable {
    package var name: String
    /// Of its first byte in the archive.
    package var offset: Int
    /// In bytes.
    package var size: Int
    /// Of the header before it and of all up to the next one.
    package var blocks: Range<Int> {
      offset - TarSample.blockBytes..<offset + size + TarSample.padding(after: size)
    }
  }

  package let path: String
  /// In the archive's order; names are unique.
  package let members: [Member]
  private let places: [String: Int]

  package subscript(name: String) -> Member? { places[name].map { members[$0] } }

  /// The archive and the member that a path such as `shards/000000.tar/000012.png` speaks of; nil for other paths.
  package static func member(_ path: String) -> (archive: String, name: String)? {
    guard let slash = path.lastIndex(of: "/"), path[..<slash].hasSuffix(".tar") else { return nil }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  /// The member's index in `members`.
  package func place(_ name: String) -> Int? { places[name] }

  /// Reads the headers, a block each; the files between them are passed over.
  package init(_ path: String) throws(TarError) {
    self.path = path
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw .file(FileError(path, "open")) }
    defer { close(fd) }
    var s = stat()
    guard fstat(fd, &s) == 0 else { throw .file(FileError(path, "read")) }
    let total = Int(s.st_size)
    var members: [Member] = []
    var places: [String: Int] = [:]
    var at = 0
    var block = [UInt8](repeating: 0, count: TarSample.blockBytes)
    func read(at offset: Int) throws(TarError) {
      while true {
        let n = pread(fd, &block, block.count, off_t(offset))
        if n < 0, errno == EINTR { continue }
        guard n >= 0 else { throw .file(FileError(path, "read")) }
        guard n == block.count else {
          throw .damaged(path, "found its end at byte \(offset + n), expected a block of 512 bytes")
        }
        return
      }
    }
    while true {
      try read(at: at)
      guard block.contains(where: { $0 != 0 }) else { break }
      guard let member = TarIndex.member(block, at: at) else {
        throw .damaged(path, "byte \(at): found no header of a plain file, expected one or the archive's end")
      }
      guard member.blocks.upperBound <= total - TarSample.end.count else {
        throw .damaged(path, "\(member.name): found \(total) bytes in all, expected more than it has")
      }
      guard places.updateValue(members.count, forKey: member.name) == nil else {
        throw .damaged(path, "byte \(at): found \(member.name) a second time")
      }
      members.append(member)
      at = member.blocks.upperBound
    }
    guard total == at + TarSample.end.count else {
      throw .damaged(path, "found \(total) bytes, expected \(at + TarSample.end.count)")
    }
    try read(at: at + TarSample.blockBytes)
    guard !block.contains(where: { $0 != 0 }) else { throw .damaged(path, "found more behind its end") }
    self.members = members
    self.places = places
  }

  /// What a header says; nil where it is not one of ours, to the byte.
  private static func member(_ block: [UInt8], at start: Int) -> Member? {
    let name = block.prefix(TarSample.longestName).prefix { $0 != 0 }
    let digits = block[124..<135]
    guard !name.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    let size = digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    let text = String(decoding: name, as: UTF8.self)
    guard text.utf8.elementsEqual(name), TarSample.header(text, size: size) == block else { return nil }
    return Member(name: text, offset: start + TarSample.blockBytes, size: size)
  }
}

/// Why an archive cannot be read.
package enum TarError: Error, Equatable, Sendable {
  case file(FileError)
  case damaged(String, String)
}
