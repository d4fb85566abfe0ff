import Annotators
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct StatisticsTests {
  private func read(_ text: String, _ folder: TestFolder) throws -> COCOImport {
    let path = folder.path + "/a.json"
    FileSystem.remove(path)
    try Array(text.utf8).withUnsafeBufferPointer { b throws(FileError) in
      try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
    }
    return try COCOImport(path: path)
  }

  /// A set's own COCO file gives the statistics of its records.
  @Test func importOfAnExportIsTheRecords() throws {
    let (set, folder) = (try TestSet(23), try TestFolder())
    _ = try set.export(COCOFormat.self, splits: ["train"], to: folder.path + "/x")
    let read = try COCOImport(path: folder.path + "/x/annotations/instances_train.json")
    var truth = AnnotationStatistics(classes: set.description.categories.map { ($0.id, $0.name) })
    for r in set.records { truth.add(r) }
    truth.finish()
    #expect(read.statistics == truth && read.sins == COCOSins() && read.runLengths == truth.all.objects)
    // By hand, from the records.
    let seen = set.records.map { $0.instances.filter { $0.box != nil } }
    #expect(truth.images == 23 && truth.empty == seen.count { $0.isEmpty })
    #expect(truth.all.objects == seen.joined().count && truth.all.small == truth.all.objects)
    for (k, n) in truth.objectsPerImage.enumerated() { #expect(n == seen.count { $0.count == k }) }
    #expect(
      truth.together[.init(first: 0, second: 1)]
        == seen.count { s in [1, 2].allSatisfy { c in s.contains { $0.category == c } } })
    #expect(truth.centres.reduce(0, +) == truth.all.objects && truth.all.size.total == truth.all.objects)
    _ = try jsonTree(read.json)
    #expect(read.text.contains("sphère"))
  }

  static let head = #"{"images":[{"id":1,"width":100,"height":50},{"id":2.0,"width":10,"height":10,"x":{"]":"[\"}"}}],"#
  static let tail = #","categories":[{"id":7,"name":"cat"},{"id":9,"name":"dog"}]}"#

  @Test func sinsAreTakenAndCounted() throws {
    let folder = try TestFolder()
    let annotations = #"""
      "annotations":[
      {"id":1,"image_id":1,"category_id":7,"bbox":[10,10,20,10],"area":100,"iscrowd":0,"segmentation":[[10,10,30,10,30,20]]},
      {"id":2.0,"image_id":1,"category_id":7.0,"bbox":[-5,0,15,10]},
      {"id":3,"image_id":1,"category_id":9,"bbox":[0,0,100,50],"area":5000,"iscrowd":1,"segmentation":{"size":[50,100],"counts":[0,5000]}},
      {"id":4,"image_id":1,"category_id":9,"segmentation":[[1,1,2,2],[1,2,3],[40,20,44,20,44,30,40,30]],"iscrowd":false},
      {"id":5,"image_id":2,"category_id":9,"bbox":[20,0,5,5],"area":25,"iscrowd":0},
      {"id":6,"image_id":2,"category_id":9,"bbox":[2,2,0,5],"area":0,"iscrowd":0},
      {"id":7,"image_id":3,"category_id":9,"bbox":[2,2,1,5],"area":5,"iscrowd":0}]
      """#
    let read = try read(Self.head + annotations + Self.tail, folder)
    var sins = COCOSins()
    (sins.withoutCrowd, sins.withoutArea, sins.withoutBox, sins.floatIDs) = (1, 2, 1, 3)
    (sins.boxesBeyond, sins.boxesOutside, sins.emptyBoxes) = (1, 1, 1)
    (sins.shortPolygons, sins.oddPolygons, sins.withoutImage) = (1, 1, 1)
    #expect(read.sins == sins)
    let s = read.statistics
    #expect(read.annotations == 7 && read.polygons == 2 && read.runLengths == 1 && read.boxesAlone == 4)
    #expect(s.all.objects == 3 && s.all.crowds == 1 && s.images == 2 && s.empty == 1)
    #expect(s.classes.map(\.shapes.objects) == [2, 1] && s.classes.map(\.shapes.crowds) == [0, 1])
    #expect(s.objectsPerImage == [1, 0, 0, 1] && s.together == [.init(first: 0, second: 1): 1])
    #expect(s.classes.map(\.shapes.images) == [1, 1] && s.all.atBorder == 1)
    // Annotations first, as Diorama's own files have them, and classes first: the same.
    let parts = [String(Self.head.dropFirst().dropLast()), annotations, String(Self.tail.dropFirst().dropLast())]
    for order in [[1, 0, 2], [2, 1, 0], [0, 2, 1]] {
      let text =
        "\u{FEFF} {\"info\":null,\n\"licenses\":[[],{}]," + order.map { parts[$0] }.joined(separator: ",\n") + "}\n"
      let again = try self.read(text, folder)
      #expect(again.statistics == s && again.sins == sins)
    }
  }

  /// An id that no 64 bits hold exactly is refused; a box so small that its area is 0 is an empty one.
  @Test func extremesAreNoEnd() throws {
    func annotations(_ id: String) -> String {
      #"""
      "annotations":[
      {"id":\#(id),"image_id":1,"category_id":7,"bbox":[10,10,20,10],"area":100,"iscrowd":0},
      {"id":2,"image_id":1,"category_id":7,"bbox":[10,10,1e-200,1e-200],"area":0,"iscrowd":0}]
      """#
    }
    let read = try read(Self.head + annotations("999999999999999999") + Self.tail, try TestFolder())
    #expect(read.statistics.all.objects == 1 && read.sins.emptyBoxes == 1)
    #expect(throws: FormatError.self) {
      try self.read(Self.head + annotations("-9.223372036854775808e18") + Self.tail, try TestFolder())
    }
  }

  @Test func whatCannotBeUnderstoodHasAPlace() throws {
    let folder = try TestFolder()
    func annotation(_ text: String) -> String { Self.head + "\n \"annotations\":[\n  " + text + "]" + Self.tail }
    for (text, part) in [
      ("[]", "a.json:1:1: found \"[]\", expected"), ("{\"images\":[]}", "found no \"annotations\" among images"),
      (
        annotation(#"{"id":1,"category_id":7,"bbox":[1,1,2,2]}"#),
        ":3:44: found the end, expected an annotation's image_id"
      ),
      (
        annotation(#"{"id":1,"image_id":"1","category_id":7}"#),
        ":3:22: found \"\"1\",\"category_id\":7}\", expected a number"
      ),
      (annotation(#"{"id":1,"image_id":1,"category_id":8,"bbox":[1,1,2,2]}"#), "listed before this, not 8"),
      (annotation(#"{"id":1,"image_id":1,"category_id":7}"#), "a bbox or polygons"),
      (annotation(#"{"id":1,"image_id":1,"category_id":7,"bbox":[1,1,2]}"#), "four numbers"),
      (
        annotation(#"{"id":1,"image_id":1,"category_id":7,"bbox":[NaN,1,2,3]}"#),
        ":3:48: found \"NaN,1,2,3]}\", expected a number"
      ),
      (annotation(#"{"id":1,"image_id":1,"category_id":7,"bbox":[1,1,2,2],"iscrowd":2}"#), "expected 0 or 1"),
      (annotation(#"{"id":1.5,"image_id":1}"#), "whole number"),
      (Self.head + "\n\"annotations\":[{\"id\":1", "the end of the value that begins at 2:15"),
      (Self.head + "\"annotations\":[]", "found the end, expected \",\" or \"}\""),
      (Self.head + "\"annotations\":[]" + Self.tail + "x", "expected the end"),
      ("{\"images\":[{\"id\":1,\"width\":0,\"height\":1}],\"annotations\":[],\"categories\":[]}", "1:28: found \"0,"),
      (
        "{\"images\":[],\"annotations\":[],\"categories\":[{\"id\":1,\"name\":\"a\"},{\"id\":1,\"name\":\"b\"}]}",
        "has not come before"
      ),
      ("{\"images\":[],\"images\":[]}", "a second \"images\""), ("", "found the end, expected an object"),
    ] {
      let error = #expect(throws: FormatError.self) { _ = try read(text, folder) }
      #expect(error.map { "\($0)".contains(part) } == true, "\(text): \(error.map { "\($0)" } ?? "")")
    }
    #expect(throws: FormatError.self) { _ = try COCOImport(path: folder.path + "/none.json") }
  }

  /// Elements that lie across blocks.
  @Test func largeFilesComeInBlocks() throws {
    let folder = try TestFolder()
    var text = Self.head + "\"annotations\":["
    for k in 0..<30_000 {
      text +=
        (k == 0 ? "\n" : ",\n")
        + "{\"id\":\(k + 1),\"image_id\":1,\"category_id\":\(k % 3 == 0 ? 7 : 9),\"bbox\":[\(k % 90),\(k % 40),10,10],\"area\":\(k % 100 + 1),\"iscrowd\":0}"
    }
    let good = try read(text + "]" + Self.tail, folder)
    #expect(
      good.sins.list.map(\.key) == ["float_ids"] && good.statistics.classes.map(\.shapes.objects) == [10_000, 20_000])
    #expect(FileSystem.size(of: folder.path + "/a.json").map { $0 > 2 << 20 } == true)
    let error = #expect(throws: FormatError.self) { _ = try read(text + ",\n  {\"id\":true}]" + Self.tail, folder) }
    #expect(
      error.map { "\($0)".contains("a.json:30002:9: found \"true}\", expected a number") } == true,
      "\(String(describing: error))")
  }

  /// Shares by hand; in any order of the objects; and boxes that only touch do not overlap.
  @Test func overlapIsTheLargestShareUnderAnotherBox() {
    let boxes: [(Double, Double, Double, Double)] = [
      (0, 0, 40, 40), (20, 0, 40, 40), (60, 0, 20, 40), (22, 2, 10, 10), (0, 60, 10, 10),
    ]
    // The first and second share half; the third touches the second; the fourth lies within both; the last alone.
    for turn in 0..<5 {
      var s = AnnotationStatistics(classes: [(1, "a"), (2, "b")])
      let (other, image) = (s.addImage(width: 100, height: 100), s.addImage(width: 100, height: 100))
      for k in 0..<5 {
        let i = (k + turn) % 5
        s.add(ObjectSample(category: i % 2, box: boxes[i], area: 1), toImage: image)
        if k == 2 { s.add(ObjectSample(category: 0, box: boxes[0], area: 1, isCrowd: true), toImage: image) }
      }
      s.add(ObjectSample(category: 1, box: boxes[0], area: 1), toImage: other)
      s.finish()
      #expect(s.all.overlap.counts[10] == 2 && s.all.overlap.counts[19] == 1 && s.all.overlap.counts[0] == 3)
      #expect(s.classes[1].shapes.overlap.counts[10] == 1 && s.classes[1].shapes.overlap.total == 3)
    }
  }

  /// Nobody's file makes it take for ever.
  @Test func overlapOfManyObjectsIsCutOff() {
    var s = AnnotationStatistics(classes: [(1, "a")])
    let image = s.addImage(width: 1000, height: 1000)
    for k in 0..<50_000 {
      s.add(
        ObjectSample(category: 0, box: (Double(k % 7), Double(k % 11), 900, 900), area: 1), toImage: image)
    }
    s.finish()
    #expect(s.all.objects == 50_000 && s.all.overlap.total == AnnotationStatistics.overlapLimit)
  }

  @Test func histogramsLoseNothing() {
    var h = Histogram(0...1, bins: 4)
    for x in [-3, 0, 0.24, 0.25, 0.5, 0.99, 1, 7] { h.add(x) }
    #expect(h.counts == [3, 1, 1, 3] && h.total == 8)
    #expect(h.quantile(0.5) == 0.5 && h.quantile(1) == 1 && Histogram(0...1, bins: 2).quantile(0.5) == nil)
    #expect(AnnotationStatistics.hundredths(-0.004) == "0.00" && AnnotationStatistics.hundredths(2.006) == "2.01")
  }
}
