// `world_position`: the surface point that a pixel's centre sees, in metres, in world axes (right-handed, +Z up).
// 32-bit floats in three channels X, Y, Z; 0 where nothing is seen. Positions are of any size and sign, so there is no PNG.

import Documents

struct WorldPositionPlane: Annotator {
  static let manual = Manual(
    name: "world_position", summary: "Where the surface that a pixel sees lies in the world, metres.",
    sample: "annotations: [{world_position: {encoding: exr}}]",
    limits: "The point (0, 0, 0) itself cannot be told from nothing; a depth or instance plane can.")
  static let fields: [Field<WorldPositionPlane>] = [
    Field("encoding", \.encoding, "npy or exr. Default: npy.")
  ]

  var encoding = FloatFile.npy
  var geometry: GeometryChannels { .worldPosition }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    .floats("world_position", encoding.file, channels: ["X", "Y", "Z"], unit: "m")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = frame.surface.worldPosition else { throw .missing("positions") }
    return .floats(image)
  }
}
