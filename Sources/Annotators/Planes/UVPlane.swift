// `uv`: the texture coordinates of the mesh where a pixel's centre sees it, before a material turns, scales and wraps them:
// (0, 0) is the upper left corner of a texture, v runs downwards. Floats in two channels U, V, of any size; 0 where nothing
// is seen.

import Documents

struct UVPlane: Annotator {
  static let manual = Manual(
    name: "uv", summary: "Texture coordinates of the meshes, as they are before materials turn and scale them.",
    sample: "annotations: [uv]", limits: "The point (0, 0) cannot be told from nothing; a depth or instance plane can.")
  static let fields: [Field<UVPlane>] = [Field("encoding", \.encoding, "npy or exr. Default: npy.")]

  var encoding = FloatFile.npy
  var geometry: GeometryChannels { .uv }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    .floats("uv", encoding.file, channels: ["U", "V"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard let image = frame.surface.uv else { throw .missing("texture coordinates") }
    return .floats(image)
  }
}
