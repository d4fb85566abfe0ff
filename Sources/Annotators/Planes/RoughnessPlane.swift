// `roughness`: perceptual roughness (GGX alpha is its square) of the surface that a pixel's centre sees, as it is used: 0.045 to 1.
// As PNG 16 bits, value = sample / 65535; as NPY or EXR floats. 0 where nothing is seen.

import Documents
import Rasterization

struct RoughnessPlane: Annotator {
  static let manual = Manual(
    name: "roughness", summary: "Perceptual roughness as shading uses it, 0.045 to 1.",
    sample: "annotations: [roughness]")
  static let fields: [Field<RoughnessPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits, value = sample / 65535; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var needs: RenderNeeds { .roughness }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? .fractions("roughness", channels: ["R"]) : .floats("roughness", encoding, channels: ["R"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = try frame.surfaces().roughness else { throw .missing("roughness") }
    return encoding == .png ? .raster(image.fractions()) : .floats(image)
  }
}
