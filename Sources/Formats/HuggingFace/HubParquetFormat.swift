// `hf-parquet`: Parquet files with the pictures inside, as the Hugging Face Hub keeps datasets.
//
//     data/SPLIT-00000-of-00002.parquet
//     README.md                          the dataset card; its head names the splits
//
// - A row a picture: image {bytes, path}, image_id, width, height, objects {id, category_id, category, bbox, area, iscrowd,
//   segmentation, visibility}, and a picture {bytes, path} for each other plane in PNG files. `objects` is a struct of lists
//   of equal lengths, as in `hf-imagefolder`, but `category` is a ClassLabel: category_id - 1.
// - The key `huggingface` of the schema's metadata says which columns are pictures and classes.
// - A new file begins where one would hold more than `--shard-size` of pictures; a split without frames has a file without
//   rows, so that its columns are known.

import Annotators
import Documents
import Stage
import Imaging

final class HubParquetFormat: FormatWriter {
  static let manual = FormatManual(
    name: "hf-parquet", summary: "Hugging Face Parquet: pictures and labels in columns, with a dataset card.",
    carries: HubColumns.carries, ignored: "iscrowd 1", limits: HubColumns.limits)

  private let export: FormatExport
  private let planes: [PlaneDescription]
  private let hasVisibility: Bool
  private let columns: [ParquetNode]
  private let features: String
  private var splits: [ShardedSplit]
  private var tally: ExportTally

  private struct ShardedSplit {
    var file: ParquetFile?
    /// Files so far.
    var count = 0
    /// Of pictures in the open one.
    var bytes = 0
  }

  init(_ export: FormatExport) throws(FormatError) {
    try HubColumns.check(export, HubParquetFormat.name)
    self.export = export
    planes = export.labelPlanes { $0.file == .png }
    hasVisibility = export.has("visibility")
    columns = HubParquetFormat.columns(planes, hasVisibility: hasVisibility)
    features = HubParquetFormat.features(export, planes, hasVisibility: hasVisibility)
    splits = export.splits.map { _ in ShardedSplit() }
    tally = ExportTally(export)
    for s in export.splits.indices { try open(s) }
  }

  private static func columns(_ planes: [PlaneDescription], hasVisibility: Bool) -> [ParquetNode] {
    func picture(_ name: String) -> ParquetNode { .group(name, [.leaf("bytes", .bytes), .leaf("path", .text)]) }
    func list(_ name: String, _ type: ParquetType) -> ParquetNode { .list(name, .leaf("element", type)) }
    var objects = ["id", "category_id", "category"].map { list($0, .int64) }
    objects.append(.list("bbox", .list("element", .leaf("element", .int64))))
    objects += ["area", "iscrowd"].map { list($0, .int64) }
    objects.append(list("segmentation", .text))
    if hasVisibility { objects.append(list("visibility", .double)) }
    return [picture("image")] + ["image_id", "width", "height"].map { .leaf($0, .int64) } + [.group("objects", objects)]
      + planes.map { picture($0.name) }
  }

  /// The form of `datasets`' own files. "Sequence" is what all its versions read.
  private static func features(_ export: FormatExport, _ planes: [PlaneDescription], hasVisibility: Bool) -> String {
    var w = JSONWriter()
    func value(_ type: String) {
      w.beginObject()
      w.member("dtype", type)
      w.member("_type", "Value")
      w.endObject()
    }
    func sequence(_ feature: () -> Void) {
      w.beginObject()
      w.key("feature")
      feature()
      w.member("_type", "Sequence")
      w.endObject()
    }
    func picture() {
      w.beginObject()
      w.member("_type", "Image")
      w.endObject()
    }
    w.beginObject()
    w.key("info")
    w.beginObject()
    w.key("features")
    w.beginObject()
    w.key("image")
    picture()
    for name in ["image_id", "width", "height"] {
      w.key(text: name)
      value("int64")
    }
    w.key("objects")
    w.beginObject()
    for name in ["id", "category_id"] {
      w.key(text: name)
      sequence { value("int64") }
    }
    w.key("category")
    sequence {
      w.beginObject()
      w.key("names")
      w.beginArray()
      for c in export.classes.list { w.string(c.name) }
      w.endArray()
      w.member("_type", "ClassLabel")
      w.endObject()
    }
    w.key("bbox")
    sequence { sequence { value("int64") } }
    for name in ["area", "iscrowd"] {
      w.key(text: name)
      sequence { value("int64") }
    }
    w.key("segmentation")
    sequence { value("string") }
    if hasVisibility {
      w.key("visibility")
      sequence { value("float64") }
    }
    w.endObject()
    for p in planes {
      w.key(text: p.name)
      picture()
    }
    w.endObject()
    w.endObject()
    w.endObject()
    return String(decoding: w.bytes, as: UTF8.self)
  }

  /// The files' names say how many there are, which is known at the end.
  private func unnumbered(_ split: Int, _ shard: Int) -> String { "data/.\(export.splits[split])-\(shard)" }

  private func open(_ s: Int) throws(FormatError) {
    let output = try export.stream(unnumbered(s, splits[s].count))
    splits[s].file = try FormatError.files { () throws(FileError) in
      try ParquetFile(output, columns, metadata: [("huggingface", features)])
    }
    splits[s].count += 1
    splits[s].bytes = 0
  }

  private func close(_ s: Int) throws(FormatError) {
    let file = splits[s].file
    splits[s].file = nil
    try FormatError.files { () throws(FileError) in try file?.finish() }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    tally.add(frame)
    let (record, s) = (frame.record, frame.split)
    let objects = HubColumns.visible(frame)
    func integers(_ value: (ExportedInstance) -> Int) -> ParquetValue { .list(objects.map { .integer(value($0.0)) }) }
    var columns: [ParquetValue] = [
      integers { Int($0.record.id) }, integers { $0.category }, integers { $0.category - 1 },
      .list(objects.map { .list([$0.1.x, $0.1.y, $0.1.width, $0.1.height].map { .integer($0) }) }),
      integers { $0.record.visiblePixels }, integers { $0.isIgnored ? 1 : 0 },
      .list(objects.map { .bytes($0.0.record.mask.bytes) }),
    ]
    if hasVisibility { columns.append(.list(objects.map { .double($0.0.record.values.visibility?.visibility ?? 0) })) }
    let picture = try export.pictureBytes(of: frame)
    var bytes = picture.count
    var row: [ParquetValue] = [
      .group([.bytes(picture), .bytes(Array("\(frame.number).\(export.pictures.ending)".utf8))]),
      .integer(record.frame), .integer(record.width), .integer(record.height), .group(columns),
    ]
    for p in planes {
      let plane = try export.bytes(p.name, of: frame)
      bytes += plane.count
      row.append(.group([.bytes(plane), .bytes(Array("\(frame.number).png".utf8))]))
    }
    if splits[s].bytes > 0, splits[s].bytes + bytes > export.options.shardBytes {
      try close(s)
      try open(s)
    }
    splits[s].bytes += bytes
    let file = splits[s].file
    try FormatError.files { () throws(FileError) in try file?.add(row) }
  }

  func finish() throws(FormatError) {
    for s in splits.indices {
      try close(s)
      let n = splits[s].count
      for k in 0..<n {
        let from = export.path(unnumbered(s, k))
        let to = export.path("data/\(export.splits[s])-\(padded(k, 5))-of-\(padded(n, 5)).parquet")
        try FormatError.files { () throws(FileError) in try FileSystem.rename(from, to: to) }
      }
    }
    var card = DatasetCard()
    card.dataFiles = { "data/\($0)-*" }
    card.contents = HubColumns.contents(export, planes, category: "ClassLabel, the class from 0: category_id - 1.") {
      $0
    }
    try export.write(card.text(export, tally), to: "README.md")
  }
}
