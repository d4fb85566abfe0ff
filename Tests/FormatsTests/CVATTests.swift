import Annotators
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct CVATTests {
  /// The values of an attribute of all elements of a name, in order.
  static func attributes(_ name: String, of element: String, in xml: String) -> [String] {
    xml.split(separator: "<\(element) ").dropFirst().map { text in
      let head = text.prefix { $0 != ">" }
      return head.split(separator: " \(name)=\"", maxSplits: 1).last.map { String($0.prefix { $0 != "\"" }) } ?? ""
    }
  }

  @Test(arguments: [PolygonStyle.bridged, .largest, .rle]) func holdsWhatTheRecordsHold(style: PolygonStyle) throws {
    var options = ExportOptions()
    options.polygons = style
    let set = try TestSet(annotations: ["visibility"], enrich: Rich.addExtents)
    try checkFormat(CVATFormat.self, set, options: options) { x in
      for (split, records) in x.frames {
        let xml = try x.text(split + ".xml")
        #expect(xml.hasPrefix("<?xml") && xml.hasSuffix("</annotations>\n"))
        #expect(VOCTests.values("name", in: xml).dropFirst() == ["box", "sphère", "torus"])
        #expect(Self.attributes("name", of: "image", in: " " + xml).count == records.count)
        let instances = records.flatMap { r in r.instances.filter { $0.box != nil }.map { (r, $0) } }
        let boxes = instances.compactMap(\.1.box)
        #expect(Self.attributes("xtl", of: "box", in: xml) == boxes.map { "\($0.x).00" })
        #expect(Self.attributes("ybr", of: "box", in: xml) == boxes.map { "\($0.y + $0.height).00" })
        #expect(
          Self.attributes("occluded", of: "box", in: xml)
            == instances.map { ($0.1.values.visibility?.visibility ?? 1) < 0.95 ? "1" : "0" })
        if style == .rle {
          let runs = Self.attributes("rle", of: "mask", in: xml)
          #expect(runs.count == instances.count)
          for ((r, i), text) in zip(instances, runs) {
            let b = try #require(i.box)
            var pixels: [UInt8] = []
            for (k, n) in text.split(separator: ", ").enumerated() {
              pixels += repeatElement(UInt8(k & 1), count: Int(n) ?? 0)
            }
            let plane = try #require(RunLengthMask(i.mask, width: r.width, height: r.height)).plane
            let truth = (b.y..<b.y + b.height).flatMap { y in (b.x..<b.x + b.width).map { plane[$0, y] } }
            #expect(pixels + repeatElement(0, count: truth.count - pixels.count) == truth)
          }
        } else {
          let polygons = Self.attributes("points", of: "polygon", in: xml)
          #expect(polygons.count == instances.count)
          for ((r, i), text) in zip(instances, polygons) {
            let corners = text.split(separator: ";").map { p in
              let v = p.split(separator: ",").map { Int(Double($0) ?? -1) }
              return LatticePoint(v[0], v[1])
            }
            let filled = OutlineTests.filled([corners], width: r.width, height: r.height)
            let mask = try #require(RunLengthMask(i.mask, width: r.width, height: r.height))
            if style == .bridged { #expect(filled == OutlineTests.pixels(mask)) }
          }
        }
      }
      if style == .largest, x.report.frames > 1 { #expect(x.report.losses.contains { $0.leastIoU ?? 1 < 1 }) }
    }
  }

  @Test func oneKindCanBeAskedFor() throws {
    let (set, folder) = (try TestSet(6), try TestFolder())
    for (wanted, other) in [(FormatContent.boxes, "polygon"), (.masks, "box")] {
      var options = ExportOptions()
      options.wanted = [wanted]
      _ = try set.export(CVATFormat.self, options, to: "\(folder.path)/\(other)")
      let xml = String(decoding: try FileSystem.read("\(folder.path)/\(other)/train.xml"), as: UTF8.self)
      #expect(!xml.contains("<\(other) ") && xml.contains(other == "box" ? "<polygon " : "<box "))
    }
  }
}
