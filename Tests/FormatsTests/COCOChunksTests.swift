import Documents
import Annotators
import Documents
import Testing

@testable import Formats

@Suite struct COCOChunksTests {
  @Test func everyChunkIsAFileOfItsFrames() throws {
    try checkStandingFormat(COCOChunksWriter.self) { files, records in
      let chunks = Dictionary(grouping: records) { $0.frame / testDataset.chunk }
      let names = chunks.keys.map { n in
        "annotations/coco/" + String(repeating: "0", count: 6 - String(n).count) + "\(n).json"
      }
      #expect(Set(files.keys) == Set(names + ["annotations/coco/index.json"]))
      var images: [[String]] = []
      var annotations = 0
      for name in names.sorted() {
        let coco = try COCOTests.read(files[name] ?? [])
        images += coco.images
        annotations += coco.annotations.count
        #expect(coco.categories.count == testDataset.categories.count)
      }
      #expect(images.map { $0[0] } == records.map { "\($0.frame)" }, "every frame once, in order")
      #expect(annotations == records.reduce(0) { $0 + $1.instances.count { $0.box != nil } })
      let index = try Self.index(files["annotations/coco/index.json"] ?? [])
      #expect(index.map(\.name) == names.sorted())
      #expect(index.map(\.images) == chunks.keys.sorted().map { chunks[$0]?.count })
      #expect(index.reduce(0) { $0 + $1.annotations } == annotations)
      #expect(index.map(\.first) == chunks.keys.sorted().map { chunks[$0]?.first?.frame })
    }
  }

  struct Entry {
    var name = ""
    var first = -1
    var last = -1
    var images = -1
    var annotations = -1
  }

  static func index(_ bytes: [UInt8]) throws -> [Entry] {
    var entries: [Entry] = []
    try bytes.withUnsafeBufferPointer { b throws(JSONError) in
      var r = JSONReader(b)
      try r.beginObject()
      while let key = try r.nextKey() {
        guard case "files" = key else {
          try r.skipValue()
          continue
        }
        entries = try r.list { r throws(JSONError) in
          var e = Entry()
          try r.beginObject()
          while let key = try r.nextKey() {
            switch key {
            case "file_name": e.name = try r.string()
            case "first": e.first = try r.integer()
            case "last": e.last = try r.integer()
            case "images": e.images = try r.integer()
            case "annotations": e.annotations = try r.integer()
            default: throw r.unknown(key, "a member of an entry")
            }
          }
          return e
        }
      }
      try r.end()
    }
    return entries
  }

  /// What an earlier export wrote of chunks that are gone does not stay.
  @Test func exportReplacesTheOneBefore() throws {
    let folder = try TestFolder()
    let records = testRecords(23)
    for count in [23, 2] {
      let writer = try COCOChunksWriter(testDataset, folder: folder.path)
      for r in records.prefix(count) { try writer.add(r) }
      try writer.finish()
    }
    #expect(try folder.files().keys.sorted() == ["annotations/coco/000000.json", "annotations/coco/index.json"])
    COCOChunksWriter.remove(from: folder.path)
    #expect(try folder.files().isEmpty)
  }
}
