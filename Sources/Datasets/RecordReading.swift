// Reading record files fast and in bounded memory: one thread reads blocks of whole lines, several parse them, and the
// records come out in their order on the caller's thread, which works on one block while the next ones are parsed.

import Annotators
import Dispatch
import Documents
import Formats
import Glibc
import Synchronization

/// Hands the records of a file to `body` in their order, with their line numbers, until it returns false.
///
/// - Parameter threads: how many parse at a time; with one, the caller does.
/// - Returns: whether `body` took them all.
func readRecords(
  _ path: String, threads: Int, _ body: (FrameRecord, Int) throws(DatasetError) -> Bool
) throws(DatasetError) -> Bool {
  let reader = try DatasetError.files { () throws(FileError) in try LineReader(path) }
  let queue = DispatchQueue(label: "diorama.records", attributes: .concurrent)
  // In the order of the file: being parsed, or parsed and not yet taken. One more than parse at a time, so that none of them
  // waits while a block is taken.
  var window: [ParsedBlock] = []
  defer { for block in window { block.wait() } }
  var isAtEnd = false
  while true {
    while !isAtEnd, window.count <= (threads > 1 ? threads : 0) {
      guard let (bytes, line) = try DatasetError.files({ () throws(FileError) in try reader.nextBlock() }) else {
        isAtEnd = true
        break
      }
      let block = ParsedBlock(bytes, firstLine: line)
      window.append(block)
      if threads > 1 { block.parse(on: queue) } else { block.parse() }
    }
    guard !window.isEmpty else { return true }
    let block = window.removeFirst()
    block.wait()
    for (i, record) in block.take().enumerated() {
      guard try body(record, block.firstLine + i) else { return false }
    }
    if let error = block.error { throw .damaged(file: path, "\(error)") }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The place of the next newline, or the end.
  fileprivate func endOfLine(from start: Int) -> Int {
    guard let base = baseAddress, let hit = memchr(base + start, 0x0A, count - start) else { return count }
    return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
  }
}

/// Lines of a record file and what they say.
private final class ParsedBlock: Sendable {
  let firstLine: Int
  private let bytes: [UInt8]
  private let parsing = DispatchGroup()
  private let parsed = Mutex<(records: [FrameRecord], error: JSONError?)>(([], nil))

  init(_ bytes: [UInt8], firstLine: Int) {
    self.bytes = bytes
    self.firstLine = firstLine
  }

  /// Begins to parse on a queue; `wait` waits for its end.
  func parse(on queue: DispatchQueue) { queue.async(group: parsing) { self.parse() } }

  func wait() { parsing.wait() }

  /// Reads the lines up to the first that is no record.
  func parse() {
    var records: [FrameRecord] = []
    var fault: JSONError?
    bytes.withUnsafeBufferPointer { b in
      var start = 0
      while start < b.count, fault == nil {
        let end = b.endOfLine(from: start)
        do throws(JSONError) {
          var r = JSONReader(UnsafeBufferPointer(rebasing: b[start..<end]), firstLine: firstLine + records.count)
          records.append(try FrameRecord(from: &r))
          try r.end()
        } catch { fault = error }
        start = end + 1
      }
    }
    parsed.withLock { $0 = (records, fault) }
  }

  /// Gives the records away.
  func take() -> [FrameRecord] {
    parsed.withLock { p in
      defer { p.records = [] }
      return p.records
    }
  }

  var error: JSONError? { parsed.withLock { $0.error } }
}
