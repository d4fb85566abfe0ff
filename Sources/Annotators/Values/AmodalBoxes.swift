// `amodal_boxes`: bounds of the pixels that an object would own with everything else taken away.
//
//     "amodal_box": [x, y, w, h]         inside the image; null where it has no pixel there
//     "amodal_box_full": [x, y, w, h]    on an image plane without end, of the part beyond the camera's near plane; null
//                                        where it has none or has no end: see `visibility`

import Documents
import Rasterization

struct AmodalBoxes: Annotator {
  static let manual = Manual(
    name: "amodal_boxes",
    summary: "Bounds of each object with everything else taken away, cut to the image and on a plane without end.",
    sample: "annotations: [amodal_boxes]",
    limits: "No box beyond the image for what reaches through the near plane.")
  static let fields: [Field<AmodalBoxes>] = []

  var hasValues: Bool { true }
  var needs: RenderNeeds { [.amodal, .unbounded] }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      let region = try frame.amodal(k)
      instance.values.amodalBox = .some(region.mask.bounds.map { PixelBox(bounds: $0) })
      instance.values.fullBox = .some(region.unbounded?.bounds.map { PixelBox(bounds: $0) })
    }
  }
}

extension PixelBox {
  /// First column and row, then one more than the last.
  init(bounds b: SIMD4<Int>) { self.init(x: b.x, y: b.y, width: b.z - b.x, height: b.w - b.y) }
}
