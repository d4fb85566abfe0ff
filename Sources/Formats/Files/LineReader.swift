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
  private static let batchBytes = 1 << 18

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

  /// The next line, without its newline; nil after the last.
  package func nextLine() throws(FileError) -> [UInt8]? {
    do { return try next { (line) throws(Never) -> [UInt8] in Array(line) } } catch {
      switch error {
      case .file(let e): throw e
      }
    }
  }

  /// The next whole lines together, about a quarter of a megabyte of them; nil after the last. Not to be mixed with `next`.
  package func nextBlock() throws(FileError) -> (bytes: [UInt8], firstLine: Int)? {
    let first = lineNumber + 1
    // Most lines are shorter than this; a longer one has its block grow until it is whole.
    while !isAtEnd {
      try fill(LineReader.batchBytes)
      if buffer.count >= LineReader.batchBytes, LineReader.endOfLastLine(buffer) != nil { break }
    }
    guard !buffer.isEmpty else { return nil }
    let end = isAtEnd ? buffer.count : LineReader.endOfLastLine(buffer) ?? buffer.count
    var block: [UInt8] = Array(buffer[end...])
    swap(&block, &buffer)
    block.removeLast(block.count - end)
    lineNumber += LineReader.countNewlines(block)
    return (block, first)
  }

  /// The index behind the last newline.
  private static func endOfLastLine(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { $0.lastIndex(of: 0x0A).map { $0 + 1 } }
  }

  private static func countNewlines(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { b in
      var (count, at) = (0, 0)
      while at < b.count, let base = b.baseAddress, let hit = memchr(base + at, 0x0A, b.count - at) {
        count += 1
        at = UnsafeRawPointer(hit) - base + 1
      }
      return count
    }
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

  /// Reads up to `count` bytes more; at the end of the file none.
  private func fill(_ count: Int = LineReader.blockBytes) throws(FileError) {
    var status = 0
    let (old, fd) = (buffer, fd)
    buffer = [UInt8](unsafeUninitializedCapacity: old.count + count) { bytes, filled in
      _ = bytes.update(fromContentsOf: old)
      repeat {
        status = read(fd, bytes.baseAddress.map { $0 + old.count }, count)
      } while status < 0 && errno == EINTR
      filled = old.count + max(status, 0)
    }
    guard status >= 0 else { throw FileError(path, "read") }
    if status == 0 { isAtEnd = true }
  }
}

/// Either the file could not be read, or its content was not as it should be.
package enum LineReadingError<Content: Error>: Error {
  case file(FileError)
  case content(Content)
}
