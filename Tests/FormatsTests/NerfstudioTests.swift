import Annotators
import Documents
import Geometry
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct NerfstudioTests {
  private static func set(_ projection: Projection = .pinhole, _ count: Int = 23) throws -> TestSet {
    try TestSet(count, planes: [KITTITests.planes[0]]) { r in
      r.camera = Rich.camera(r)
      r.camera.projection = projection
    }
  }

  /// The numbers after each `"key":`, in order.
  static func numbers(_ key: String, in json: String) -> [Double] {
    json.split(separator: "\"\(key)\":").dropFirst().compactMap {
      Double($0.prefix { "0123456789.-e+".contains($0) })
    }
  }

  static func matrices(_ json: String) -> [[Double]] {
    json.split(separator: "\"transform_matrix\":").dropFirst().map { text in
      String(text.prefix { $0 != "}" }).split { "[],".contains($0) }.compactMap { Double($0) }
    }
  }

  @Test func camerasProjectAsTheRecords() throws {
    try checkFormat(NerfstudioFormat.self, try Self.set()) { x in
      let json = try x.text("transforms.json")
      try Array(json.utf8).withUnsafeBufferPointer { bytes throws(JSONError) in
        var reader = JSONReader(bytes)
        try reader.skipValue()
        try reader.end()
      }
      let records = x.frames.values.flatMap { $0 }.sorted { $0.frame < $1.frame }
      let matrices = Self.matrices(json)
      #expect(matrices.count == records.count)
      for (key, value) in [("fl_x", \Camera.fx), ("fl_y", \.fy), ("cx", \.cx), ("cy", \.cy)] {
        #expect(Self.numbers(key, in: json) == records.map { $0.camera[keyPath: value] })
      }
      for (m, r) in zip(matrices, records) {
        #expect(m.count == 16 && m[12...] == [0, 0, 0, 1])
        // A point half a metre up and two deep, in OpenGL's axes.
        let p = Vector3(0, 0.5, -2)
        let world = Vector3(
          m[0] * p.x + m[1] * p.y + m[2] * p.z + m[3], m[4] * p.x + m[5] * p.y + m[6] * p.z + m[7],
          m[8] * p.x + m[9] * p.y + m[10] * p.z + m[11])
        let own = r.camera.worldToCamera * world
        #expect((own - Vector3(0, -0.5, 2)).length < 1e-12)
        let file = try #require(x.files["depth/\(sixDigits(r.frame)).png"])
        guard case .sixteen(let codes) = try decodePNG(file).samples else { continue }
        #expect(codes == KITTITests.millimetres(r))
        #expect(x.files["images/\(sixDigits(r.frame)).png"] != nil)
      }
      for (split, records) in x.frames {
        let names = records.map { "\"images/\(sixDigits($0.frame)).png\"" }.joined(separator: ",")
        #expect(json.contains("\"\(split)_filenames\":[\(names)]"))
      }
      #expect(!x.files.keys.contains { $0.hasPrefix(".") || $0.hasPrefix("masks") })
    }
  }

  @Test func masksAreThereWhenAskedFor() throws {
    let (set, folder) = (try Self.set(.pinhole, 6), try TestFolder())
    var options = ExportOptions()
    options.wanted = [.masks, .camera]
    _ = try set.export(NerfstudioFormat.self, options, splits: ["train"], to: folder.path + "/x")
    let files = try folder.files("/x")
    #expect(!files.keys.contains { $0.contains("depth/") })
    for r in set.records {
      guard case .eight(let mask) = try decodePNG(try #require(files["x/masks/\(sixDigits(r.frame)).png"])).samples
      else {
        continue
      }
      #expect(mask.count { $0 == 255 } == r.instances.reduce(0) { $0 + $1.visiblePixels })
    }
    #expect(!String(decoding: try #require(files["x/transforms.json"]), as: UTF8.self).contains("_filenames"))
  }

  @Test func lensesHaveTheirKeys() throws {
    let folder = try TestFolder()
    let brown = BrownConrady(k: [0.1, -0.02, 0.003], p1: 0.001, p2: -0.002)
    _ = try Self.set(.brownConrady(brown), 2).export(NerfstudioFormat.self, to: folder.path + "/b")
    let text = String(decoding: try FileSystem.read(folder.path + "/b/transforms.json"), as: UTF8.self)
    #expect(text.contains("\"k1\":0.1,\"k2\":-0.02,\"k3\":0.003,\"p1\":0.001,\"p2\":-0.002"))
    let report = try Self.set(.fisheye(KannalaBrandt(k: [0.01])), 2).export(
      NerfstudioFormat.self, to: folder.path + "/f")
    #expect(report.losses.contains { $0.content == .depth && $0.count == 2 })
    for lens in [Projection.orthographic, .brownConrady(BrownConrady(k: [0, 0, 0, 0.1]))] {
      #expect(throws: FormatError.self) {
        try Self.set(lens, 2).export(NerfstudioFormat.self, to: folder.path + "/o")
      }
    }
  }
}
