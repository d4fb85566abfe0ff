import Annotators
import Geometry
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct YOLOTests {
  /// The rows of a label file.
  static func rows(_ x: CheckedExport, _ split: String, _ r: FrameRecord) throws -> [[Double]] {
    let text = try x.text("labels/\(split)/\(sixDigits(r.frame)).txt")
    return text.split(separator: "\n").map { $0.split(separator: " ").map { Double($0) ?? .nan } }
  }

  static func forEachFrame(_ x: CheckedExport, _ body: (FrameRecord, [InstanceRecord], [[Double]]) throws -> Void)
    throws
  {
    for (split, records) in x.frames {
      for r in records {
        #expect(x.files["images/\(split)/\(sixDigits(r.frame)).png"] != nil)
        try body(r, r.instances.filter { $0.box != nil }, try rows(x, split, r))
      }
    }
    let yaml = try x.text("data.yaml")
    #expect(yaml.hasPrefix("train: images/train\nval: images/val\nnames:\n  0: \"box\"\n  1: \"sphère\"\n"))
  }

  @Test func detectHoldsBoxes() throws {
    try checkFormat(YOLODetect.self) { x in
      try Self.forEachFrame(x) { r, instances, rows in
        #expect(rows.count == instances.count)
        for (i, row) in zip(instances, rows) {
          let b = try #require(i.box)
          let (w, h) = (Double(r.width), Double(r.height))
          let edges = [(row[1] - row[3] / 2) * w, (row[2] - row[4] / 2) * h, row[3] * w, row[4] * h]
          #expect(Int(row[0]) == i.category - 1)
          for (edge, truth) in zip(edges, [b.x, b.y, b.width, b.height]) { #expect(abs(edge - Double(truth)) < 1e-4) }
        }
      }
    }
  }

  @Test(arguments: [PolygonStyle.bridged, .largest]) func segmentsAreTheMasks(style: PolygonStyle) throws {
    var options = ExportOptions()
    options.polygons = style
    try checkFormat(YOLOSegment.self, options: options) { x in
      try Self.forEachFrame(x) { r, instances, rows in
        #expect(rows.count == instances.count)
        for (i, row) in zip(instances, rows) {
          let corners = stride(from: 1, to: row.count, by: 2).map {
            LatticePoint(
              Int((row[$0] * Double(r.width)).rounded()), Int((row[$0 + 1] * Double(r.height)).rounded()))
          }
          let mask = try #require(RunLengthMask(i.mask, width: r.width, height: r.height))
          let filled = OutlineTests.filled([corners], width: r.width, height: r.height)
          if style == .bridged { #expect(filled == OutlineTests.pixels(mask)) }
          #expect(corners.count >= 4 && row.dropFirst().allSatisfy { (0...1).contains($0) })
        }
      }
      // The records have masks with parts and holes.
      let loss = x.report.losses.first { $0.content == .masks && $0.count != nil }
      if x.report.frames > 1 { #expect((loss?.leastIoU ?? 1 < 1) == (style == .largest) && loss != nil) }
    }
  }

  @Test func orientedBoxesGoRoundTheMasks() throws {
    try checkFormat(YOLOOriented.self) { x in
      try Self.forEachFrame(x) { r, instances, rows in
        #expect(rows.count == instances.count)
        for (i, row) in zip(instances, rows) {
          let mask = try #require(RunLengthMask(i.mask, width: r.width, height: r.height))
          let truth = try #require(OrientedBox2D(around: mask))
          let p = stride(from: 1, to: 9, by: 2).map { (row[$0] * Double(r.width), row[$0 + 1] * Double(r.height)) }
          func length(_ a: Int, _ b: Int) -> Double {
            ((p[a].0 - p[b].0) * (p[a].0 - p[b].0) + (p[a].1 - p[b].1) * (p[a].1 - p[b].1)).squareRoot()
          }
          #expect(row.count == 9 && row.dropFirst().allSatisfy { (0...1).contains($0) })
          let isCut = truth.corners.contains {
            $0.x < 0 || $0.y < 0 || $0.x > Double(r.width) || $0.y > Double(r.height)
          }
          guard !isCut else { continue }
          #expect(abs(length(0, 1) - truth.size.x) < 1e-4 && abs(length(1, 2) - truth.size.y) < 1e-4)
          let twice = (0..<4).reduce(0.0) { $0 + p[$1].0 * p[($1 + 1) % 4].1 - p[($1 + 1) % 4].0 * p[$1].1 }
          #expect(twice > 0, "clockwise as seen")
        }
      }
    }
  }

  /// Keypoints at the corners of boxes, one of them hidden, one outside.
  static func posed() throws -> TestSet {
    var dataset = testDataset
    for i in [0, 1] {
      dataset.categories[i].keypoints = ["left", "right", "top"]
      dataset.categories[i].skeleton = [SIMD2(0, 2), SIMD2(2, 1)]
      dataset.categories[i].flip = [1, 0, 2]
    }
    return try TestSet(annotations: ["keypoints"], dataset: dataset) { r in
      for i in r.instances.indices where r.instances[i].category < 3 {
        let b = r.instances[i].box ?? PixelBox(x: 0, y: 0, width: 1, height: 1)
        func point(_ name: String, _ v: KeypointRecord.Visibility, _ x: Double, _ y: Double) -> KeypointRecord {
          KeypointRecord(name: name, visibility: v, image: Vector2(x, y), camera: Vector3(0, 0, 1), world: Vector3())
        }
        r.instances[i].values.keypoints = [
          point("left", .visible, Double(b.x) + 0.25, Double(b.y) + 0.5),
          point("right", .hidden, Double(b.x) + 1, 3.75),
          point("top", .absent, -7, 2),
        ]
      }
    }
  }

  @Test func posesHoldKeypoints() throws {
    try checkFormat(YOLOPose.self, try Self.posed()) { x in
      try Self.forEachFrame(x) { r, instances, rows in
        #expect(rows.count == instances.count)
        for (i, row) in zip(instances, rows) {
          try #require(row.count == 14)
          guard let points = i.values.keypoints else {
            #expect(row[5...].allSatisfy { $0 == 0 })
            continue
          }
          for (k, p) in points.enumerated() {
            let place = p.visibility == .absent ? Vector2() : try #require(p.image)
            #expect(abs(row[5 + 3 * k] * Double(r.width) - place.x) < 1e-5)
            #expect(abs(row[6 + 3 * k] * Double(r.height) - place.y) < 1e-5)
            #expect(Int(row[7 + 3 * k]) == p.visibility.rawValue)
          }
        }
      }
      #expect(try x.text("data.yaml").contains("kpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\n"))
    }
  }

  @Test func onePoseListForAllClasses() throws {
    let (set, folder) = (try Self.posed(), try TestFolder())
    set.description.categories[1].keypoints = ["left", "right", "bottom"]
    let error = #expect(throws: FormatError.self) { try set.export(YOLOPose.self, to: folder.path + "/x") }
    #expect(error.map { "\($0)" }?.contains("found other keypoints in \"sphère\" than in \"box\"") == true)
  }

  @Test func cocoHoldsKeypoints() throws {
    let (set, folder) = (try Self.posed(), try TestFolder())
    _ = try set.export(COCOFormat.self, splits: ["train"], to: folder.path + "/x")
    let text = String(decoding: try FileSystem.read(folder.path + "/x/annotations/instances_train.json"), as: UTF8.self)
    #expect(text.contains("\"keypoints\":[\"left\",\"right\",\"top\"],\"skeleton\":[[1,3],[3,2]]"))
    let posed = set.records.flatMap(\.instances).count { $0.box != nil && $0.values.keypoints != nil }
    #expect(posed > 10 && text.ranges(of: "\"num_keypoints\":2").count == posed)
    let first = try #require(
      set.records.flatMap(\.instances).first { $0.box != nil && $0.values.keypoints != nil }?.box)
    #expect(text.contains("\"keypoints\":[\(first.x).25,\(first.y).5,2,\(first.x + 1),3.75,1,0,0,0]"))
  }

  /// Splits without train and val get names that readers know.
  @Test func everySplitIsNamed() throws {
    let (set, folder) = (try TestSet(4), try TestFolder())
    _ = try set.export(YOLODetect.self, splits: ["a", "b", "c"], to: folder.path + "/x")
    let yaml = String(decoding: try FileSystem.read(folder.path + "/x/data.yaml"), as: UTF8.self)
    #expect(yaml.hasPrefix("train: images/a\nval: images/b\nc: images/c\n"))
    _ = try set.export(YOLODetect.self, splits: ["train"], to: folder.path + "/y")
    let alone = String(decoding: try FileSystem.read(folder.path + "/y/data.yaml"), as: UTF8.self)
    #expect(alone.hasPrefix("train: images/train\nval: images/train\nnames:"))
    _ = try set.export(YOLODetect.self, splits: ["train", "test"], to: folder.path + "/z")
    let tested = String(decoding: try FileSystem.read(folder.path + "/z/data.yaml"), as: UTF8.self)
    #expect(tested.hasPrefix("train: images/train\nval: images/train\ntest: images/test\nnames:"))
  }

  @Test func sharesAreExact() {
    func text(_ n: Int, _ d: Int) -> String {
      var b: [UInt8] = []
      b.appendShare(n, of: d)
      return String(decoding: b, as: UTF8.self)
    }
    #expect(text(0, 640) == " 0" && text(640, 640) == " 1" && text(1, 2) == " 0.5" && text(1, 3) == " 0.33333333")
    #expect(text(2, 3) == " 0.66666667" && text(1, 100_000_000) == " 0.00000001")
  }
}
