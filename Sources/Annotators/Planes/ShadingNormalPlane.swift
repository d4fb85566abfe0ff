// `shading_normal`: the normal that light is reckoned with, of unit length, in camera axes, towards the camera: mixed from
// the corners of the triangle, with the bumps of normal maps. Stored as `normal` is.

import Documents
import Rasterization

struct ShadingNormalPlane: Annotator {
  static let manual = Manual(
    name: "shading_normal", summary: "Unit normals as shading uses them, smooth and with normal maps, in camera axes.",
    sample: "annotations: [{shading_normal: {encoding: exr}}]")
  static let fields: [Field<ShadingNormalPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits a component; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var needs: RenderNeeds { .shadingNormal }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? .directions("shading_normal") : .floats("shading_normal", encoding, channels: ["X", "Y", "Z"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = try frame.surfaces().shadingNormal else { throw .missing("shading normals") }
    return encoding == .png ? .raster(image.directions()) : .floats(image)
  }
}
