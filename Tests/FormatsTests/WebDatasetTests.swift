import Annotators
import Documents
import Stage
import Testing

@testable import Formats

@Suite struct WebDatasetTests {
  /// The members of the shards of a split, in order.
  private func members(_ x: CheckedExport, _ split: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = try TestFolder()
    let shards = x.files.keys.filter { $0.hasPrefix(split + "-") && $0.hasSuffix(".tar") }.sorted()
    let index = try jsonTree(try x.text("index.json"))
    #expect(index["splits"]?[split]?.items.compactMap { $0["file"]?.text } == shards)
    return try shards.flatMap { shard -> [(name: String, bytes: [UInt8])] in
      let bytes = try #require(x.files[shard])
      let path = folder.path + "/" + shard
      try bytes.withUnsafeBufferPointer { b throws(FileError) in
        try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
      }
      return try TarIndex(path).members.map { ($0.name, Array(bytes[$0.offset..<$0.offset + $0.size])) }
    }
  }

  /// In one shard, and in several.
  @Test(arguments: [256 << 20, 12_000]) func samplesHoldTheRecords(shardBytes: Int) throws {
    var options = ExportOptions()
    options.shardBytes = shardBytes
    try checkFormat(WebDatasetFormat.self, try hubSet(), options: options) { x in
      if x.report.frames > 20 { #expect((x.files["train-000001.tar"] != nil) == (shardBytes < 20_000)) }
      for (name, bytes) in x.files where name.hasSuffix(".tar") {
        #expect(bytes.count <= shardBytes, "\(name) has \(bytes.count) bytes")
      }
      for (split, records) in x.frames {
        let found = try members(x, split)
        #expect(
          found.map(\.name)
            == records.flatMap { r in
              ["png", "json", "depth.png", "semantic.png"].map { "\(sixDigits(r.frame)).\($0)" }
            })
        for (k, r) in records.enumerated() where found.count == 4 * records.count {
          #expect(found[4 * k].bytes == (try FileSystem.read("\(x.set.folder.path)/\(r.planes[0].file)")))
          #expect(found[4 * k + 2].bytes == (try FileSystem.read("\(x.set.folder.path)/\(r.planes[1].file)")))
          let json = try jsonTree(String(decoding: found[4 * k + 1].bytes, as: UTF8.self))
          let seen = r.instances.filter { $0.box != nil }
          let objects = json["objects"]?.items ?? []
          #expect(json["image_id"]?.whole == r.frame && json["parameters"]?["sun, \"low\""] != nil)
          #expect(objects.map { $0["id"]?.whole } == seen.map { Int($0.id) })
          #expect(objects.map { $0["category"]?.text } == seen.map { testDataset.categories[$0.category - 1].name })
          let boxes = seen.compactMap { $0.box.map { [$0.x, $0.y, $0.width, $0.height] } }
          #expect(objects.map { $0["bbox"]?.wholes } == boxes)
          #expect(
            objects.map { $0["segmentation"]?["counts"]?.text }
              == seen.map { String(decoding: $0.mask.bytes, as: UTF8.self) })
          #expect(objects.allSatisfy { $0["visibility"] != nil && $0["attributes"]?["colour"] != nil })
          #expect(json["hidden"]?.items.count == r.instances.count - seen.count)
        }
      }
    }
  }
}
