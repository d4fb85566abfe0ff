// `webdataset`: tar shards of samples.
//
//     SPLIT-000000.tar     samples one after another, each of
//       000012.png           the picture
//       000012.json          its annotations
//       000012.depth.png     ... every other plane, as it is in the dataset
//     index.json           the categories, and the shards of each split with their counts
//
// - A sample's key is its frame's number; a new shard begins where one would get more than `--shard-size`.
// - The JSON: image_id, width, height, camera, parameters, and `objects`, the visible instances: id, category_id (from 1),
//   category, name, bbox (COCO's), area, iscrowd, segmentation (COCO's compressed run lengths), and all other values of the
//   instance's record under the names that they have there. `hidden` lists the instances of which nothing is seen.
// - Instance planes hold the records' ids, those of dropped classes too. Semantic and panoptic planes hold the dataset's
//   classes, so they stay out where classes are mapped.
// - Archives are plain ustar as in the dataset's tar layout, the same bytes every time; a split without frames has none.

import Annotators
import Documents
import Imaging
import Stage

final class WebDatasetFormat: FormatWriter {
  static let manual = FormatManual(
    name: "webdataset", summary: "WebDataset: tar shards with pictures, planes and a JSON of annotations a sample.",
    carries: [
      .boxes: .carried, .amodalBoxes: .carried, .masks: .carried, .amodalMasks: .carried, .orientedBoxes: .carried,
      .boxes3D: .carried, .poses: .carried, .camera: .carried, .depth: .carried, .flow: .carried, .normal: .carried,
      .instance: .carried, .semantic: .carried, .panoptic: .carried, .parts: .carried, .visibility: .carried,
      .occluders: .carried, .attributes: .carried, .imageLabels: .carried, .planes: .carried,
    ], ignored: "iscrowd 1",
    limits: "Semantic and panoptic planes are left out where classes are mapped.")

  private let export: FormatExport
  private let planes: [PlaneDescription]
  private var splits: [ShardedSplit]

  /// The shards of a split.
  private struct ShardedSplit {
    var file: OutputFile?
    var bytes = 0
    /// Samples of each shard.
    var counts: [Int] = []
  }

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    planes = export.labelPlanes { _ in true }
    splits = export.splits.map { _ in ShardedSplit() }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    var sample = TarSample()
    func put(_ ending: String, _ bytes: [UInt8]) throws(FormatError) {
      guard bytes.count <= TarSample.largestFile else {
        throw .refused(
          "webdataset: frame \(frame.record.frame): found a file of \(bytes.count) bytes, expected less than 8 GiB")
      }
      sample.add("\(frame.number).\(ending)", bytes)
    }
    try put(export.pictures.ending, try export.pictureBytes(of: frame))
    try put("json", json(of: frame))
    for p in planes { try put("\(p.name).\(p.file.rawValue)", try export.bytes(p.name, of: frame)) }
    try write(sample.bytes, split: frame.split)
  }

  private func write(_ sample: [UInt8], split s: Int) throws(FormatError) {
    if splits[s].bytes + sample.count + TarSample.end.count > export.options.shardBytes { try close(s) }
    let file: OutputFile
    if let open = splits[s].file {
      file = open
    } else {
      file = try export.stream(name(split: s, shard: splits[s].counts.count))
      splits[s].file = file
      splits[s].counts.append(0)
    }
    try FormatError.files { () throws(FileError) in try file.write(sample) }
    splits[s].bytes += sample.count
    splits[s].counts[splits[s].counts.count - 1] += 1
  }

  private func name(split: Int, shard: Int) -> String { "\(export.splits[split])-\(sixDigits(shard)).tar" }

  private func close(_ s: Int) throws(FormatError) {
    guard let file = splits[s].file else { return }
    (splits[s].file, splits[s].bytes) = (nil, 0)
    try FormatError.files { () throws(FileError) in
      try file.write(TarSample.end)
      try file.commit(sync: false)
    }
  }

  private func json(of frame: ExportedFrame) -> [UInt8] {
    let record = frame.record
    var w = JSONWriter()
    w.beginObject()
    w.member("image_id", record.frame)
    w.member("width", record.width)
    w.member("height", record.height)
    w.key("camera")
    record.camera.write(to: &w)
    if let image = record.image {
      w.key("parameters")
      w.named(image.parameters)
    }
    for (key, isSeen) in [("objects", true), ("hidden", false)] as [(StaticString, Bool)] {
      w.key(key)
      w.beginArray()
      for i in frame.instances where (i.record.box != nil) == isSeen { write(i, of: record, to: &w) }
      w.endArray()
    }
    w.endObject()
    w.newline()
    return w.bytes
  }

  private func write(_ i: ExportedInstance, of record: FrameRecord, to w: inout JSONWriter) {
    w.beginObject()
    w.member("id", i.record.id)
    w.member("category_id", i.category)
    w.member("category", export.classes.list[i.category - 1].name)
    w.member("name", i.record.name)
    if let box = i.record.box {
      w.key("bbox")
      w.integers(box.x, box.y, box.width, box.height)
      w.member("area", i.record.visiblePixels)
      w.member("iscrowd", i.isIgnored ? 1 : 0)
      w.key("segmentation")
      w.beginObject()
      w.key("size")
      w.integers(record.height, record.width)
      w.key("counts")
      i.record.mask.bytes.withUnsafeBufferPointer { w.string($0) }
      w.endObject()
    }
    i.record.values.writeMembers(to: &w)
    w.endObject()
  }

  func finish() throws(FormatError) {
    for s in splits.indices { try close(s) }
    var w = JSONWriter()
    w.beginObject()
    w.key("categories")
    w.verbatim(COCOFile.list(export.classes.list))
    w.key("splits")
    w.beginObject()
    for (s, split) in export.splits.enumerated() {
      w.key(text: split)
      w.beginArray()
      for (k, n) in splits[s].counts.enumerated() {
        w.beginObject()
        w.member("file", name(split: s, shard: k))
        w.member("samples", n)
        w.endObject()
      }
      w.endArray()
    }
    w.endObject()
    w.endObject()
    w.newline()
    try export.write(w.bytes, to: "index.json")
  }
}

extension FormatExport {
  /// The planes beside the picture that can be handed on as they are; of the others it is noted that they are lost.
  func labelPlanes(_ isTaken: (PlaneDescription) -> Bool) -> [PlaneDescription] {
    var list: [PlaneDescription] = []
    for a in dataset.annotations {
      guard let plane = a.plane, let content = FormatContent(annotation: a.name) else { continue }
      if let wanted = options.wanted, !wanted.contains(content) { continue }
      if !classes.isIdentity, content == .semantic || content == .panoptic {
        loseAll(content, "the plane \(a.name) holds the dataset's own classes, and classes are mapped")
      } else if !isTaken(plane) {
        loseAll(content, "the plane \(a.name) is in a file of floats (\(plane.file.rawValue)), not a PNG")
      } else {
        list.append(plane)
      }
    }
    return list
  }
}
