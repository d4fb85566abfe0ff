// `normal`: the normal of the triangle that a pixel's centre sees, of unit length, in camera axes (+X right, +Y down, +Z
// forward), on the side that faces the camera. As PNG 16 bits a component, value = sample * 2 / 65535 - 1, and (0, 0, 0)
// where nothing is seen; as NPY or EXR floats, 0 there.

import Documents

struct NormalPlane: Annotator {
  static let manual = Manual(
    name: "normal", summary: "Unit normals of the triangles, in camera axes, towards the camera.",
    sample: "annotations: [normal]")
  static let fields: [Field<NormalPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits a component; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var geometry: GeometryChannels { .normal }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png ? .directions("normal") : .floats("normal", encoding, channels: ["X", "Y", "Z"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = frame.surface.normal else { throw .missing("normals") }
    return encoding == .png ? .raster(image.directions()) : .floats(image)
  }
}
