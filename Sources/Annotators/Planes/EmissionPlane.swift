// `emission`: the light that the surface itself sends out where a pixel's centre sees it, linear RGB before exposure; 1 is white at
// exposure 0. Layers on top do not dim it here.
// Floats in three channels R, G, B (light has no upper end, so there is no PNG); 0 where nothing is seen.

import Documents
import Rasterization

struct EmissionPlane: Annotator {
  static let manual = Manual(
    name: "emission", summary: "Emitted light, linear RGB; 1 is white at exposure 0.",
    sample: "annotations: [{emission: {encoding: npy}}]")
  static let fields: [Field<EmissionPlane>] = [Field("encoding", \.encoding, "exr or npy. Default: exr.")]

  var encoding = FloatFile.exr
  var needs: RenderNeeds { .emission }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    .floats("emission", encoding.file, channels: ["R", "G", "B"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = try frame.surfaces().emission else { throw .missing("emission") }
    return .floats(image)
  }
}
