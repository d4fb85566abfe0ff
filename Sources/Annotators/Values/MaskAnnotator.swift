// `masks`: for each listed object its visible pixels as COCO's compressed run lengths. Visible masks do not overlap. Always
// there.

import Documents

struct MaskAnnotator: Annotator {
  static let manual = Manual(
    name: "masks", summary: "Visible pixels of each object as compressed run lengths. Always there.",
    sample: "annotations: [masks]")
  static let fields: [Field<MaskAnnotator>] = []
}
