// `lvis`: LVIS v1, COCO's form with what federated evaluation needs.
//
//     annotations/lvis_SPLIT.json
//     images/000012.png
//
// - A rendered picture is labelled exhaustively: `neg_category_ids` are all classes that it shows nothing of.
// - LVIS has no `iscrowd`. An instance below the thresholds is left out and its class goes into the picture's
//   `not_exhaustive_category_ids`: what is found of it there is not counted as false.
// - Of each category: `image_count` and `instance_count` in the split; `frequency` by LVIS's bounds, r up to 10 pictures, c up to
//   100, f above; `synset`, `synonyms` and `def` from the class's name, since a scene knows no WordNet.
// - `coco_url` is the picture's path in the export; readers take its last two parts.

import Annotators
import Documents
import Imaging
import Stage

final class LVISFormat: FormatWriter {
  static let manual = FormatManual(
    name: "lvis", summary: "LVIS v1 instance segmentation: COCO's form with counts and lists of absent classes.",
    carries: [.boxes: .carried, .masks: .carried], ignored: "left out, their class in not_exhaustive_category_ids",
    polygons: [.rle, .outlines], limits: "`synset` and `def` hold the class's name.")

  private let export: FormatExport
  private let files: [COCOFile]
  private var fragment = COCOFragment()
  /// For each split, by class.
  private var counts: [[(images: Int, instances: Int)]]

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    counts = export.splits.map { _ in export.classes.list.map { _ in (0, 0) } }
    try export.makeFolder("annotations")
    var files: [COCOFile] = []
    for split in export.splits {
      files.append(
        try FormatError.files { () throws(FileError) in
          try COCOFile(export.path("annotations/lvis_\(split).json"), description: export.dataset.title)
        })
    }
    self.files = files
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    var (shown, partly): (Set<Int>, Set<Int>) = ([], [])
    fragment.removeAll()
    for i in frame.instances where i.record.box != nil {
      guard !i.isIgnored else {
        partly.insert(i.category)
        continue
      }
      shown.insert(i.category)
      counts[frame.split][i.category - 1].instances += 1
      let outlines = export.polygons == .outlines ? try frame.outlines(of: i) : nil
      fragment.addAnnotation(
        of: i.record, category: i.category, isIgnored: false, in: record, outlines: outlines, hasCrowd: false)
    }
    for c in shown { counts[frame.split][c - 1].images += 1 }
    let absent = export.classes.list.map(\.id).filter { !shown.contains($0) && !partly.contains($0) }
    let picture = try export.placePicture(of: frame, in: "images")
    fragment.addImage(record, file: picture) { w in
      w.member("coco_url", picture)
      w.key("neg_category_ids")
      w.list(absent)
      w.key("not_exhaustive_category_ids")
      w.list(partly.sorted())
    }
    try FormatError.files { () throws(FileError) in try files[frame.split].add(fragment) }
  }

  func finish() throws(FormatError) {
    for (file, counts) in zip(files, counts) {
      let categories = COCOFile.list(export.classes.list) { c, w in
        let n = counts[c.id - 1]
        w.member("image_count", n.images)
        w.member("instance_count", n.instances)
        w.member("frequency", n.images > 100 ? "f" : n.images > 10 ? "c" : "r")
        w.member("synset", c.name + ".n.01")
        w.key("synonyms")
        w.beginArray()
        w.string(c.name)
        w.endArray()
        w.member("def", c.name)
      }
      try FormatError.files { () throws(FileError) in try file.finish(sync: false, categories: categories) }
    }
  }
}

extension JSONWriter {
  mutating func list(_ values: [Int]) {
    beginArray()
    for v in values { integer(v) }
    endArray()
  }
}
