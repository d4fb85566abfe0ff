// `coco-panoptic`: things and stuff in one image of segments a picture.
//
//     annotations/panoptic_SPLIT.json         images, annotations with segments_info, categories
//     annotations/panoptic_SPLIT/000012.png   8-bit RGB, segment id = R + 256 G + 65536 B, 0 = void
//     images/000012.png                       all pictures
//
// A thing's segment has its instance's id; all visible pixels of a stuff class are one segment, of id 2^23 + the class's. The
// segments are drawn from the visible masks, so nothing but those is needed. One below the thresholds has `iscrowd` 1.
// Pixels of dropped classes are void.
//
// panopticapi's reader wants three further things: ids that match both ways, which masks without overlap give; `isthing` and
// `color` of every category; and, or its averages divide by zero, at least one class of stuff and one of things.

import Annotators
import Documents
import ImageCoding
import Imaging
import Stage

final class COCOPanoptic: FormatWriter {
  static let manual = FormatManual(
    name: "coco-panoptic", summary: "COCO panoptic segmentation: a PNG of segments a picture, and their list.",
    carries: [.boxes: .carried, .masks: .carried, .panoptic: .carried, .semantic: .carried, .instance: .carried],
    ignored: "segments with iscrowd 1",
    limits: "Readers want at least one class of stuff (`stuff: true` in the scene) and one of things.")

  private let export: FormatExport
  private let files: [COCOFile]
  private let isStuff: Set<Int>

  /// Added to a stuff class's id.
  static let stuff: UInt32 = 1 << 23

  private struct Segment {
    var category: Int
    var pixels: Int
    var box: PixelBox
    var isIgnored: Bool
  }

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    isStuff = Set(export.classes.list.filter(\.isStuff).map(\.id))
    if isStuff.isEmpty || isStuff.count == export.classes.list.count {
      export.loseAll(
        .panoptic, "no class of \(isStuff.isEmpty ? "stuff" : "things"): panopticapi's averages divide by zero")
    }
    var files: [COCOFile] = []
    for split in export.splits {
      try export.makeFolder("annotations/panoptic_" + split)
      files.append(
        try FormatError.files { () throws(FileError) in
          try COCOFile(
            export.path("annotations/panoptic_\(split).json"), description: export.dataset.title,
            categories: COCOPanoptic.categories(export.classes.list))
        })
    }
    self.files = files
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    var fragment = COCOFragment()
    fragment.addImage(record, file: try export.placePicture(of: frame, in: "images"))
    var segments: [UInt32: Segment] = [:]
    var pixels = [UInt8](repeating: 0, count: record.width * record.height * 3)
    for i in frame.instances {
      guard let box = i.record.box else { continue }
      let isThing = !isStuff.contains(i.category)
      let id = isThing ? i.record.id : COCOPanoptic.stuff + UInt32(i.category)
      guard !isThing || id < COCOPanoptic.stuff else {
        throw .refused("frame \(record.frame): found the instance id \(id), expected less than \(COCOPanoptic.stuff)")
      }
      var s =
        segments[id]
        ?? Segment(category: i.category, pixels: 0, box: box, isIgnored: isThing && i.isIgnored)
      s.pixels += i.record.visiblePixels
      s.box = s.box.union(box)
      segments[id] = s
      let mask = try frame.mask(of: i)
      mask.forEachRun { x, rows in
        for y in rows {
          let p = 3 * (y * record.width + x)
          pixels[p] = UInt8(truncatingIfNeeded: id)
          pixels[p + 1] = UInt8(truncatingIfNeeded: id >> 8)
          pixels[p + 2] = UInt8(truncatingIfNeeded: id >> 16)
        }
      }
    }
    let name = frame.number + ".png"
    let image = RasterImage(width: record.width, height: record.height, channels: 3, samples: .eight(pixels))
    try export.writePNG(to: "annotations/panoptic_\(export.splits[frame.split])/\(name)") {
      e throws(ImageCodingError) in
      try e.write(image, as: .ids, isSRGB: false)
    }
    var w = JSONWriter()
    w.beginObject()
    w.member("image_id", record.frame)
    w.member("file_name", name)
    w.key("segments_info")
    w.beginArray()
    for (id, s) in segments.sorted(by: { $0.key < $1.key }) {
      w.beginObject()
      w.member("id", id)
      w.member("category_id", s.category)
      w.member("area", s.pixels)
      w.key("bbox")
      w.integers(s.box.x, s.box.y, s.box.width, s.box.height)
      w.member("iscrowd", s.isIgnored ? 1 : 0)
      w.endObject()
    }
    w.endArray()
    w.endObject()
    fragment.addAnnotation(json: w.bytes)
    try FormatError.files { () throws(FileError) in try files[frame.split].add(fragment) }
  }

  func finish() throws(FormatError) {
    try FormatError.files { () throws(FileError) in for f in files { try f.finish(sync: false) } }
  }

  private static func categories(_ list: [Stage.Category]) -> [UInt8] {
    COCOFile.list(list) { c, w in
      w.member("isthing", c.isStuff ? 0 : 1)
      w.key("color")
      let color = VOCPalette.color(c.id)
      w.integers(Int(color.0), Int(color.1), Int(color.2))
    }
  }
}
