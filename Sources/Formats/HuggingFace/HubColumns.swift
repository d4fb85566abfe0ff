// What the two Hugging Face formats have in common: the columns, and what stands of them in the card.

import Annotators
import Stage

enum HubColumns {
  static let carries: [FormatContent: Carriage] = [
    .boxes: .carried, .masks: .carried, .visibility: .lossy("the visible share alone"), .instance: .carried,
    .semantic: .carried, .panoptic: .carried, .depth: .carried, .normal: .carried, .parts: .carried, .planes: .carried,
  ]

  static let limits =
    "Planes in PNG files alone; semantic and panoptic ones are left out where classes are mapped. Splits have names of "
    + "letters, digits and underscores."

  /// The Hub's loaders take nothing else as the name of a split.
  static func check(_ export: FormatExport, _ format: String) throws(FormatError) {
    for s in export.splits {
      let isPlain = s.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
      guard isPlain, !s.isEmpty else {
        throw .refused("\(format): found the split \"\(s)\", expected a name of letters, digits and underscores")
      }
    }
  }

  /// The instances that have a place in the columns: those that are seen.
  static func visible(_ frame: ExportedFrame) -> [(ExportedInstance, PixelBox)] {
    frame.instances.compactMap { i in i.record.box.map { (i, $0) } }
  }

  /// - Parameters:
  ///   - category: what `objects.category` is.
  ///   - plane: the column of a plane.
  static func contents(
    _ export: FormatExport, _ planes: [PlaneDescription], category: String, plane: (String) -> String
  ) -> [(name: String, meaning: String)] {
    var list = [
      (name: "image", meaning: "The picture."),
      (name: "image_id", meaning: "The frame's number."),
      (name: "width, height", meaning: "In pixels."),
      (name: "objects.id", meaning: "Of the instance, from 1; its value in the plane instance."),
      (name: "objects.category_id", meaning: "Of the class, from 1."),
      (name: "objects.category", meaning: category),
      (name: "objects.bbox", meaning: "x, y, width, height of the visible pixels by their outer edges, as in COCO."),
      (name: "objects.area", meaning: "The number of visible pixels."),
      (name: "objects.iscrowd", meaning: "1 for an instance below the export's thresholds."),
      (
        name: "objects.segmentation",
        meaning: "The visible pixels: the counts of COCO's compressed run lengths, for the size [height, width]."
      ),
    ]
    if export.has("visibility") {
      list.append((name: "objects.visibility", meaning: "Visible pixels over those that it would have alone."))
    }
    for p in planes {
      let meaning = export.dataset.annotation(p.name)?.meaning ?? ""
      let values = p.scale == 1 && p.offset == 0 ? "" : " Value * \(p.scale) + \(p.offset)."
      list.append((name: plane(p.name), meaning: "\(meaning) \(p.bits) bits, in \(p.unit).\(values)"))
    }
    return list
  }
}
