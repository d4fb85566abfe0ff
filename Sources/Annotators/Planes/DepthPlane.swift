// `depth`: z along the optical axis in metres, 0 where nothing is seen; under a fisheye, half of whose view may lie at or
// behind z = 0, the distance from the camera's centre. As PNG in 16 bits of `output.depth_scale` metres, rounded half up
// and at least 1 where something is; as NPY or EXR (channel Z) in 32-bit floats.

import Documents
import Imaging
import Rasterization

struct DepthPlane: Annotator {
  static let manual = Manual(
    name: "depth",
    summary: "Depth along the optical axis (a fisheye's: distance) in metres; 0 where nothing is seen.",
    sample: "annotations: [{depth: {encoding: npy}}]", limits: "As PNG it ends at 65,535 steps of output.depth_scale.")
  static let fields: [Field<DepthPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits of output.depth_scale metres; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? PlaneDescription(
        "depth", .png, channels: ["Z"], bits: 16, scale: dataset.depthScale, unit: "m", isSmooth: true)
      : .floats("depth", encoding, channels: ["Z"], unit: "m")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    if encoding == .png { return .sixteen(try frame.depth()) }
    let depth = frame.rendered.gbuffer.depth
    return .floats(FloatImage(width: depth.width, height: depth.height, channels: 1, samples: depth.values))
  }
}
