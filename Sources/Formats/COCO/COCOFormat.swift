// `coco`: COCO detection and instance segmentation.
//
//     annotations/instances_SPLIT.json   a COCO file a split, see `COCOFile`
//     images/000012.png                  all pictures; `file_name` is relative to the exported folder
//
// Category ids are those of the classes after mapping, from 1, the same in every split. `--polygons outlines` writes masks
// without holes as polygons.

import Annotators
import Imaging
import Stage

final class COCOFormat: FormatWriter {
  static let manual = FormatManual(
    name: "coco", summary: "COCO detection and instance segmentation: a JSON file a split, exact masks.",
    carries: [
      .boxes: .carried, .masks: .carried, .keypoints: .lossy("the picture's alone, not those in space"),
    ], ignored: "iscrowd 1 and ignore 1",
    polygons: [.rle, .outlines])

  private let export: FormatExport
  private let files: [COCOFile]
  private var fragment = COCOFragment()

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    try export.makeFolder("annotations")
    var files: [COCOFile] = []
    for split in export.splits {
      let path = export.path("annotations/instances_\(split).json")
      files.append(
        try FormatError.files { () throws(FileError) in
          try COCOFile(path, description: export.dataset.title, categories: COCOFile.list(export.classes.list))
        })
    }
    self.files = files
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    let picture = try export.placePicture(of: frame, in: "images")
    fragment.removeAll()
    fragment.addImage(record, file: picture)
    for i in frame.instances {
      let outlines = export.polygons == .outlines && !i.isIgnored ? try frame.outlines(of: i) : nil
      fragment.addAnnotation(
        of: i.record, category: i.category, isIgnored: i.isIgnored, in: record, outlines: outlines)
    }
    try FormatError.files { () throws(FileError) in try files[frame.split].add(fragment) }
  }

  func finish() throws(FormatError) {
    try FormatError.files { () throws(FileError) in for f in files { try f.finish(sync: false) } }
  }
}
