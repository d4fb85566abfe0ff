import Annotators
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct VOCTests {
  /// The texts of an element, in order.
  static func values(_ name: String, in xml: String) -> [String] {
    xml.split(separator: "<\(name)>").dropFirst().map { String($0.prefix { $0 != "<" }) }
  }

  @Test func holdsWhatTheRecordsHold() throws {
    let root = "VOCdevkit/VOC2012/"
    try checkFormat(VOCFormat.self) { x in
      for (split, records) in x.frames {
        let numbers = records.map { sixDigits($0.frame) }
        for list in ["Main", "Segmentation"] {
          #expect(
            try x.text("\(root)ImageSets/\(list)/\(split).txt").split(separator: "\n").map(String.init) == numbers)
        }
        for c in testDataset.categories {
          let rows = try x.text("\(root)ImageSets/Main/\(c.name)_\(split).txt").split(separator: "\n")
          let shown = records.map { r in r.instances.contains { $0.box != nil && $0.category == c.id } }
          #expect(rows.map(String.init) == zip(numbers, shown).map { "\($0) \($1 ? " 1" : "-1")" })
        }
        for r in records {
          let number = sixDigits(r.frame)
          let xml = try x.text("\(root)Annotations/\(number).xml")
          let instances = r.instances.filter { $0.box != nil }
          #expect(Self.values("name", in: xml) == instances.map { testDataset.categories[$0.category - 1].name })
          let boxes = instances.compactMap(\.box)
          #expect(Self.values("xmin", in: xml) == boxes.map { "\($0.x + 1)" })
          #expect(Self.values("ymax", in: xml) == boxes.map { "\($0.y + $0.height)" })
          #expect(xml.contains("<database>test &quot;set&quot;</database>"))
          let picture = try decodeJPEG(try #require(x.files["\(root)JPEGImages/\(number).jpg"]))
          #expect(picture.width == r.width && picture.height == r.height)
          var classes = Plane<UInt8>(width: r.width, height: r.height, repeating: 0)
          var objects = classes
          for (k, i) in instances.enumerated() {
            try #require(RunLengthMask(i.mask, width: r.width, height: r.height)).forEachRun { x, rows in
              for y in rows { (classes[x, y], objects[x, y]) = (UInt8(i.category), UInt8(k + 1)) }
            }
          }
          for (folder, plane) in [("SegmentationClass", classes), ("SegmentationObject", objects)] {
            let file = try #require(x.files["\(root)\(folder)/\(number).png"])
            #expect(try Self.indices(file) == plane.values)
          }
        }
      }
    }
  }

  /// A palette image as RGB, turned back by the colours.
  static func indices(_ file: [UInt8]) throws -> [UInt8] {
    let image = try decodePNG(file)
    guard case .eight(let s) = image.samples else { return [] }
    var index: [[UInt8]: UInt8] = [:]
    for i in 0..<256 {
      let c = VOCPalette.color(i)
      index[[c.0, c.1, c.2]] = UInt8(i)
    }
    return (0..<image.width * image.height).map { index[Array(s[$0 * image.channels..<$0 * image.channels + 3])] ?? 77 }
  }

  /// The first colours of VOC's own devkit.
  @Test func paletteIsTheDevkits() {
    let first = (0..<5).map { VOCPalette.color($0) }
    let truth: [(UInt8, UInt8, UInt8)] = [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128)]
    for (a, b) in zip(first, truth) { #expect(a == b) }
    #expect(VOCPalette.color(255) == (224, 224, 192))
  }

  @Test func difficultIsVoid() throws {
    let (set, folder) = (try TestSet(5), try TestFolder())
    var options = ExportOptions()
    (options.minArea, options.pictures) = (1000, .png)
    _ = try set.export(VOCFormat.self, options, splits: ["train"], to: folder.path + "/x")
    let root = folder.path + "/x/VOCdevkit/VOC2012/"
    let r = set.records[4]
    let xml = String(decoding: try FileSystem.read("\(root)Annotations/\(sixDigits(r.frame)).xml"), as: UTF8.self)
    let count = r.instances.count { $0.box != nil }
    #expect(Self.values("difficult", in: xml) == Array(repeating: "1", count: count))
    let values = try Self.indices(try FileSystem.read("\(root)SegmentationObject/\(sixDigits(r.frame)).png"))
    #expect(Set(values) == [0, 255])
    #expect(FileSystem.size(of: "\(root)JPEGImages/\(sixDigits(r.frame)).png") != nil)
    let list = String(decoding: try FileSystem.read(root + "ImageSets/Main/box_train.txt"), as: UTF8.self)
    #expect(list.hasSuffix("\(sixDigits(r.frame))  0\n"))
  }

  @Test func textIsEscaped() {
    var w = XMLWriter()
    w.begin("a", [("b", "<\"&\n")])
    w.element("c", "x > y\u{1}")
    w.empty("d", [("e", "1")])
    w.end()
    #expect(
      String(decoding: w.text, as: UTF8.self)
        == "<a b=\"&lt;&quot;&amp;&#10;\">\n  <c>x &gt; y\u{FFFD}</c>\n  <d e=\"1\"/>\n</a>\n")
  }
}
