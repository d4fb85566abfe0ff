// `csv`: labels of whole pictures as tables, for classification, regression and statistics.
//
//     images_SPLIT.csv    a row a picture: image_id, file_name, width, height, objects, "count:CLASS" ..., "parameter:NAME" ...
//     objects_SPLIT.csv   a row a visible instance: image_id, id, category_id, category, x, y, width, height, area, ignored,
//                         visibility, "attribute:NAME" ...
//     images/000012.png
//
// - "count:CLASS" is how many instances of the class are seen, within the thresholds; "objects" is their sum.
// - Parameters are what the scene drew and named; attributes are the objects'. A column is there for every name that any row
//   has, in order of names; a cell is empty where the row has none. Lists of numbers are JSON.
// - Numbers are the shortest that read back to the same bits. UTF-8, RFC 4180, lines end with a newline alone.

import Annotators
import Imaging
import Stage

final class LabelTableFormat: FormatWriter {
  static let manual = FormatManual(
    name: "csv", summary: "Tables of whole-picture labels: counts by class, sampled parameters, attributes of objects.",
    carries: [
      .boxes: .carried, .imageLabels: .carried, .attributes: .carried, .visibility: .lossy("the visible share alone"),
    ],
    needs: [FormatNeed("image_labels", purpose: "the sampled parameters of each picture")], ignored: "ignored 1")

  private let export: FormatExport
  private var images: [FreeTable] = []
  private var objects: [FreeTable] = []

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    for split in export.splits {
      images.append(
        try FreeTable(
          export, "images_\(split).csv",
          header: ["image_id", "file_name", "width", "height", "objects"]
            + export.classes.list.map { "count:" + $0.name },
          prefix: "parameter:"))
      objects.append(
        try FreeTable(
          export, "objects_\(split).csv",
          header: [
            "image_id", "id", "category_id", "category", "x", "y", "width", "height", "area", "ignored", "visibility",
          ], prefix: "attribute:"))
    }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    let picture = try export.placePicture(of: frame, in: "images")
    var counts = export.classes.list.map { _ in 0 }
    for i in frame.instances {
      guard let box = i.record.box else { continue }
      if !i.isIgnored { counts[i.category - 1] += 1 }
      var row = CSVRow()
      for n in [record.frame, Int(i.record.id), i.category] { row.add(n) }
      row.add(export.classes.list[i.category - 1].name)
      for n in [box.x, box.y, box.width, box.height, i.record.visiblePixels, i.isIgnored ? 1 : 0] { row.add(n) }
      row.add(i.record.values.visibility?.visibility.map { "\($0)" } ?? "")
      try objects[frame.split].add(row, i.record.values.attributes ?? [])
    }
    var row = CSVRow()
    row.add(record.frame)
    row.add(picture)
    for n in [record.width, record.height, counts.reduce(0, +)] + counts { row.add(n) }
    try images[frame.split].add(row, record.image?.parameters ?? [])
  }

  func finish() throws(FormatError) { for t in images + objects { try t.finish() } }
}
