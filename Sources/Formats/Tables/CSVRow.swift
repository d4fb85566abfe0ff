/// One row of a CSV file: RFC 4180, with a newline alone at its end, as pandas and others write it.
struct CSVRow {
  private(set) var bytes: [UInt8] = []
  private var isEmpty = true

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    isEmpty = true
  }

  mutating func add(_ text: String) {
    separate()
    let utf8 = Array(text.utf8)
    let isPlain = !utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
    guard !isPlain else {
      bytes += utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for b in utf8 {
      if b == UInt8(ascii: "\"") { bytes.append(b) }
      bytes.append(b)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func add(_ n: Int) {
    separate()
    bytes += "\(n)".utf8
  }

  /// Cells that are CSV already.
  mutating func add(cells: some Collection<UInt8>) {
    separate()
    bytes += cells
  }

  mutating func end() { bytes.append(0x0A) }

  static func line(_ cells: [String]) -> [UInt8] {
    var row = CSVRow()
    for c in cells { row.add(c) }
    row.end()
    return row.bytes
  }

  private mutating func separate() {
    if !isEmpty { bytes.append(UInt8(ascii: ",")) }
    isEmpty = false
  }
}
