// `depth`: z along the optical axis in metres, 0 where nothing is seen; under a fisheye, half of whose view may lie at or
// behind z = 0, the distance from the camera's centre. As PNG in 16 bits of `output.depth_scale` metres, rounded half up
// and at least 1 where something is; as NPY or EXR (channel Z) in 32-bit floats, worked out again from the triangles in
// double precision. The PNG has the depth that the picture was drawn by: where a lens bends the picture, that is of a ray
// within 1/512 pixel of the pixel's own, which on a surface seen at a very flat angle may come to a few 1e-4 of the depth.

import Documents
import Geometry
import Imaging
import Rasterization
import Stage

struct DepthPlane: Annotator {
  static let manual = Manual(
    name: "depth",
    summary: "Depth along the optical axis (a fisheye's: distance) in metres; 0 where nothing is seen.",
    sample: "annotations: [{depth: {encoding: npy}}]", limits: "As PNG it ends at 65,535 steps of output.depth_scale.")
  static let fields: [Field<DepthPlane>] = [
    Field("encoding", \.encoding, "png: 16 bits of output.depth_scale metres; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var geometry: GeometryChannels { encoding == .png ? [] : .cameraPosition }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? PlaneDescription(
        "depth", .png, channels: ["Z"], bits: 16, scale: dataset.depthScale, unit: "m", isSmooth: true)
      : .floats("depth", encoding, channels: ["Z"], unit: "m")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    if encoding == .png { return .sixteen(try frame.depth()) }
    guard let points = frame.surface.cameraPosition else { throw .missing("positions") }
    let isDistance = frame.frame.camera.depthIsDistance
    var depth = FloatImage(width: points.width, height: points.height, channels: 1)
    for k in depth.samples.indices {
      let p = Vector3(
        Double(points.samples[3 * k]), Double(points.samples[3 * k + 1]), Double(points.samples[3 * k + 2]))
      depth.samples[k] = Float(isDistance ? p.length : p.z)
    }
    return .floats(depth)
  }
}
