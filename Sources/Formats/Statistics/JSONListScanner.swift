// Lists of a JSON file that is larger than memory should be: {"images": [...], "annotations": [...], ...}. The members of its
// outermost object are gone through block by block, and the elements of those lists that are asked for are handed over one at a
// time, as bytes for a `JSONReader`. What nobody asks for is passed over by its brackets and quotes alone.

import Documents
import Glibc

final class JSONListScanner {
  let path: String
  private let fd: Int32
  private var block: [UInt8]
  /// The part of `block` that has been read and not yet looked at.
  private var rest = 0..<0
  private var line = 1
  /// Bytes of the line before `rest`.
  private var column = 0
  /// Of the last value, from 1.
  private var place = (line: 1, column: 1)
  private var value: [UInt8] = []

  private static let blockBytes = 1 << 20
  /// An element of a list; one annotation of real sets has some hundred kilobytes at most.
  static let largestElement = 64 << 20

  init(_ path: String) throws(FileError) {
    self.path = path
    fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw FileError(path, "open") }
    block = [UInt8](repeating: 0, count: JSONListScanner.blockBytes)
  }

  deinit { close(fd) }

  /// Goes through the file from its beginning.
  ///
  /// - Parameters:
  ///   - isWanted: whether a member's list is to be read; asked as members come.
  ///   - element: gets the member's name and a reader before the element. Its errors are those of the file's place.
  /// - Returns: the names of the members that were there, in order.
  func scan(
    isWanted: (String) -> Bool, element: (String, inout JSONReader) throws(JSONError) -> Void
  ) throws(FormatError) -> [String] {
    guard lseek(fd, 0, SEEK_SET) == 0 else { throw .file(FileError(path, "read")) }
    (rest, line, column) = (0..<0, 1, 0)
    // A byte order mark, which some editors leave.
    if try peek() == 0xEF { for b: UInt8 in [0xEF, 0xBB, 0xBF] { try take(b, "an object") } }
    try take(UInt8(ascii: "{"), "an object")
    var names: [String] = []
    guard try peek() != UInt8(ascii: "}") else { return names }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw try unexpected("a key in quotes") }
      try next(keeps: true)
      var name = ""
      try read { (r) throws(JSONError) in name = try r.string() }
      guard !names.contains(name) else {
        throw error(at: place, found: "a second \"\(name)\"", expected: "each key once")
      }
      names.append(name)
      try take(UInt8(ascii: ":"), "\":\"")
      if isWanted(name) { try list(name, element) } else { try next(keeps: false) }
      guard try peek() == UInt8(ascii: ",") else { break }
      try take(UInt8(ascii: ","), "\",\"")
    }
    try take(UInt8(ascii: "}"), "\",\" or \"}\"")
    guard try peek() == nil else { throw try unexpected("the end") }
    return names
  }

  private func list(
    _ name: String, _ element: (String, inout JSONReader) throws(JSONError) -> Void
  ) throws(FormatError) {
    try take(UInt8(ascii: "["), "a list of \(name)")
    guard try peek() != UInt8(ascii: "]") else { return try take(UInt8(ascii: "]"), "\"]\"") }
    while true {
      try next(keeps: true)
      try read { (r) throws(JSONError) in try element(name, &r) }
      guard try peek() == UInt8(ascii: ",") else { break }
      try take(UInt8(ascii: ","), "\",\"")
    }
    try take(UInt8(ascii: "]"), "\",\" or \"]\"")
  }

  /// Reads the last value whole.
  private func read(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(FormatError) {
    do throws(JSONError) {
      try value.withUnsafeBufferPointer { bytes throws(JSONError) in
        var r = JSONReader(bytes, firstLine: place.line)
        try body(&r)
        try r.end()
      }
    } catch {
      // The reader counts columns of its own first line from the value's beginning.
      let column = error.line == place.line ? error.column + place.column - 1 : error.column
      throw self.error(at: (error.line, column), found: error.found, expected: error.expected)
    }
  }

  private func error(at place: (line: Int, column: Int), found: String, expected: String) -> FormatError {
    .damaged(file: "\(path):\(place.line):\(place.column)", "found \(found), expected \(expected)")
  }

  // MARK: Bytes

  /// The next byte that is no white space; nil at the end.
  private func peek() throws(FormatError) -> UInt8? {
    while true {
      while let i = rest.first {
        let c = block[i]
        guard c == 0x20 || c == 0x0A || c == 0x0D || c == 0x09 else { return c }
        pass(c)
      }
      guard try fill() else { return nil }
    }
  }

  private func pass(_ c: UInt8) {
    rest = rest.lowerBound + 1..<rest.upperBound
    column += 1
    if c == 0x0A { (line, column) = (line + 1, 0) }
  }

  private func take(_ wanted: UInt8, _ expected: String) throws(FormatError) {
    guard try peek() == wanted else { throw try unexpected(expected) }
    pass(wanted)
  }

  private func unexpected(_ expected: String) throws(FormatError) -> FormatError {
    guard try peek() != nil else { return error(at: (line, column + 1), found: "the end", expected: expected) }
    let some = block[rest.prefix(20)].prefix { $0 >= 0x20 && $0 < 0x7F }
    let found = some.isEmpty ? "a byte that is no text" : "\"\(String(decoding: some, as: UTF8.self))\""
    return error(at: (line, column + 1), found: found, expected: expected)
  }

  private func fill() throws(FormatError) -> Bool {
    while true {
      let n = Glibc.read(fd, &block, block.count)
      if n < 0, errno == EINTR { continue }
      guard n >= 0 else { throw .file(FileError(path, "read")) }
      rest = 0..<n
      return n > 0
    }
  }

  /// Goes to the end of the next value, whose bytes are then in `value` if they are kept.
  private func next(keeps: Bool) throws(FormatError) {
    value.removeAll(keepingCapacity: true)
    guard let first = try peek() else { throw try unexpected("a value") }
    place = (line, column + 1)
    var end = ValueEnd(first: first)
    while true {
      let from = rest.lowerBound
      let isOver = block.withUnsafeBufferPointer { end.look(UnsafeBufferPointer(rebasing: $0[rest])) }
      if keeps { value += block[from..<from + end.taken] }
      if end.newlines > 0 { (line, column) = (line + end.newlines, end.afterNewline) } else { column += end.taken }
      rest = from + end.taken..<rest.upperBound
      if isOver { return }
      guard value.count <= JSONListScanner.largestElement else {
        throw error(at: place, found: "a value of more than 64 MiB", expected: "one annotation or image")
      }
      guard try fill() else {
        throw error(
          at: (line, column + 1), found: "the end",
          expected: "the end of the value that begins at \(place.line):\(place.column)")
      }
    }
  }
}

/// Where a JSON value ends, by brackets and quotes alone, over blocks of bytes.
private struct ValueEnd {
  private var depth = 0
  private var isInText = false
  private var isEscaped = false
  /// A number or a word, which ends before the byte that cannot belong to it.
  private let isBare: Bool
  /// Of the last block: bytes that belong to the value, newlines in them, bytes behind the last of those.
  private(set) var taken = 0
  private(set) var newlines = 0
  private(set) var afterNewline = 0

  init(first: UInt8) { isBare = !(first == 0x7B || first == 0x5B || first == 0x22) }

  /// - Returns: whether the value ends in this block.
  mutating func look(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var (depth, isInText, isEscaped, newlines, lastNewline) = (depth, isInText, isEscaped, 0, -1)
    var i = 0
    var isOver = false
    while i < bytes.count {
      let c = bytes[i]
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if c == UInt8(ascii: "\\") {
          isEscaped = true
        } else if c == UInt8(ascii: "\"") {
          isInText = false
          isOver = depth == 0
        }
      } else if isBare {
        if c == UInt8(ascii: ",") || c == UInt8(ascii: "]") || c == UInt8(ascii: "}") || c <= 0x20 {
          isOver = true
          break
        }
      } else {
        switch c {
        case UInt8(ascii: "\""): isInText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          isOver = depth == 0
        case 0x0A: (newlines, lastNewline) = (newlines + 1, i)
        default: break
        }
      }
      i += 1
      if isOver { break }
    }
    (self.depth, self.isInText, self.isEscaped) = (depth, isInText, isEscaped)
    (taken, self.newlines, afterNewline) = (i, newlines, i - lastNewline - 1)
    return isOver
  }
}
