// `mots`: tracking with masks (Voigtlaender et al., "MOTS: Multi-object tracking and segmentation", 2019), in the folders of
// `SequenceFolders`, in both of its forms:
//
//     SPLIT/000003/instances/000001.png   16 bits: class * 1000 + id; 0 background, 10000 ignore
//     SPLIT/000003/gt/gt.txt              frame class*1000+id class height width rle
//
// Frames count from 1 in both. Masks are of the visible pixels, so they do not overlap. The class of what is below the export's
// thresholds is 10 with id 0: 10000, "ignore", one row a frame for all such pixels together. That leaves the classes 1 to 9.

import Annotators
import ImageCoding
import Imaging
import Stage

final class MOTSFormat: FormatWriter {
  static let manual = FormatManual(
    name: "mots", summary: "MOTS: tracking with masks, as 16-bit PNGs and as rows of run lengths.",
    carries: [.masks: .carried, .instance: .carried, .semantic: .lossy("of things alone")],
    ignored: "10000, the region to ignore", pictures: [.png],
    limits: "Scenes with time alone; at most 9 classes, and ids below 1,000. Classes of stuff are left out.")

  private static let ignored = 10000

  private let export: FormatExport
  private let folders: SequenceFolders

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    if let last = export.classes.list.last(where: { !$0.isStuff }), last.id > 9 {
      throw .refused(
        "mots: found \"\(last.name)\" as class \(last.id), expected things to be classes 1 to 9: 10 is the region to ignore; "
          + "--classes puts classes together and orders them")
    }
    folders = try SequenceFolders(export)
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    let folder = try folders.add(frame)
    var plane = Plane<UInt16>(width: record.width, height: record.height, repeating: 0)
    var hasIgnored = false
    var text: [UInt8] = []
    func add(_ code: Int, _ category: Int, _ mask: CompressedMask) {
      text += "\(folder.count) \(code) \(category) \(record.height) \(record.width) ".utf8
      text += mask.bytes
      text.append(0x0A)
    }
    for i in frame.instances where i.record.box != nil && !export.stuff.contains(i.category) {
      guard i.record.id < 1000 else {
        throw .refused("mots: frame \(record.frame): found the instance id \(i.record.id), expected less than 1000")
      }
      let code = i.isIgnored ? MOTSFormat.ignored : i.category * 1000 + Int(i.record.id)
      if i.isIgnored { hasIgnored = true } else { add(code, i.category, i.record.mask) }
      try frame.mask(of: i).paint(UInt16(code), into: &plane)
    }
    if hasIgnored {
      let mask = RunLengthMask(where: plane) { $0 == UInt16(MOTSFormat.ignored) }
      add(MOTSFormat.ignored, 10, mask.compressed)
    }
    let path = "\(folder.path)/instances/\(sixDigits(folder.count)).png"
    try export.writePNG(to: path) { [plane] e throws(ImageCodingError) in try e.write(plane, as: .ids) }
    try FormatError.files { () throws(FileError) in try folder.gt.write(text) }
  }

  func finish() throws(FormatError) { try folders.finish() }
}
