import Annotators
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

/// A dataset of small frames with pictures, and further planes where a format wants them.
final class TestSet {
  let folder: TestFolder
  var description: DatasetDescription
  private(set) var records: [FrameRecord]
  /// What formats with models are handed.
  var meshes: MeshSource?

  /// - Parameters:
  ///   - annotations: names beside rgb, boxes and masks that the head speaks of.
  ///   - planes: further planes, with what is in them.
  ///   - enrich: adds values to the records.
  init(
    _ count: Int = 23, annotations: [String] = [], dataset: DatasetDescription = testDataset,
    planes: [(PlaneDescription, (FrameRecord) -> PlaneImage)] = [], enrich: (inout FrameRecord) -> Void = { _ in }
  ) throws {
    folder = try TestFolder()
    description = dataset
    records = testRecords(count)
    let picture = PlaneDescription("rgb", .png, channels: ["R", "G", "B"], bits: 8, unit: "sRGB", isSmooth: true)
    let encoder = try PNGEncoder()
    let planes = [(picture, TestSet.picture)] + planes
    for name in ["boxes", "masks"] + annotations {
      description.annotations.append(AnnotationDescription(name: name, meaning: "", options: "", plane: nil))
    }
    for (plane, _) in planes {
      description.annotations.append(AnnotationDescription(name: plane.name, meaning: "", options: "", plane: plane))
      try FileSystem.makeFolder("\(folder.path)/\(plane.folder)")
    }
    for i in records.indices {
      enrich(&records[i])
      records[i].planes = []
      for (plane, draw) in planes {
        let image = draw(records[i])
        let name = "\(plane.folder)/\(sixDigits(records[i].frame)).\(plane.file.rawValue)"
        let file: [UInt8]
        switch (image, plane.file) {
        case (.floats(let f), .npy): file = encodeNPY(f)
        case (.floats(let f), .exr): file = try encodeEXR(f, channels: plane.channels)
        default:
          try plane.encode(image, encoder)
          file = encoder.withFile { Array($0) }
        }
        try createOnce("\(folder.path)/\(name)", file)
        records[i].planes.append(PlaneRecord(name: plane.name, file: name, bytes: file.count, digest: image.digest))
      }
    }
  }

  private static func picture(_ r: FrameRecord) -> PlaneImage {
    let samples = (0..<r.width * r.height * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ r.frame) }
    return .raster(RasterImage(width: r.width, height: r.height, channels: 3, samples: .eight(samples)))
  }

  /// An export of some of its frames, in splits by turns.
  func export(
    _ format: any FormatWriter.Type, _ options: ExportOptions = ExportOptions(), splits: [String] = ["train", "val"],
    frames: Int = Int.max, to path: String
  ) throws -> ExportReport {
    let target = try ExportFolder(path, replaces: false)
    let exporter = try Exporter(
      format, description, options, splits: splits, folder: target.temporary, final: target.path,
      files: SourceFiles(folder: folder.path, link: options.link), meshes: meshes)
    for (i, r) in records.prefix(frames).enumerated() { try exporter.add(r, split: i % splits.count) }
    let report = try exporter.finish()
    try target.commit()
    return report
  }

  /// An export given up before its end.
  func abandon(_ format: any FormatWriter.Type, to path: String) throws {
    let target = try ExportFolder(path, replaces: false)
    let exporter = try Exporter(
      format, description, ExportOptions(), splits: ["train"], folder: target.temporary, final: target.path,
      files: SourceFiles(folder: folder.path), meshes: meshes)
    for r in records { try exporter.add(r, split: 0) }
  }
}

/// What a format's own test looks at.
struct CheckedExport {
  var set: TestSet
  /// By relative path.
  var files: [String: [UInt8]]
  var report: ExportReport
  /// The frames of each split.
  var frames: [String: [FrameRecord]]

  func text(_ name: String) throws -> String {
    String(decoding: try #require(files[name], "no \(name)"), as: UTF8.self)
  }
}

/// What holds for every format: two exports give the same bytes, an abandoned export leaves no file, no file speaks of where
/// it was made; what the format does not carry is reported, and refused where it is asked for; what it needs is named where
/// it is not there; thresholds and class maps reach the report; and the format's own reader finds in the files what the
/// records hold.
///
/// - Parameter read: gets a finished export with two splits, train and val, and expects its agreement with the records.
func checkFormat(
  _ format: any FormatWriter.Type, _ set: TestSet? = nil, options: ExportOptions = ExportOptions(),
  read: (CheckedExport) throws -> Void
) throws {
  let set = if let set { set } else { try TestSet() }
  let manual = format.manual
  #expect(formatRegistry.count { $0.name == manual.name } == 1, "\(manual.name) is registered once")
  for count in [Int.max, 1, 0] {
    let (first, second, abandoned) = (try TestFolder(), try TestFolder(), try TestFolder())
    let report = try set.export(format, options, frames: count, to: first.path + "/x")
    _ = try set.export(format, options, frames: count, to: second.path + "/x")
    try set.abandon(format, to: abandoned.path + "/x")
    let files = try first.files("/x")
    #expect(try second.files("/x") == files)
    #expect(try abandoned.files().isEmpty)
    #expect(try FileSystem.names(in: abandoned.path).isEmpty)
    for (name, bytes) in files {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains(first.path) && !text.contains(set.folder.path), "\(name) holds an absolute path")
    }
    #expect(report.frames == min(count, set.records.count))
    var frames: [String: [FrameRecord]] = ["train": [], "val": []]
    for (i, r) in set.records.prefix(count).enumerated() { frames[["train", "val"][i % 2], default: []].append(r) }
    let relative = Dictionary(uniqueKeysWithValues: files.map { (String($0.key.dropFirst(2)), $0.value) })
    try read(CheckedExport(set: set, files: relative, report: report, frames: frames))
  }
  try checkRefusals(format, set)
  try checkSelections(format, set, options)
}

/// What cannot be carried is said, and what is needed is named.
private func checkRefusals(_ format: any FormatWriter.Type, _ set: TestSet) throws {
  let (manual, folder) = (format.manual, try TestFolder())
  for content in FormatContent.allCases where manual.carriage(of: content) == .absent {
    var options = ExportOptions()
    options.wanted = [content]
    let error = #expect(throws: FormatError.self) { try set.export(format, options, to: folder.path + "/x") }
    #expect(error.map { "\($0)".contains(content.rawValue) && "\($0)".contains(manual.name) } == true)
  }
  let whole = set.description
  defer { set.description = whole }
  for need in manual.needs {
    set.description.annotations = whole.annotations.filter { !need.anyOf.contains($0.name) }
    let error = #expect(throws: FormatError.self) { try set.export(format, to: folder.path + "/x") }
    #expect(error.map { "\($0)".contains("--annotations") && "\($0)".contains(need.anyOf[0]) } == true)
  }
  set.description = whole
  let silent = FormatContent.allCases.filter { c in
    manual.carriage(of: c) == .absent && whole.annotations.contains { FormatContent(annotation: $0.name) == c }
  }
  let report = try set.export(format, to: folder.path + "/x")
  for c in silent { #expect(report.losses.contains { $0.content == c }, "\(c) is lost in silence") }
  #expect(try FileSystem.names(in: folder.path) == ["x"])
}

/// Thresholds and class maps.
private func checkSelections(_ format: any FormatWriter.Type, _ set: TestSet, _ options: ExportOptions) throws {
  let folder = try TestFolder()
  let all = try set.export(format, options, to: folder.path + "/all")
  var high = options
  high.minArea = 10
  let small = set.records.reduce(0) { $0 + $1.instances.count { $0.box != nil && $0.visiblePixels < 10 } }
  let cut = try set.export(format, high, to: folder.path + "/high")
  #expect(cut.ignored == small && cut.instances == all.instances - small)
  let categories = set.description.categories
  guard categories.count >= 2, categories[0].isStuff == categories[1].isStuff else { return }
  var merged = options
  let targets = categories.enumerated().map { ($1.id, Optional(max($0, 1))) }
  var list = Array(categories.dropFirst())
  for i in list.indices { list[i].id = i + 1 }
  merged.classes = ClassMapping(list: list, targets: Dictionary(uniqueKeysWithValues: targets))
  let two = try set.export(format, merged, to: folder.path + "/merged")
  #expect(two.instances == all.instances && two.classes.count == categories.count - 1)
}
