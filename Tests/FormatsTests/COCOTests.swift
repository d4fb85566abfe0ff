import Annotators
import Documents
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct COCOTests {
  struct Annotation: Equatable {
    var id = 0
    var image = 0
    var category = 0
    var box: [Int] = []
    var area = 0
    var crowd = -1
    var size: [Int] = []
    var counts = ""
  }

  /// Reads what the writer promises, by nothing but the JSON reader.
  static func read(_ bytes: [UInt8]) throws -> (images: [[String]], annotations: [Annotation], categories: [String]) {
    var images: [[String]] = []
    var annotations: [Annotation] = []
    var categories: [String] = []
    try bytes.withUnsafeBufferPointer { b throws(JSONError) in
      var r = JSONReader(b)
      try r.beginObject()
      while let key = try r.nextKey() {
        switch key {
        case "images":
          images = try r.list { r throws(JSONError) in
            var image: [String] = []
            try r.beginObject()
            while let key = try r.nextKey() {
              if case "file_name" = key { image.append(try r.string()) } else { image.append("\(try r.integer())") }
            }
            return image
          }
        case "annotations":
          annotations = try r.list { r throws(JSONError) in
            var a = Annotation()
            try r.beginObject()
            while let key = try r.nextKey() {
              switch key {
              case "id": a.id = try r.integer()
              case "image_id": a.image = try r.integer()
              case "category_id": a.category = try r.integer()
              case "bbox": a.box = try r.list { r throws(JSONError) in try r.integer() }
              case "area": a.area = try r.integer()
              case "iscrowd": a.crowd = try r.integer()
              case "segmentation":
                try r.beginObject()
                while let key = try r.nextKey() {
                  if case "size" = key {
                    a.size = try r.list { r throws(JSONError) in try r.integer() }
                  } else {
                    a.counts = try r.string()
                  }
                }
              default: throw r.unknown(key, "a member of an annotation")
              }
            }
            return a
          }
        case "categories":
          categories = try r.list { r throws(JSONError) in
            var c = ""
            try r.beginObject()
            while let key = try r.nextKey() {
              if case "id" = key { c += "\(try r.integer())" } else { c += "," + (try r.string()) }
            }
            return c
          }
        default: try r.skipValue()
        }
      }
      try r.end()
    }
    return (images, annotations, categories)
  }

  @Test func holdsWhatTheRecordsHold() throws {
    try checkStandingFormat(COCOWriter.self) { files, records in
      #expect(files.keys.sorted() == ["annotations/coco.json"])
      let coco = try Self.read(files["annotations/coco.json"] ?? [])
      #expect(coco.images == records.map { ["\($0.frame)", "images/\($0.frame).png", "\($0.width)", "\($0.height)"] })
      #expect(coco.categories == ["1,box,solid", "2,sphère,", "3,torus,"])
      var expected: [Annotation] = []
      for r in records {
        for i in r.instances {
          guard let b = i.box else { continue }
          expected.append(
            Annotation(
              id: r.frame * 65536 + Int(i.id), image: r.frame, category: i.category,
              box: [b.x, b.y, b.width, b.height], area: i.visiblePixels, crowd: 0, size: [r.height, r.width],
              counts: String(decoding: i.mask.bytes, as: UTF8.self)))
        }
      }
      #expect(coco.annotations == expected)
      #expect(Set(coco.annotations.map(\.id)).count == coco.annotations.count)
      #expect(coco.annotations.allSatisfy { $0.id >= 1 && $0.area >= 1 })
    }
  }

  @Test(arguments: [1, 2, 5, 23])
  func bytesDoNotDependOnChunks(chunk: Int) throws {
    let records = testRecords(23)
    let (whole, chunked) = (try TestFolder(), try TestFolder())
    let first = try COCOWriter(testDataset, folder: whole.path)
    for r in records { try first.add(r) }
    try first.finish()
    let second = try COCOWriter(testDataset, folder: chunked.path)
    for start in stride(from: 0, to: records.count, by: chunk) {
      var fragment = COCOFragment()
      for r in records[start..<min(start + chunk, records.count)] { fragment.add(r) }
      try second.add(fragment)
    }
    try second.finish()
    #expect(try whole.files() == chunked.files())
  }

  @Test func annotationIDsStayWithin53Bits() {
    let last = COCOFragment.annotationID(frame: 1 << 37 - 1, instance: 65535)
    #expect(last < 1 << 53)
    #expect(COCOFragment.annotationID(frame: 0, instance: 1) == 1)
  }
}

@Suite struct FileTests {
  @Test func linesAreReadWhole() throws {
    let folder = try TestFolder()
    let lines = (0..<3000).map { String(repeating: "x", count: $0 % 977) }
    let file = try OutputFile(folder.path + "/a")
    try file.write(Array(lines.joined(separator: "\n").utf8))
    #expect(FileSystem.size(of: file.path) == nil, "a file has no name before it is whole")
    try file.commit()
    let reader = try LineReader(file.path)
    var read: [String] = []
    while let line = try reader.next({ String(decoding: $0, as: UTF8.self) }) { read.append(line) }
    #expect(read == lines.dropLast() + (lines.last == "" ? [] : [lines.last ?? ""]))
    #expect(reader.lineNumber == read.count)
  }

  @Test func errorsNameFileAndReason() throws {
    let folder = try TestFolder()
    do {
      _ = try OutputFile(folder.path + "/none/a")
      Issue.record("no error")
    } catch { #expect(error.description == "\(folder.path)/none/a: cannot create: No such file or directory") }
    do {
      try FileSystem.create("/dev/full", UnsafeRawBufferPointer(start: nil, count: 0), sync: false)
      Issue.record("no error")
    } catch { #expect(error.path == "/dev/full") }
  }
}

@Suite struct COCOFormatTests {
  @Test(arguments: [PolygonStyle.rle, .outlines]) func holdsWhatTheRecordsHold(polygons: PolygonStyle) throws {
    var options = ExportOptions()
    options.polygons = polygons
    try checkFormat(COCOFormat.self, options: options) { x in
      for (split, records) in x.frames {
        let text = try x.text("annotations/instances_\(split).json")
        #expect(text.split(separator: "\n").count { $0.contains("\"file_name\"") } == records.count)
        for r in records {
          let name = "images/\(sixDigits(r.frame)).png"
          #expect(text.contains("{\"id\":\(r.frame),\"file_name\":\"\(name)\","))
          #expect(x.files[name] != nil)
        }
        guard polygons == .rle else { continue }
        let coco = try COCOTests.read(Array(text.utf8))
        #expect(coco.annotations.count == records.reduce(0) { $0 + $1.instances.count { $0.box != nil } })
        let masks = records.flatMap {
          $0.instances.filter { $0.box != nil }.map { String(decoding: $0.mask.bytes, as: UTF8.self) }
        }
        #expect(coco.annotations.map(\.counts) == masks)
      }
    }
  }
}
