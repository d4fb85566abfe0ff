// `albedo`: the base colour of the surface that a pixel's centre sees, linear RGB from 0 to 1: texture (filtered as in the picture), vertex
// colours, prints. A metal's is the colour that it mirrors.
// As PNG 16 bits, value = sample / 65535; as NPY or EXR floats. 0 where nothing is seen.

import Documents
import Rasterization

struct AlbedoPlane: Annotator {
  static let manual = Manual(
    name: "albedo", summary: "Base colours with textures, vertex colours and prints, linear RGB.",
    sample: "annotations: [albedo]")
  static let fields: [Field<AlbedoPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits, value = sample / 65535; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var needs: RenderNeeds { .albedo }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? .fractions("albedo", channels: ["R", "G", "B"])
      : .floats("albedo", encoding, channels: ["R", "G", "B"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = try frame.surfaces().albedo else { throw .missing("albedo") }
    return encoding == .png ? .raster(image.fractions()) : .floats(image)
  }
}
