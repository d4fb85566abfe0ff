import Annotators
import Documents
import Stage
import Testing

@testable import Formats

@Suite struct TableTests {
  /// Rows of a CSV file by the names of its columns; RFC 4180, by a reader of its own.
  static func rows(_ text: String) throws -> [[String: String]] {
    var (rows, row, cell): ([[String]], [String], String) = ([], [], "")
    var (isQuoted, wasQuote) = (false, false)
    for c in text.unicodeScalars {
      if isQuoted, !wasQuote {
        if c == "\"" { wasQuote = true } else { cell.unicodeScalars.append(c) }
        continue
      }
      if wasQuote {
        wasQuote = false
        if c == "\"" {
          cell.append("\"")
          continue
        }
        isQuoted = false
      }
      switch c {
      case "\"": isQuoted = true
      case ",", "\n":
        row.append(cell)
        cell = ""
        if c == "\n" {
          rows.append(row)
          row = []
        }
      default: cell.unicodeScalars.append(c)
      }
    }
    let header = try #require(rows.first)
    #expect(cell.isEmpty && Set(header).count == header.count && rows.allSatisfy { $0.count == header.count })
    return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  @Test func labelTablesHoldTheRecords() throws {
    try checkFormat(LabelTableFormat.self, try hubSet()) { x in
      for (split, records) in x.frames {
        let images = try Self.rows(try x.text("images_\(split).csv"))
        #expect(images.map { $0["image_id"] } == records.map { "\($0.frame)" })
        for (row, r) in zip(images, records) {
          let seen = r.instances.filter { $0.box != nil }
          #expect(row["file_name"].map { x.files[$0] != nil } == true && row["objects"] == "\(seen.count)")
          for c in testDataset.categories { #expect(row["count:" + c.name] == "\(seen.count { $0.category == c.id })") }
          #expect(row["parameter:sun, \"low\""] == "0.25")
          // Every column of the split is there, empty where the frame has no such parameter.
          let even = r.frame % 2 == 0
          #expect(
            row["parameter:even"] ?? "" == (even ? "true" : "") && row["parameter:odd"] ?? "" == (even ? "" : "true"))
        }
        let objects = try Self.rows(try x.text("objects_\(split).csv"))
        let truth = records.flatMap { r in r.instances.filter { $0.box != nil }.map { (r, $0) } }
        #expect(objects.count == truth.count)
        for (row, (r, i)) in zip(objects, truth) {
          let b = try #require(i.box)
          #expect(
            [row["image_id"], row["id"], row["category_id"]] == [r.frame, Int(i.id), i.category].map { "\($0)" })
          #expect([row["x"], row["y"], row["width"], row["height"]] == [b.x, b.y, b.width, b.height].map { "\($0)" })
          #expect(row["category"] == testDataset.categories[i.category - 1].name && row["visibility"] == "0.5")
          #expect(row["attribute:colour"] == "red\n\"dark\"" && row["attribute:at"] == "[1,2.5]")
        }
      }
      #expect(!x.files.keys.contains { $0.hasPrefix(".") }, "no temporary file is left")
    }
  }

  @Test func croissantTablesHoldTheRecords() throws {
    try checkFormat(CroissantFormat.self, try hubSet()) { x in
      let images = try Self.rows(try x.text("images.csv"))
      let objects = try Self.rows(try x.text("objects.csv"))
      let records = x.frames.flatMap { s, list in list.map { (s, $0) } }.sorted { $0.1.frame < $1.1.frame }
      #expect(images.map { $0["split"] } == records.map(\.0))
      for (row, (_, r)) in zip(images, records) {
        #expect(row["image_id"] == "\(r.frame)" && row["width"] == "\(r.width)")
        let file = try #require(x.files["images/" + (row["file_name"] ?? "")])
        #expect(row["sha256"] == SHA256.hexadecimal(of: file))
      }
      let truth = records.flatMap { _, r in r.instances.filter { $0.box != nil }.map { (r, $0) } }
      #expect(objects.map { $0["id"] } == truth.map { "\($0.0.frame * 65536 + Int($0.1.id))" })
      #expect(objects.map { $0["segmentation"] } == truth.map { String(decoding: $0.1.mask.bytes, as: UTF8.self) })
      #expect(objects.map { $0["area"] } == truth.map { "\($0.1.visiblePixels)" })
      let json = try jsonTree(try x.text("croissant.json"))
      #expect(json["conformsTo"]?.text == "http://mlcommons.org/croissant/1.0" && json["datePublished"] == nil)
      for file in json["distribution"]?.items ?? [] where file["@type"]?.text == "cr:FileObject" {
        let name = try #require(file["contentUrl"]?.text)
        #expect(file["sha256"]?.text == SHA256.hexadecimal(of: try #require(x.files[name])))
      }
      // Every field of a table is a column of its file.
      for set in json["recordSet"]?.items ?? [] {
        for field in set["field"]?.items ?? [] {
          guard let file = field["source"]?["fileObject"]?["@id"]?.text,
            let column = field["source"]?["extract"]?["column"]?.text
          else { continue }
          #expect(try x.text(file).prefix { $0 != "\n" }.split(separator: ",").contains { $0 == column })
        }
      }
    }
  }

  /// FIPS 180-4's examples, and lengths about a block's.
  @Test func hashIsTheStandards() {
    #expect(
      SHA256.hexadecimal(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(SHA256.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hexadecimal(of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      SHA256.hexadecimal(of: [UInt8](repeating: 0x61, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    for n in [55, 56, 63, 64, 65, 119, 120, 128, 200] {
      let bytes = (0..<n).map { UInt8($0) }
      for cut in [0, 1, 63, 64, n / 2] where cut <= n {
        var parts = SHA256()
        parts.update(Array(bytes[..<cut]))
        parts.update(Array(bytes[cut...]))
        #expect(parts.hexadecimal == SHA256.hexadecimal(of: bytes))
      }
    }
  }
}
