// `metallic`: metalness of the surface that a pixel's centre sees, 0 dielectric to 1 metal.
// As PNG 16 bits, value = sample / 65535; as NPY or EXR floats. 0 where nothing is seen.

import Documents
import Rasterization

struct MetallicPlane: Annotator {
  static let manual = Manual(
    name: "metallic", summary: "Metalness, 0 dielectric to 1 metal.", sample: "annotations: [metallic]")
  static let fields: [Field<MetallicPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits, value = sample / 65535; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var needs: RenderNeeds { .metallic }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? .fractions("metallic", channels: ["M"]) : .floats("metallic", encoding, channels: ["M"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = try frame.surfaces().metallic else { throw .missing("metallic") }
    return encoding == .png ? .raster(image.fractions()) : .floats(image)
  }
}
