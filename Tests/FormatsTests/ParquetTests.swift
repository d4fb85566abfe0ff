import Annotators
import Documents
import Imaging
import Stage
import Testing

@testable import Formats

/// Thrift's compact protocol, read: enough to look into a Parquet file without the code that wrote it.
private indirect enum Thrift {
  case number(Int)
  case text([UInt8])
  case list([Thrift])
  case fields([Int: Thrift])

  subscript(id: Int) -> Thrift? { if case .fields(let f) = self { f[id] } else { nil } }
  var number: Int { if case .number(let n) = self { n } else { -1 } }
  var items: [Thrift] { if case .list(let l) = self { l } else { [] } }
  var string: String { if case .text(let t) = self { String(decoding: t, as: UTF8.self) } else { "" } }

  struct Reader {
    let bytes: [UInt8]
    var at: Int

    mutating func varint() -> Int {
      var (n, shift) = (0, 0)
      while true {
        let b = Int(bytes[at])
        at += 1
        n |= (b & 127) << shift
        shift += 7
        if b < 128 { return n }
      }
    }

    mutating func value(_ kind: Int) throws -> Thrift {
      switch kind {
      case 5, 6:
        let n = varint()
        return .number(n >> 1 ^ -(n & 1))
      case 8:
        let n = varint()
        at += n
        return .text(Array(bytes[at - n..<at]))
      case 9:
        let head = Int(bytes[at])
        at += 1
        let count = head >> 4 == 15 ? varint() : head >> 4
        return .list(try (0..<count).map { _ in try value(head & 15) })
      case 12:
        var (fields, id): ([Int: Thrift], Int) = ([:], 0)
        while bytes[at] != 0 {
          let head = Int(bytes[at])
          at += 1
          id += try #require(head >> 4 > 0 ? head >> 4 : nil)
          fields[id] = try value(head & 15)
        }
        at += 1
        return .fields(fields)
      default: throw FormatError.refused("kind \(kind)")
      }
    }
  }
}

/// The columns of a file by their path: levels, and values as bytes.
private struct ParquetContent {
  struct Column {
    /// The definition level of a value that is there.
    var levels = 0
    var repetition: [Int] = []
    var definition: [Int] = []
    var values: [[UInt8]] = []
    var integers: [Int] { values.map { v in v.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) } } }
    var texts: [String] { values.map { String(decoding: $0, as: UTF8.self) } }

    /// The elements of each row's list, cut at the rows' beginnings.
    func lists<T>(_ values: [T]) -> [[T]] {
      var (rows, next): ([[T]], Int) = ([], 0)
      for (r, d) in zip(repetition, definition) {
        if r == 0 { rows.append([]) }
        guard d == levels else { continue }
        rows[rows.count - 1].append(values[next])
        next += 1
      }
      return rows
    }
  }
  var columns: [String: Column] = [:]
  var rows = 0
  var groups = 0
  var metadata: [String: String] = [:]

  init(_ bytes: [UInt8]) throws {
    let magic = Array("PAR1".utf8)
    #expect(Array(bytes.prefix(4)) == magic && Array(bytes.suffix(4)) == magic)
    func little(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    let length = little(bytes.count - 8)
    var reader = Thrift.Reader(bytes: bytes, at: bytes.count - 8 - length)
    let footer = try reader.value(12)
    #expect(reader.at == bytes.count - 8)
    rows = footer[3]?.number ?? -1
    for pair in footer[5]?.items ?? [] { metadata[pair[1]?.string ?? ""] = pair[2]?.string }
    groups = footer[4]?.items.count ?? 0
    var end = 4
    for group in footer[4]?.items ?? [] {
      for chunk in group[1]?.items ?? [] {
        let meta = try #require(chunk[3])
        let path = (meta[3]?.items ?? []).map(\.string)
        let depth = path.count { $0 == "list" }
        var column = columns[path.joined(separator: ".")] ?? Column()
        reader.at = try #require(meta[9]?.number)
        #expect(reader.at == end, "pages lie one after the other")
        let header = try reader.value(12)
        let (start, size) = (reader.at, header[3]?.number ?? 0)
        end = start + size
        #expect(meta[7]?.number == end - (meta[9]?.number ?? 0) && meta[5]?.number == header[5]?[1]?.number)
        var levels: [[Int]] = []
        for _ in 0..<(depth > 0 ? 2 : 1) {
          var list: [Int] = []
          let stop = reader.at + 4 + little(reader.at)
          reader.at += 4
          while reader.at < stop {
            let run = reader.varint()
            #expect(run & 1 == 0, "a run, not bit packing")
            list += repeatElement(Int(bytes[reader.at]), count: run >> 1)
            reader.at += 1
          }
          levels.append(list)
        }
        let count = header[5]?[1]?.number ?? -1
        #expect(levels.allSatisfy { $0.count == count })
        column.levels = path.count
        let present = levels[levels.count - 1].count { $0 == path.count }
        for _ in 0..<present {
          let n = meta[1]?.number == 6 ? little(reader.at) : 8
          reader.at += (meta[1]?.number == 6 ? 4 : 0) + n
          column.values.append(Array(bytes[reader.at - n..<reader.at]))
        }
        #expect(reader.at == end)
        column.repetition += depth > 0 ? levels[0] : levels[0].map { _ in 0 }
        column.definition += levels[levels.count - 1]
        columns[path.joined(separator: ".")] = column
      }
    }
  }
}

@Suite struct ParquetTests {
  /// The levels of nested lists, by hand after Dremel's rules.
  @Test func levelsAreDremels() throws {
    let nodes: [ParquetNode] = [.list("a", .list("element", .leaf("element", .int64)))]
    func n(_ x: Int...) -> ParquetValue { .list(x.map { .integer($0) }) }
    let folder = try TestFolder()
    let file = try ParquetFile(try OutputFile(folder.path + "/x"), nodes)
    for row: ParquetValue in [.list([n(1, 2), n(3)]), .list([]), .list([n(), n(4)])] { try file.add([row]) }
    try file.finish()
    let c = try #require(
      try ParquetContent(try FileSystem.read(folder.path + "/x")).columns["a.list.element.list.element"])
    #expect(c.repetition == [0, 2, 1, 0, 0, 1] && c.definition == [5, 5, 5, 1, 3, 5] && c.integers == [1, 2, 3, 4])
  }

  @Test func rowGroupsAreClosed() throws {
    let folder = try TestFolder()
    let file = try ParquetFile(
      try OutputFile(folder.path + "/x"), [.leaf("a", .int64), .leaf("b", .double)], metadata: [("k", "v")])
    for i in 0..<250 { try file.add([.integer(i - 100), .double(0.5)]) }
    try file.finish()
    let read = try ParquetContent(try FileSystem.read(folder.path + "/x"))
    #expect(read.rows == 250 && read.groups == 3 && read.metadata == ["k": "v"])
    #expect(read.columns["a"]?.integers == Array(-100..<150))
    #expect(read.columns["b"]?.integers.allSatisfy { $0 == Int(0.5.bitPattern) } == true)
  }

  @Test(arguments: [256 << 20, 3000]) func filesHoldTheRecords(shardBytes: Int) throws {
    var options = ExportOptions()
    options.shardBytes = shardBytes
    try checkFormat(HubParquetFormat.self, try hubSet(), options: options) { x in
      for (split, records) in x.frames {
        let names = x.files.keys.filter { $0.hasPrefix("data/\(split)-") }.sorted()
        #expect(names.last?.hasSuffix("-of-0000\(names.count).parquet") == true || names.count > 9)
        if x.report.frames > 20 { #expect((names.count > 1) == (shardBytes < 4000)) }
        var rest = records[...]
        for name in names {
          let read = try ParquetContent(try #require(x.files[name]))
          let here = rest.prefix(read.rows)
          rest = rest.dropFirst(read.rows)
          if !here.isEmpty { try expect(read, Array(here), x) }
          let features = try jsonTree(read.metadata["huggingface"] ?? "")["info"]?["features"]
          #expect(features?["image"]?["_type"]?.text == "Image" && features?["depth"]?["_type"]?.text == "Image")
          #expect(features?["objects"]?["category"]?["feature"]?["names"]?.texts == testDataset.categories.map(\.name))
        }
        #expect(rest.isEmpty)
      }
      #expect(!x.files.keys.contains { $0.hasPrefix("data/.") })
    }
  }

  private func expect(_ read: ParquetContent, _ records: [FrameRecord], _ x: CheckedExport) throws {
    func column(_ name: String) throws -> ParquetContent.Column { try #require(read.columns[name], "no \(name)") }
    #expect(try column("image_id").integers == records.map(\.frame))
    #expect(try column("image.path").texts == records.map { sixDigits($0.frame) + ".png" })
    for (k, plane) in ["image.bytes", "depth.bytes", "semantic.bytes"].enumerated() {
      #expect(
        try column(plane).values == records.map { try FileSystem.read("\(x.set.folder.path)/\($0.planes[k].file)") })
    }
    let seen = records.map { $0.instances.filter { $0.box != nil } }
    func list(_ name: String) throws -> [[Int]] {
      let c = try column("objects.\(name).list.element")
      return c.lists(c.integers)
    }
    #expect(try list("id") == seen.map { $0.map { Int($0.id) } })
    #expect(try list("category") == seen.map { $0.map { $0.category - 1 } })
    #expect(try list("area") == seen.map { $0.map(\.visiblePixels) })
    let masks = try column("objects.segmentation.list.element")
    #expect(masks.lists(masks.texts) == seen.map { $0.map { String(decoding: $0.mask.bytes, as: UTF8.self) } })
    let boxes = try column("objects.bbox.list.element.list.element")
    #expect(
      boxes.lists(boxes.integers)
        == seen.map { $0.compactMap(\.box).flatMap { [$0.x, $0.y, $0.width, $0.height] } })
  }
}
