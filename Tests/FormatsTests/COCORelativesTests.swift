import Annotators
import Documents
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

/// COCO panoptic and LVIS.
@Suite struct COCORelativesTests {
  /// A dataset with a class of stuff.
  static var withStuff: DatasetDescription {
    var d = testDataset
    d.categories[2].isStuff = true
    return d
  }

  @Test func panopticImagesAreThePartition() throws {
    try checkFormat(COCOPanoptic.self, try TestSet(dataset: Self.withStuff)) { x in
      for (split, records) in x.frames {
        let text = try x.text("annotations/panoptic_\(split).json")
        #expect(text.contains("\"isthing\":0") && text.contains("\"isthing\":1"))
        for r in records {
          let file = try #require(x.files["annotations/panoptic_\(split)/\(sixDigits(r.frame)).png"])
          let image = try decodePNG(file)
          guard case .eight(let s) = image.samples else { throw FormatError.refused("16 bits") }
          let ids = (0..<r.width * r.height).map { Int(s[3 * $0]) + Int(s[3 * $0 + 1]) << 8 + Int(s[3 * $0 + 2]) << 16 }
          var expected = [Int](repeating: 0, count: ids.count)
          var segments: Set<Int> = []
          for i in r.instances where i.box != nil {
            let id = i.category == 3 ? 1 << 23 + 3 : Int(i.id)
            segments.insert(id)
            let mask = try #require(RunLengthMask(i.mask, width: r.width, height: r.height)).plane.values
            for k in mask.indices where mask[k] == 1 { expected[k] = id }
          }
          #expect(ids == expected)
          let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("{\"image_id\":\(r.frame),") })
          #expect(line.components(of: "\"area\"") == segments.count)
          for id in segments {
            let area = expected.count { $0 == id }
            #expect(line.contains("{\"id\":\(id),") && line.contains("\"area\":\(area),"))
          }
        }
      }
    }
  }

  @Test func lackOfStuffIsSaid() throws {
    let (set, folder) = (try TestSet(2), try TestFolder())
    let report = try set.export(COCOPanoptic.self, to: folder.path + "/x")
    #expect(report.losses.contains { $0.content == .panoptic && $0.reason.contains("stuff") })
  }

  @Test func lvisCountsAndListsAbsentClasses() throws {
    try checkFormat(LVISFormat.self) { x in
      for (split, records) in x.frames {
        let text = try x.text("annotations/lvis_\(split).json")
        #expect(!text.contains("iscrowd"))
        for c in testDataset.categories {
          let shown = records.filter { $0.instances.contains { $0.box != nil && $0.category == c.id } }
          let count = records.reduce(0) { $0 + $1.instances.count { $0.box != nil && $0.category == c.id } }
          #expect(text.contains("\"image_count\":\(shown.count),\"instance_count\":\(count),\"frequency\":\"r\""))
        }
        for r in records {
          let shown = Set(r.instances.filter { $0.box != nil }.map(\.category))
          let absent = [1, 2, 3].filter { !shown.contains($0) }.map(String.init).joined(separator: ",")
          let line = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("{\"id\":\(r.frame),\"file_name\"") })
          #expect(line.contains("\"neg_category_ids\":[\(absent)],\"not_exhaustive_category_ids\":[]"))
        }
      }
    }
  }

  @Test func lvisIsNotExhaustiveBelowThresholds() throws {
    let (set, folder) = (try TestSet(5), try TestFolder())
    var options = ExportOptions()
    options.minArea = 1000
    _ = try set.export(LVISFormat.self, options, splits: ["train"], to: folder.path + "/x")
    let text = String(decoding: try FileSystem.read(folder.path + "/x/annotations/lvis_train.json"), as: UTF8.self)
    #expect(text.contains("\"not_exhaustive_category_ids\":[1,2,3]") && !text.contains("\"bbox\""))
  }
}

extension StringProtocol {
  /// How often a text stands in it.
  func components(of part: String) -> Int {
    var (count, rest) = (0, self[...])
    while let r = rest.firstRange(of: part) {
      count += 1
      rest = rest[r.upperBound...]
    }
    return count
  }
}
