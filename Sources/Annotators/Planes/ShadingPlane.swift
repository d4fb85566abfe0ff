// `shading`: intrinsic images' other half: the linear RGB radiance that a white matt surface (albedo 1, no reflection) with the same
// shading normal would send to the camera there: sun, lamps and light from all around, with shadows and occlusion; 1 is
// white at exposure 0. Where a surface mirrors nothing, picture = albedo * shading + emission in linear light.
// Floats in three channels R, G, B (light has no upper end, so there is no PNG); 0 where nothing is seen.

import Documents
import Rasterization

struct ShadingPlane: Annotator {
  static let manual = Manual(
    name: "shading", summary: "The light that a white matt surface would send to the camera, linear RGB, with shadows.",
    sample: "annotations: [{shading: {encoding: npy}}]")
  static let fields: [Field<ShadingPlane>] = [Field("encoding", \.encoding, "exr or npy. Default: exr.")]

  var encoding = FloatFile.exr
  var needs: RenderNeeds { .shading }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    .floats("shading", encoding.file, channels: ["R", "G", "B"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = try frame.surfaces().shading else { throw .missing("shading") }
    return .floats(image)
  }
}
