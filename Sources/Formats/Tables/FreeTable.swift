// A CSV file whose columns are known only at its end: what scenes name freely, parameters and attributes.

import Annotators
import Documents
import Stage

/// Rows go to a temporary file as JSON; `finish` reads them back and writes the table, when all its columns are known. So
/// memory holds the columns' names and no rows.
final class FreeTable {
  private let export: FormatExport
  private let name: String
  private let rows: OutputFile
  private let header: [String]
  private let prefix: String
  private var columns: Set<String> = []

  /// - Parameters:
  ///   - header: the columns that every row has.
  ///   - prefix: before the names of the others.
  init(_ export: FormatExport, _ name: String, header: [String], prefix: String) throws(FormatError) {
    (self.export, self.name, self.header, self.prefix) = (export, name, header, prefix)
    rows = try export.stream(".\(name)-rows")
  }

  func add(_ cells: CSVRow, _ values: [NamedValue]) throws(FormatError) {
    var w = JSONWriter()
    w.beginArray()
    cells.bytes.withUnsafeBufferPointer { w.string($0) }
    w.beginObject()
    for v in values {
      columns.insert(v.name)
      w.key(text: v.name)
      w.string(v.value.cell)
    }
    w.endObject()
    w.endArray()
    w.newline()
    try FormatError.files { () throws(FileError) in try rows.write(w.bytes) }
  }

  func finish() throws(FormatError) {
    let file = try export.stream(name)
    let names = columns.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    try FormatError.files { () throws(FileError) in
      try rows.commit(sync: false)
      try file.write(CSVRow.line(header + names.map { prefix + $0 }))
      let reader = try LineReader(rows.path)
      var row = CSVRow()
      while let line = try reader.nextLine() {
        var values = [String](repeating: "", count: names.count)
        row.removeAll()
        do throws(JSONError) {
          try line.withUnsafeBufferPointer { bytes throws(JSONError) in
            var r = JSONReader(bytes)
            try r.beginArray()
            _ = try r.nextElement()
            row.add(cells: try r.stringBytes())
            _ = try r.nextElement()
            try r.beginObject()
            while let key = try r.nextKey() {
              let value = try r.string()
              if let i = place[key.name] { values[i] = value }
            }
          }
        } catch { preconditionFailure("a row that was just written: \(error)") }
        for v in values { row.add(v) }
        row.end()
        try file.write(row.bytes)
      }
      try file.commit(sync: false)
    }
    FileSystem.remove(rows.path)
  }
}

extension LabelValue {
  /// In a cell of a table: a list as JSON.
  fileprivate var cell: String {
    var w = JSONWriter()
    switch self {
    case .text(let s): return s
    case .boolean(let b): return b ? "true" : "false"
    case .number(let x): w.number(x)
    case .numbers(let list):
      w.beginArray()
      for x in list { w.number(x) }
      w.endArray()
    }
    return String(decoding: w.bytes, as: UTF8.self)
  }
}
