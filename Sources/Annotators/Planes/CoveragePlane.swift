// `coverage`: antialiased alpha of the label: of the eight samples that the picture takes of a pixel, the share that has
// the label of its centre. 8 bits, value = sample / 255, in steps of 1/8 and never 0, for the centre is one of the eight.
// What carries no label counts as one with the background. Composite with it: pixel = coverage * own + (1 - coverage) *
// whatever lies at the other side of the edge.

import Documents
import Imaging
import Rasterization

struct CoveragePlane: Annotator {
  static let manual = Manual(
    name: "coverage", summary: "The share of a pixel's eight samples that have the label of its centre.",
    sample: "annotations: [instance, coverage]", limits: "In steps of an eighth, as the picture is antialiased.")
  static let fields: [Field<CoveragePlane>] = []

  var needs: RenderNeeds { .coverage }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("coverage", .png, channels: ["A"], bits: 8, scale: 1 / 255.0, unit: "1", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let eighths = try frame.surfaces().coverage else { throw .missing("coverage") }
    return .eight(
      Plane(width: eighths.width, height: eighths.height, values: eighths.values.map { UInt8((Int($0) * 255 + 4) / 8) })
    )
  }
}
