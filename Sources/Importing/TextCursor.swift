// Walks over the bytes of a line-based text file without making strings.

struct TextCursor {
  private let start: UnsafePointer<UInt8>
  private let count: Int
  private(set) var position = 0
  /// Of `position`, from 1.
  private(set) var line = 1

  /// `bytes` must outlive the cursor.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return nil }
    self.start = start
    count = bytes.count
    if count >= 3, start[0] == 0xef, start[1] == 0xbb, start[2] == 0xbf { position = 3 }  // a byte order mark
  }

  /// Says which line the cursor stands on, where the bytes are the rest of a file.
  mutating func startLine(_ number: Int) { line = number }

  @inline(__always) private func byte(at i: Int) -> UInt8 { i < count ? start[i] : newline }

  var isAtEnd: Bool { position >= count }

  /// Moves over blanks, and over line ends that a backslash before them makes blank.
  @inline(__always) mutating func skipBlanks() {
    while position < count {
      let c = start[position]
      if c == space || c == tab {
        position += 1
      } else if c == backslash, let next = afterContinuation(position) {
        position = next
        line += 1
      } else {
        return
      }
    }
  }

  /// The position behind a backslash at `i` and the line end after it, if there is one.
  private func afterContinuation(_ i: Int) -> Int? {
    if byte(at: i + 1) == newline { return i + 2 }
    guard byte(at: i + 1) == carriageReturn else { return nil }
    return byte(at: i + 2) == newline && i + 2 < count ? i + 3 : i + 2
  }

  /// Whether nothing more stands on this line. A `#` ends it.
  @inline(__always) mutating func isAtLineEnd() -> Bool {
    skipBlanks()
    let c = byte(at: position)
    return c == newline || c == carriageReturn || c == hash
  }

  /// Moves to the start of the next line. Lines end with LF, CR LF or CR.
  @inline(__always) mutating func nextLine() {
    while position < count {
      let c = start[position]
      if c == newline || c == carriageReturn {
        position += c == carriageReturn && position + 1 < count && start[position + 1] == newline ? 2 : 1
        line += 1
        return
      }
      if c == backslash, let next = afterContinuation(position) {
        position = next
        line += 1
      } else {
        position += 1
      }
    }
    line += 1
  }

  /// The bytes up to the next blank or line end; empty at a line's end.
  @inline(__always) mutating func word() -> UnsafeBufferPointer<UInt8> {
    skipBlanks()
    let from = position
    while position < count {
      let c = start[position]
      if c <= space && (c == space || c == tab || c == newline || c == carriageReturn) { break }
      if c == backslash, afterContinuation(position) != nil { break }
      position += 1
    }
    return UnsafeBufferPointer(start: start + from, count: position - from)
  }

  /// The rest of the line without the blanks around it; for names, which may hold blanks and `#`.
  mutating func rest() -> String {
    skipBlanks()
    let from = position
    while position < count, start[position] != newline, start[position] != carriageReturn { position += 1 }
    var to = position
    while to > from, start[to - 1] == space || start[to - 1] == tab { to -= 1 }
    return String(decoding: UnsafeBufferPointer(start: start + from, count: to - from), as: UTF8.self)
  }
}

let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
let space = UInt8(ascii: " ")
let tab = UInt8(ascii: "\t")
let backslash = UInt8(ascii: "\\")
let hash = UInt8(ascii: "#")

/// A word of a file for an error message, in quotes and not too long.
func quoted(_ word: some Collection<UInt8>) -> String {
  let s = String(decoding: word.prefix(60), as: UTF8.self)
  return word.count <= 60 ? "\"\(s)\"" : "\"\(s)...\""
}
