import Glibc

/// Reads a file line by line in memory bounded by its longest line.
package final class LineReader {
  package let path: String
  /// Number of the line that `next` gave last, from 1.
  package private(set) var lineNumber = 0
  private let fd: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  private static let blockBytes = 1 << 18
  private static let batchBytes = 1 << 20

  package init(_ path: String) throws(FileError) {
    self.path = path
    fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw FileError(path, "open") }
  }

  deinit { close(fd) }

  /// Hands the next line to `body`, without its newline; nil after the last. A last line without a newline counts.
  package func next<R, E: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
  ) throws(LineReadingError<E>) -> R? {
    var scanned = start
    while true {
      let found = buffer.withUnsafeBytes { bytes -> Int? in
        guard scanned < bytes.count, let base = bytes.baseAddress,
          let hit = memchr(base + scanned, 0x0A, bytes.count - scanned)
        else { return nil }
        return UnsafeRawPointer(hit) - base
      }
      if let end = found {
        // The line counts as read even where `body` throws: the next call goes on after it.
        defer { start = end + 1 }
        return try give(end, body)
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return try give(buffer.count, body)
      }
      buffer.removeSubrange(..<start)
      start = 0
      scanned = buffer.count
      do { try fill() } catch { throw .file(error) }
    }
  }

  /// The next whole lines together, about a megabyte of them; nil after the last. Not to be mixed with `next`.
  package func nextBlock() throws(FileError) -> (bytes: [UInt8], firstLine: Int)? {
    let first = lineNumber + 1
    while !isAtEnd, buffer.count < LineReader.batchBytes || buffer.lastIndex(of: 0x0A) == nil { try fill() }
    guard !buffer.isEmpty else { return nil }
    let end = isAtEnd ? buffer.count : (buffer.lastIndex(of: 0x0A) ?? buffer.count - 1) + 1
    let block = Array(buffer[..<end])
    buffer.removeSubrange(..<end)
    lineNumber += block.count { $0 == 0x0A }
    return (block, first)
  }

  /// How many lines a file has, each ended by a newline.
  package static func countLines(of path: String) throws(FileError) -> Int {
    let reader = try LineReader(path)
    while let block = try reader.nextBlock(), !block.bytes.isEmpty {}
    return reader.lineNumber
  }

  private func give<R, E: Error>(
    _ end: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
  ) throws(LineReadingError<E>) -> R {
    lineNumber += 1
    do {
      return try buffer.withUnsafeBufferPointer { bytes throws(E) in
        try body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
      }
    } catch { throw .content(error) }
  }

  private func fill() throws(FileError) {
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: LineReader.blockBytes))
    while true {
      let n = buffer.withUnsafeMutableBytes { read(fd, $0.baseAddress.map { $0 + old }, LineReader.blockBytes) }
      if n < 0, errno == EINTR { continue }
      guard n >= 0 else { throw FileError(path, "read") }
      buffer.removeLast(LineReader.blockBytes - n)
      if n == 0 { isAtEnd = true }
      return
    }
  }
}

/// Either the file could not be read, or its content was not as it should be.
package enum LineReadingError<Content: Error>: Error {
  case file(FileError)
  case content(Content)
}
