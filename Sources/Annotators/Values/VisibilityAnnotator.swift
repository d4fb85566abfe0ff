// `visibility`: how much of each listed object is seen, from exact counts of pixels.
//
//     "visibility": {"amodal": 812, "unbounded": 1024, "visibility": 0.75, "occlusion": 0.25, "truncation": 0.207}
//
// - `amodal`: pixels inside the image that it would own with everything else taken away; `visible` stands in the core.
// - `unbounded`: the same on an image plane without end, of the part beyond the camera's near plane. Null where that has no
//   end: the object reaches through the near plane, where its picture is of any size, or farther than 32,768 pixels outside
//   the image. A lens that bends the picture goes on beyond the image as far as its formula is good: to where the polynomial
//   folds (an object that reaches over that has no end), or a fisheye's field of view ends. Null too where more than two
//   million pixels of it would have to be looked at.
// - `visibility` = visible / amodal, `occlusion` = 1 - visibility; null where amodal is 0.
// - `truncation` = 1 - amodal / unbounded: 1 where that has no end; null where there is nothing (the object is behind the
//   camera) or it is not counted.

import Documents
import Rasterization

struct VisibilityAnnotator: Annotator {
  static let manual = Manual(
    name: "visibility", summary: "Visibility, occlusion and truncation of each object, from exact counts of pixels.",
    sample: "annotations: [visibility]",
    limits: "Objects cut by the edges of a picture that a lens bends take time: a second for 600,000 pixels outside.")
  static let fields: [Field<VisibilityAnnotator>] = []

  var hasValues: Bool { true }
  var needs: RenderNeeds { [.amodal, .unbounded] }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      let region = try frame.amodal(k)
      instance.values.visibility = VisibilityRecord(
        visible: instance.visiblePixels, amodal: region.pixels, unbounded: region.unbounded?.pixels,
        isEndless: region.unbounded?.isEndless ?? false)
    }
  }
}

extension VisibilityRecord {
  /// What follows from counts.
  public init(visible: Int, amodal: Int, unbounded: Int?, isEndless: Bool) {
    var truncation: Double?
    if isEndless {
      truncation = 1
    } else if let unbounded, unbounded > 0 {
      truncation = 1 - Double(amodal) / Double(unbounded)
    }
    self.init(
      amodalPixels: amodal, unboundedPixels: unbounded,
      visibility: amodal > 0 ? Double(visible) / Double(amodal) : nil, truncation: truncation)
  }
}
