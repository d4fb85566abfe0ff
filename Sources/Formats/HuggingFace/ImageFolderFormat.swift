// `hf-imagefolder`: a folder that Hugging Face `datasets` loads as it is.
//
//     SPLIT/000012.png
//     SPLIT/metadata.jsonl     a row a picture: file_name, image_id, width, height, objects, PLANE_file_name ...
//     SPLIT/depth/000012.png   ... other planes in PNG files
//     README.md                the dataset card; its head names the splits
//
// - `objects` is a list a column, of equal lengths: id, category_id (from 1), category (the name), bbox (COCO's), area, iscrowd,
//   segmentation (the counts of COCO's compressed run lengths) and, where the dataset has it, visibility. Every column has one
//   type in all rows, and every row has all of them, lists without members where nothing is seen.
// - `datasets` makes a picture of each column PLANE_file_name, and calls it PLANE.

import Annotators
import Documents
import Stage
import Imaging

final class ImageFolderFormat: FormatWriter {
  static let manual = FormatManual(
    name: "hf-imagefolder",
    summary: "Hugging Face imagefolder: pictures with a metadata.jsonl a split, and a dataset card.",
    carries: HubColumns.carries, ignored: "iscrowd 1", limits: HubColumns.limits)

  private let export: FormatExport
  private let planes: [PlaneDescription]
  private let hasVisibility: Bool
  private var rows: [OutputFile] = []
  private var tally: ExportTally

  init(_ export: FormatExport) throws(FormatError) {
    try HubColumns.check(export, ImageFolderFormat.name)
    self.export = export
    planes = export.labelPlanes { $0.file == .png }
    hasVisibility = export.has("visibility")
    tally = ExportTally(export)
    for split in export.splits { rows.append(try export.stream("\(split)/metadata.jsonl")) }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    tally.add(frame)
    let (record, split) = (frame.record, export.splits[frame.split])
    let picture = try export.placePicture(of: frame, in: split)
    var w = JSONWriter()
    w.beginObject()
    w.member("file_name", String(picture.dropFirst(split.count + 1)))
    w.member("image_id", record.frame)
    w.member("width", record.width)
    w.member("height", record.height)
    w.key("objects")
    writeObjects(HubColumns.visible(frame), to: &w)
    for p in planes {
      let name = "\(p.name)/\(frame.number).png"
      try export.place(p.name, of: frame, at: "\(split)/\(name)")
      w.key(text: p.name + "_file_name")
      w.string(name)
    }
    w.endObject()
    w.newline()
    let row = w.bytes
    try FormatError.files { () throws(FileError) in try rows[frame.split].write(row) }
  }

  private func writeObjects(_ objects: [(ExportedInstance, PixelBox)], to w: inout JSONWriter) {
    w.beginObject()
    w.key("id")
    w.list(objects.map { Int($0.0.record.id) })
    w.key("category_id")
    w.list(objects.map { $0.0.category })
    w.key("category")
    w.beginArray()
    for (i, _) in objects { w.string(export.classes.list[i.category - 1].name) }
    w.endArray()
    w.key("bbox")
    w.beginArray()
    for (_, b) in objects { w.integers(b.x, b.y, b.width, b.height) }
    w.endArray()
    w.key("area")
    w.list(objects.map { $0.0.record.visiblePixels })
    w.key("iscrowd")
    w.list(objects.map { $0.0.isIgnored ? 1 : 0 })
    w.key("segmentation")
    w.beginArray()
    for (i, _) in objects { i.record.mask.bytes.withUnsafeBufferPointer { w.string($0) } }
    w.endArray()
    if hasVisibility {
      w.key("visibility")
      w.beginArray()
      // With a point always: a column is of one type.
      for (i, _) in objects { w.verbatim("\(i.record.values.visibility?.visibility ?? 0)".utf8) }
      w.endArray()
    }
    w.endObject()
  }

  func finish() throws(FormatError) {
    try FormatError.files { () throws(FileError) in for f in rows { try f.commit(sync: false) } }
    var card = DatasetCard()
    card.dataFiles = { "\($0)/**" }
    card.contents = HubColumns.contents(export, planes, category: "The name of the class.") { $0 }
    try export.write(card.text(export, tally), to: "README.md")
  }
}
