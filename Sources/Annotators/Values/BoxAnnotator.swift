// `boxes`: which objects a record lists, and for each the bounds of its visible pixels: [x, y, w, h] by the pixels' edges,
// null where none is visible. Always there; as an option, objects of which little is seen can be left out of the records.
// Their pixels stay in the planes, and in what hides others.

import Documents

struct BoxAnnotator: Annotator {
  static let manual = Manual(
    name: "boxes", summary: "Objects with the bounds [x, y, w, h] of their visible pixels. Always there.",
    sample: "annotations: [{boxes: {least_pixels: 20}}]")
  static let fields: [Field<BoxAnnotator>] = [
    Field(
      "least_pixels", \.leastPixels,
      "Objects with fewer visible pixels are left out of the records. Default: 0, all are listed, hidden ones too.",
      in: .nonNegative)
  ]

  var leastPixels = 0
  var options: String { leastPixels == 0 ? "" : "least_pixels=\(leastPixels)" }
}
