// `distance`: Euclidean distance from the camera's origin in metres, 0 where nothing is seen. Stored as `depth` is. An
// orthographic camera's rays have no common centre: its origin is where its axes meet.

import Documents
import Geometry
import Imaging
import Rasterization
import Stage

struct DistancePlane: Annotator {
  static let manual = Manual(
    name: "distance", summary: "Euclidean distance from the camera's origin in metres; 0 where nothing is seen.",
    sample: "annotations: [distance]", limits: "As PNG it ends at 65,535 steps of output.depth_scale.")
  static let fields: [Field<DistancePlane>] = [
    Field("encoding", \.encoding, "png: 16 bits of output.depth_scale metres; npy, exr: floats. Default: png.")
  ]

  var encoding = PlaneDescription.File.png
  var geometry: GeometryChannels { .cameraPosition }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? PlaneDescription(
        "distance", .png, channels: ["D"], bits: 16, scale: dataset.depthScale, unit: "m", isSmooth: true)
      : .floats("distance", encoding, channels: ["D"], unit: "m")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    let points = frame.surface.cameraPosition?.samples ?? []
    let (width, height) = (frame.frame.width, frame.frame.height)
    let metres = (0..<width * height).map { (k: Int) -> Float in
      let p = Vector3(Double(points[3 * k]), Double(points[3 * k + 1]), Double(points[3 * k + 2]))
      return Float(p.length)
    }
    if encoding != .png {
      return .floats(FloatImage(width: width, height: height, channels: 1, samples: metres))
    }
    let labels = LabelPlanes(categories: [])
    try labels.fillDepth(Plane(width: width, height: height, values: metres), scale: frame.dataset.depthScale)
    return .sixteen(labels.depth)
  }
}
