// Parquet files (Apache Parquet, format version 2.x: parquet-format's README, Encodings.md, LogicalTypes.md, parquet.thrift).
//
// There is no Parquet library to be had: Debian's stable release has neither Arrow nor parquet-cpp, and Swift has none that
// writes nested columns. What an export needs is small: data pages of version 1, PLAIN values, levels as runs, one page a
// column and row group, no statistics, no dictionary and no compression. Nearly all of such a file are pictures, which are
// compressed already, and so the bytes depend on no library's version. pyarrow and `datasets` read it back in
// `make test-formats`.
//
// A row group is closed at 100 rows, the number that the Hub's viewer reads at a time, or at 32 MiB: memory holds one of them.

/// Writes rows into one file.
final class ParquetFile {
  private let output: OutputFile
  private let nodes: [ParquetNode]
  private let metadata: [(String, String)]
  private var columns: [ParquetColumn]
  private var position = 0
  private var rows = 0
  private var groups: [Group] = []

  private static let magic = Array("PAR1".utf8)
  private static let groupRows = 100
  private static let groupBytes = 32 << 20

  private struct Group {
    var rows: Int
    /// Where each column's page begins, the bytes from there on and the values in it.
    var chunks: [(offset: Int, bytes: Int, count: Int)]
    var bytes: Int { chunks.reduce(0) { $0 + $1.bytes } }
  }

  /// - Parameter metadata: keys and values of the file as a whole.
  init(_ output: OutputFile, _ nodes: [ParquetNode], metadata: [(String, String)] = []) throws(FileError) {
    (self.output, self.nodes, self.metadata) = (output, nodes, metadata)
    columns = [ParquetColumn](nodes)
    try write(ParquetFile.magic)
  }

  /// - Parameter row: a value for each column.
  func add(_ row: [ParquetValue]) throws(FileError) {
    columns.add(row, to: nodes)
    rows += 1
    if rows == ParquetFile.groupRows || columns.reduce(0, { $0 + $1.size }) >= ParquetFile.groupBytes {
      try closeGroup()
    }
  }

  func finish() throws(FileError) {
    try closeGroup()
    let footer = self.footer
    try write(footer)
    var end: [UInt8] = []
    end.appendLittleEndian(UInt64(footer.count), bytes: 4)
    try write(end + ParquetFile.magic)
    try output.commit(sync: false)
  }

  private func write(_ bytes: [UInt8]) throws(FileError) {
    try output.write(bytes)
    position += bytes.count
  }

  private func closeGroup() throws(FileError) {
    guard rows > 0 else { return }
    var group = Group(rows: rows, chunks: [])
    for i in columns.indices {
      let page = columns[i].page
      let start = position
      try write(ParquetFile.pageHeader(bytes: page.count, values: columns[i].count))
      try write(page)
      group.chunks.append((start, position - start, columns[i].count))
      columns[i].removeAll()
    }
    groups.append(group)
    rows = 0
  }

  // MARK: Thrift; the numbers are the fields' ids in parquet.thrift

  /// PageHeader of a data page of version 1.
  private static func pageHeader(bytes: Int, values: Int) -> [UInt8] {
    var t = ThriftCompact()
    t.i32(1, 0)  // DATA_PAGE
    t.i32(2, bytes)
    t.i32(3, bytes)
    t.structure(5) { t in
      t.i32(1, values)
      t.i32(2, 0)  // PLAIN
      t.i32(3, 3)  // definition levels: RLE
      t.i32(4, 3)  // repetition levels: RLE
    }
    t.end()
    return t.bytes
  }

  /// FileMetaData.
  private var footer: [UInt8] {
    var t = ThriftCompact()
    t.i32(1, 1)
    t.structures(2, schema) { element, t in
      if let type = element.type { t.i32(1, type.code) }
      if let repetition = element.repetition { t.i32(3, repetition) }
      t.text(4, element.name)
      if let children = element.children { t.i32(5, children) }
      if let converted = element.converted { t.i32(6, converted) }
    }
    t.i64(3, groups.reduce(0) { $0 + $1.rows })
    t.structures(4, groups) { group, t in
      t.structures(1, Array(zip(columns, group.chunks))) { chunk, t in
        let (column, place) = chunk
        t.i64(2, place.offset)
        t.structure(3) { t in
          t.i32(1, column.type.code)
          t.i32s(2, [0, 3])  // PLAIN, RLE
          t.texts(3, column.path)
          t.i32(4, 0)  // UNCOMPRESSED
          t.i64(5, place.count)
          t.i64(6, place.bytes)
          t.i64(7, place.bytes)
          t.i64(9, place.offset)
        }
      }
      t.i64(2, group.bytes)
      t.i64(3, group.rows)
    }
    t.structures(5, metadata) { pair, t in
      t.text(1, pair.0)
      t.text(2, pair.1)
    }
    t.text(6, "diorama")
    t.end()
    return t.bytes
  }

  /// SchemaElement.
  private struct Element {
    var name: String
    var type: ParquetType?
    /// 1 optional, 2 repeated; the root has none.
    var repetition: Int? = 1
    var children: Int?
    /// 0 UTF8, 3 LIST.
    var converted: Int?
  }

  /// The tree from its root, depth first. A list is a group called LIST, in it a repeated group, in that the element.
  private var schema: [Element] {
    var list = [Element(name: "schema", repetition: nil, children: nodes.count)]
    func add(_ node: ParquetNode) {
      switch node {
      case .leaf(let name, let type):
        var isText = false
        if case .text = type { isText = true }
        list.append(Element(name: name, type: type, converted: isText ? 0 : nil))
      case .group(let name, let children):
        list.append(Element(name: name, children: children.count))
        for c in children { add(c) }
      case .list(let name, let element):
        list.append(Element(name: name, children: 1, converted: 3))
        list.append(Element(name: "list", repetition: 2, children: 1))
        add(element)
      }
    }
    for n in nodes { add(n) }
    return list
  }
}
