// `mot`: MOTChallenge tracking (Milan et al., "MOT16", 2016), in the folders of `SequenceFolders`. Rows of gt.txt:
//
//     frame,id,left,top,width,height,confidence,class,visibility
//
// - Frames, left and top count from 1. Rows are in order of frames.
// - The box is amodal and may reach beyond the picture; where an object reaches through the near plane, so that it has no box on
//   an image plane without end, it is cut to the picture, which is reported.
// - Everything with a pixel inside the picture, hidden or not, has a row.
// - confidence: 0 for what is below the export's thresholds, which evaluation passes over; else 1.
// - visibility: visible pixels over those on an image plane without end; so both occlusion and the picture's border count. Where
//   those are not known, over those inside the picture.

import Annotators
import Stage

final class MOTFormat: FormatWriter {
  static let manual = FormatManual(
    name: "mot", summary: "MOTChallenge tracking: a folder a sequence, a row a box.",
    carries: [
      .amodalBoxes: .carried, .visibility: .lossy("one share, of occlusion and truncation together"),
    ],
    needs: [
      FormatNeed("amodal_boxes", purpose: "boxes"), FormatNeed("visibility", purpose: "the column of visibility"),
    ], ignored: "confidence 0", pictures: [.png], limits: "Scenes with time alone. Classes of stuff are left out.")

  private let export: FormatExport
  private let folders: SequenceFolders

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    folders = try SequenceFolders(export)
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let folder = try folders.add(frame)
    var text = ""
    for i in frame.instances where !export.stuff.contains(i.category) {
      let values = i.record.values
      guard let inside = values.amodalBox, let visibility = values.visibility else {
        throw .refused(
          "frame \(frame.record.frame), instance \(i.record.id): found no amodal_box or visibility, expected both as the "
            + "dataset's head says")
      }
      guard let inside else { continue }
      if values.fullBox.flatMap({ $0 }) == nil { export.lose(.amodalBoxes, "boxes without an end, cut to the picture") }
      let box = values.fullBox.flatMap { $0 } ?? inside
      let pixels = visibility.unboundedPixels ?? visibility.amodalPixels
      let share = pixels > 0 ? Double(i.record.visiblePixels) / Double(pixels) : 0
      text +=
        "\(folder.count),\(i.record.id),\(box.x + 1),\(box.y + 1),\(box.width),\(box.height),\(i.isIgnored ? 0 : 1),"
        + "\(i.category),\(decimal(share, 5))\n"
    }
    let rows = Array(text.utf8)
    try FormatError.files { () throws(FileError) in try folder.gt.write(rows) }
  }

  func finish() throws(FormatError) { try folders.finish() }
}
