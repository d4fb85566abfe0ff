// `croissant`: Croissant 1.0 (MLCommons), metadata that says what the files of a dataset hold.
//
//     croissant.json       JSON-LD
//     images.csv           a row a picture: image_id, split, file_name, width, height, sha256
//     objects.csv          a row a visible instance: id, image_id, split, category_id, category, x, y, width, height, area,
//                          iscrowd, segmentation (the counts of COCO's compressed run lengths)
//     images/000012.png
//     README.md            the dataset card
//
// - `id` is COCO's annotation id, frame * 65536 + instance id. Boxes are COCO's.
// - Tables have their SHA-256 in croissant.json, pictures theirs in images.csv.
// - Croissant asks for a licence, a day of publication and a URL. They are the user's to say (`--license`, `--date`, `--url`):
//   what is not said is left out, and `diorama export` notes it.

import Annotators
import Imaging
import Stage

final class CroissantFormat: FormatWriter {
  static let manual = FormatManual(
    name: "croissant",
    summary: "Croissant 1.0: JSON-LD over pictures and tables of pictures and objects, with a dataset card.",
    carries: [.boxes: .carried, .masks: .carried], ignored: "iscrowd 1",
    limits: "`--license`, `--date` and `--url` say what the format wants to know and no dataset does.")

  private let export: FormatExport
  private let images: OutputFile
  private let objects: OutputFile
  private var hashes = (images: SHA256(), objects: SHA256())
  private var tally: ExportTally

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    tally = ExportTally(export)
    try export.makeFolder("images")
    images = try export.stream(CroissantDocument.images.file)
    objects = try export.stream(CroissantDocument.objects.file)
    try write(
      CSVRow.line(CroissantDocument.images.fields.map(\.name)),
      CSVRow.line(CroissantDocument.objects.fields.map(\.name)))
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    tally.add(frame)
    let (record, split) = (frame.record, export.splits[frame.split])
    let picture = try export.placePicture(of: frame, in: "images")
    var row = CSVRow()
    row.add(record.frame)
    row.add(split)
    row.add(String(picture.split(separator: "/").last ?? ""))
    row.add(record.width)
    row.add(record.height)
    // What was placed may be a link that leads nowhere until the folder has its name.
    let bytes =
      export.pictures == .png
      ? try export.pictureBytes(of: frame)
      : try FormatError.files { () throws(FileError) in try FileSystem.read(export.path(picture)) }
    row.add(SHA256.hexadecimal(of: bytes))
    row.end()
    var rows: [UInt8] = []
    for i in frame.instances {
      guard let box = i.record.box else { continue }
      var row = CSVRow()
      row.add(COCOFragment.annotationID(frame: record.frame, instance: i.record.id))
      row.add(record.frame)
      row.add(split)
      row.add(i.category)
      row.add(export.classes.list[i.category - 1].name)
      for n in [box.x, box.y, box.width, box.height, i.record.visiblePixels, i.isIgnored ? 1 : 0] { row.add(n) }
      row.add(String(decoding: i.record.mask.bytes, as: UTF8.self))
      row.end()
      rows += row.bytes
    }
    try write(row.bytes, rows)
  }

  private func write(_ i: [UInt8], _ o: [UInt8]) throws(FormatError) {
    hashes.images.update(i)
    hashes.objects.update(o)
    try FormatError.files { () throws(FileError) in
      try images.write(i)
      try objects.write(o)
    }
  }

  func finish() throws(FormatError) {
    try FormatError.files { () throws(FileError) in
      try images.commit(sync: false)
      try objects.commit(sync: false)
    }
    let document = CroissantDocument(
      export: export, frames: tally.frames, imagesHash: hashes.images.hexadecimal,
      objectsHash: hashes.objects.hexadecimal)
    try export.write(document.json, to: "croissant.json")
    var card = DatasetCard()
    card.contents = [
      (name: "croissant.json", meaning: "What the tables hold, for Croissant's readers."),
      (name: "images.csv", meaning: "A row a picture."),
      (name: "objects.csv", meaning: "A row a visible instance: its class, box and mask."),
      (name: "images/", meaning: "The pictures."),
    ]
    try export.write(card.text(export, tally), to: "README.md")
  }
}
