import Annotators
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct TrackingFormatTests {
  private static func set(_ annotations: [String]) throws -> TestSet {
    try TestSet(annotations: annotations) { r in
      Rich.addExtents(&r)
      Rich.addTime(&r, Rich.place(r))
    }
  }

  /// The frames of each sequence, by its folder.
  private static func sequences(_ x: CheckedExport) throws -> [String: [FrameRecord]] {
    var found: [String: [FrameRecord]] = [:]
    for (split, records) in x.frames {
      for r in records { found["\(split)/000000-\(r.camera.view)", default: []].append(r) }
      let map = try x.text("seqmaps/\(split).txt").split(separator: "\n").map(String.init)
      #expect(map.first == "name" && Set(map.dropFirst()) == Set(records.map { "000000-\($0.camera.view)" }))
    }
    for (folder, records) in found {
      let info = try x.text(folder + "/seqinfo.ini")
      #expect(info.contains("seqLength=\(records.count)\nimWidth=\(records[0].width)\n"))
      #expect(info.contains("frameRate=\(records.count > 1 ? 8 : 1)\n"))
      #expect(try x.text(folder + "/gt/labels.txt") == "box\nsphère\ntorus\n")
      for k in records.indices { #expect(x.files["\(folder)/img1/\(sixDigits(k + 1)).png"] != nil) }
    }
    return found
  }

  @Test func rowsAreTheRecords() throws {
    try checkFormat(MOTFormat.self, try Self.set(["amodal_boxes", "visibility"])) { x in
      for (folder, records) in try Self.sequences(x) {
        let rows = try x.text(folder + "/gt/gt.txt").split(separator: "\n").map {
          $0.split(separator: ",").map { Double($0) ?? .nan }
        }
        var expected: [[Double]] = []
        for (k, r) in records.enumerated() {
          for i in r.instances {
            guard let box = i.values.fullBox ?? nil, let v = i.values.visibility, let all = v.unboundedPixels else {
              continue
            }
            let whole = [k + 1, Int(i.id), box.x + 1, box.y + 1, box.width, box.height, 1, i.category].map(Double.init)
            expected.append(whole + [Double(i.visiblePixels) / Double(all)])
          }
        }
        #expect(rows.count == expected.count)
        for (a, b) in zip(rows, expected) { #expect(a.dropLast() == b.dropLast() && abs(a[8] - b[8]) < 1e-5) }
      }
    }
  }

  @Test func masksAreTheRecords() throws {
    try checkFormat(MOTSFormat.self, try Self.set([])) { x in
      for (folder, records) in try Self.sequences(x) {
        let rows = try x.text(folder + "/gt/gt.txt").split(separator: "\n").map { $0.split(separator: " ") }
        var expected: [[String]] = []
        for (k, r) in records.enumerated() {
          let image = try decodePNG(try #require(x.files["\(folder)/instances/\(sixDigits(k + 1)).png"]))
          guard case .sixteen(let codes) = image.samples else { continue }
          var truth = [UInt16](repeating: 0, count: codes.count)
          for i in r.instances where i.box != nil {
            let code = i.category * 1000 + Int(i.id)
            let mask = try #require(RunLengthMask(i.mask, width: r.width, height: r.height))
            mask.forEachRun { x, rows in for y in rows { truth[y * r.width + x] = UInt16(code) } }
            let rle = String(decoding: i.mask.bytes, as: UTF8.self)
            expected.append(["\(k + 1)", "\(code)", "\(i.category)", "\(r.height)", "\(r.width)", rle])
          }
          #expect(codes == truth)
        }
        #expect(rows.map { $0.map(String.init) } == expected)
      }
    }
  }

  /// Below the thresholds: confidence 0, and one region to ignore.
  @Test func ignoredIsMarked() throws {
    let (set, folder) = (try Self.set(["amodal_boxes", "visibility"]), try TestFolder())
    var options = ExportOptions()
    options.minArea = 1000
    _ = try set.export(MOTFormat.self, options, to: folder.path + "/mot")
    _ = try set.export(MOTSFormat.self, options, to: folder.path + "/mots")
    let files = try folder.files()
    for (name, bytes) in files where name.hasPrefix("mot") && name.hasSuffix("gt.txt") {
      for row in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        if name.hasPrefix("mots") {
          #expect(row.contains(" 10000 10 "))
        } else {
          #expect(row.split(separator: ",")[6] == "0")
        }
      }
    }
    let file = try #require(files["mots/train/000000-v4/instances/000001.png"])
    guard case .sixteen(let codes) = try decodePNG(file).samples else { return }
    #expect(Set(codes) == [0, 10000])
  }

  @Test func gapsAndTornSequencesAreRefused() throws {
    let folder = try TestFolder()
    func fails(_ change: (inout FrameRecord, Int) -> Void, _ word: String) throws {
      let set = try TestSet(8, annotations: []) { r in
        let n = Rich.place(r)
        Rich.addTime(&r, n)
        change(&r, n)
      }
      let error = #expect(throws: FormatError.self) { try set.export(MOTSFormat.self, to: folder.path + "/x") }
      #expect("\(error.map { "\($0)" } ?? "")".contains(word), "\(word)")
    }
    try fails({ r, _ in r.sequence = nil }, "without time")
    try fails({ r, n in r.sequence?.index = n / 6 * 2 }, "without gaps")
    try fails(
      { r, n in
        r.camera.view = ""
        r.sequence?.index = n
      }, "--by sequence")
  }
}
