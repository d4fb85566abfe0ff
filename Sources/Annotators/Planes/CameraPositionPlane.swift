// `camera_position`: the surface point that a pixel's centre sees, in metres, in camera axes (+X right, +Y down, +Z forward).
// 32-bit floats in three channels X, Y, Z; 0 where nothing is seen. Positions are of any size and sign, so there is no PNG.

import Documents

struct CameraPositionPlane: Annotator {
  static let manual = Manual(
    name: "camera_position", summary: "Where the surface that a pixel sees lies in camera axes, metres.",
    sample: "annotations: [{camera_position: {encoding: exr}}]",
    limits: "The point (0, 0, 0) itself cannot be told from nothing; a depth or instance plane can.")
  static let fields: [Field<CameraPositionPlane>] = [
    Field("encoding", \.encoding, "npy or exr. Default: npy.")
  ]

  var encoding = FloatFile.npy
  var geometry: GeometryChannels { .cameraPosition }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    .floats("camera_position", encoding.file, channels: ["X", "Y", "Z"], unit: "m")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = frame.surface.cameraPosition else { throw .missing("positions") }
    return .floats(image)
  }
}
