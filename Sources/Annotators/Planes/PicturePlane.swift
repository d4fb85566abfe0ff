// `rgb`: the picture, in `images/`. 8-bit sRGB, antialiased; the camera's chain of lens, sensor and development is in it.
// Every dataset has it.

import Documents
import Rasterization

struct PictureAnnotator: Annotator {
  static let manual = Manual(
    name: "rgb", summary: "The picture: 8-bit sRGB, antialiased. Always there.", sample: "annotations: [rgb]")
  static let fields: [Field<PictureAnnotator>] = []

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("rgb", .png, channels: ["R", "G", "B"], bits: 8, scale: 1 / 255.0, unit: "1", isSmooth: true)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage { .raster(frame.rendered.rgb) }
}
