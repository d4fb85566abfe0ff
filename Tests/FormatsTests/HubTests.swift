import Annotators
import Documents
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

/// A text as a tree.
func jsonTree(_ text: some StringProtocol) throws -> Node {
  try Array(text.utf8).withUnsafeBufferPointer { b throws(JSONError) in try JSONReader.tree(b) }
}

extension Node {
  var items: [Node] { if case .sequence(let list) = content { list } else { [] } }
  var whole: Int? { if case .integer(let n) = content { n } else { nil } }
  var text: String? { if case .string(let s) = content { s } else { nil } }
  var keys: [String] { if case .mapping(let list) = content { list.map(\.key) } else { [] } }
  var wholes: [Int] { items.compactMap(\.whole) }
  var texts: [String] { items.compactMap(\.text) }
}

/// A set with a plane of labels, visibilities, attributes and parameters.
func hubSet(_ count: Int = 23) throws -> TestSet {
  let depth = PlaneDescription("depth", .png, channels: ["Z"], bits: 16, scale: 0.001, unit: "m", isSmooth: true)
  let semantic = PlaneDescription("semantic", .png, channels: ["C"], bits: 8, unit: "id", isSmooth: false)
  return try TestSet(
    count, annotations: ["visibility", "image_labels", "attributes"],
    planes: [
      (depth, { r in .sixteen(Plane(width: r.width, height: r.height, repeating: UInt16(r.frame & 1023))) }),
      (semantic, { r in .eight(Plane(width: r.width, height: r.height, repeating: 1)) }),
    ]
  ) { r in
    r.image = ImageRecord(
      classes: [], counts: [],
      parameters: [
        NamedValue("sun, \"low\"", .number(0.25)), NamedValue(r.frame % 2 == 0 ? "even" : "odd", .boolean(true)),
      ])
    for i in r.instances.indices {
      r.instances[i].values.visibility = VisibilityRecord(
        amodalPixels: 2 * r.instances[i].visiblePixels, unboundedPixels: nil,
        visibility: r.instances[i].visiblePixels > 0 ? 0.5 : nil, truncation: nil)
      r.instances[i].values.attributes = [
        NamedValue("colour", .text("red\n\"dark\"")), NamedValue("at", .numbers([1, 2.5])),
      ]
    }
  }
}

@Suite struct HubTests {
  /// That a struct of lists holds what a frame's visible instances are.
  static func expect(_ objects: Node?, _ r: FrameRecord, categories: [String]) {
    let seen = r.instances.filter { $0.box != nil }
    #expect(objects?["id"]?.wholes == seen.map { Int($0.id) })
    #expect(objects?["category_id"]?.wholes == seen.map(\.category))
    #expect(objects?["category"]?.texts == seen.map { categories[$0.category - 1] })
    #expect(objects?["area"]?.wholes == seen.map(\.visiblePixels))
    #expect(objects?["iscrowd"]?.wholes == seen.map { _ in 0 })
    #expect(objects?["segmentation"]?.texts == seen.map { String(decoding: $0.mask.bytes, as: UTF8.self) })
    let boxes = seen.compactMap { $0.box.map { [$0.x, $0.y, $0.width, $0.height] } }
    #expect(objects?["bbox"]?.items.map(\.wholes) == boxes)
    #expect(objects?["visibility"]?.items.count == seen.count)
  }

  @Test func imageFolderHoldsTheRecords() throws {
    let names = testDataset.categories.map(\.name)
    try checkFormat(ImageFolderFormat.self, try hubSet()) { x in
      for (split, records) in x.frames {
        let rows = try x.text("\(split)/metadata.jsonl").split(separator: "\n").map { try jsonTree($0) }
        #expect(rows.count == records.count)
        for (row, r) in zip(rows, records) {
          let number = sixDigits(r.frame)
          #expect(row["file_name"]?.text == "\(number).png" && x.files["\(split)/\(number).png"] != nil)
          #expect(
            row["image_id"]?.whole == r.frame && row["width"]?.whole == r.width && row["height"]?.whole == r.height)
          // The same columns in every row.
          #expect(row.keys == rows[0].keys && row["objects"]?.keys == rows[0]["objects"]?.keys)
          #expect(row["depth_file_name"]?.text == "depth/\(number).png")
          #expect(x.files["\(split)/depth/\(number).png"] != nil && x.files["\(split)/semantic/\(number).png"] != nil)
          HubTests.expect(row["objects"], r, categories: names)
        }
      }
      let card = try x.text("README.md")
      #expect(card.hasPrefix("---\npretty_name: \"test \\\"set\\\"\"\n"))
      #expect(card.contains("  - split: val\n    path: \"val/**\"\n") == (x.report.frames > 1))
      #expect(card.contains("| frames | \(x.report.frames) |") && card.contains("no photograph went in"))
      for (c, n) in zip(
        names,
        (1...3).map { k in
          x.frames.values.joined().reduce(0) { $0 + $1.instances.count { $0.box != nil && $0.category == k } }
        })
      {
        #expect(card.contains("| \(c) | \(n) |"))
      }
    }
  }

  /// Semantic planes hold the dataset's classes, so a mapping leaves them out and says so.
  @Test func mappedClassesLeaveSemanticPlanesOut() throws {
    let (set, folder) = (try hubSet(4), try TestFolder())
    var options = ExportOptions()
    options.classes = ClassMapping(list: [Stage.Category(id: 1, name: "all")], targets: [1: 1, 2: 1, 3: 1])
    for format in [ImageFolderFormat.self, HubParquetFormat.self, WebDatasetFormat.self] as [any FormatWriter.Type] {
      let report = try set.export(format, options, to: "\(folder.path)/\(format.name)")
      #expect(report.losses.contains { $0.content == .semantic && $0.reason.contains("mapped") })
    }
    #expect(try !folder.files().keys.contains { $0.contains("semantic") })
    #expect(throws: FormatError.self) {
      try set.export(ImageFolderFormat.self, splits: ["a-b"], to: folder.path + "/x")
    }
  }

  @Test func cardsSayWhatTheyAreTold() throws {
    let (set, folder) = (try hubSet(3), try TestFolder())
    set.description.assets = [
      DatasetAsset(path: "/home/somebody/wood.jpg", digest: Digest(of: "w")),
      DatasetAsset(path: "a|b.obj", digest: Digest(of: "b"), license: "CC0-1.0"),
      DatasetAsset(path: "sky.hdr", digest: Digest(of: "s"), license: "CC-BY-4.0", isPhotograph: true),
    ]
    var options = ExportOptions()
    (options.license, options.date, options.url) = ("CC-BY-4.0", "2026-01-31", "https://example.org/set")
    _ = try set.export(CroissantFormat.self, options, to: folder.path + "/x")
    let card = String(decoding: try FileSystem.read(folder.path + "/x/README.md"), as: UTF8.self)
    #expect(
      card.hasPrefix("---\nlicense: \"cc-by-4.0\"\n")
        && card.contains("| wood.jpg | `\(Digest(of: "w"))` | not stated | not stated |"))
    #expect(
      card.contains("1 of them are photographs") && card.contains("1 are pictures of which nothing says")
        && card.contains("a\\|b.obj") && !card.contains("somebody"))
    #expect(card.contains("` | CC0-1.0 | no |") && card.contains("` | CC-BY-4.0 | yes |"))
    #expect(card.contains("The licences of 1 are not stated"))
    let json = try jsonTree(String(decoding: try FileSystem.read(folder.path + "/x/croissant.json"), as: UTF8.self))
    #expect(json["license"]?.text == "CC-BY-4.0" && json["datePublished"]?.text == "2026-01-31")
    #expect(json["url"]?.text == "https://example.org/set")
  }

  @Test func sharesAreRounded() {
    #expect(DatasetCard.percent(1, of: 3) == "33.3 %" && DatasetCard.percent(2, of: 3) == "66.7 %")
    #expect(DatasetCard.percent(1, of: 1) == "100.0 %" && DatasetCard.percent(0, of: 0) == "")
    #expect(DatasetCard.sizeCategory(999) == "n<1K" && DatasetCard.sizeCategory(1000) == "1K<n<10K")
  }
}
