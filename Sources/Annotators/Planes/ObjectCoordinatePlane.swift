// `object_coordinates`: where on its object the surface lies that a pixel sees: normalized object coordinates (Wang et al.,
// "Normalized object coordinate space for category-level 6D object pose and size estimation", 2019), in the frame of the
// object's mesh, before scale and pose.
//
// - `scaling: axes` (default): each axis of the mesh's bounding box to 0...1: the lower corner is (0, 0, 0), the upper (1, 1,
//   1). An axis along which the box is flat is 1/2.
// - `scaling: diagonal`: all axes alike, so that the box's diagonal is 1 long and its middle (1/2, 1/2, 1/2): the paper's.
//
// As PNG 16 bits a component, value = sample / 65535, 0 also where nothing is seen; as NPY or EXR floats. Unlabelled
// surfaces have coordinates too.

import Documents
import Geometry
import Imaging
import Rasterization
import Stage

struct ObjectCoordinatePlane: Annotator {
  enum Scaling: String, DocumentWord { case axes, diagonal }

  static let manual = Manual(
    name: "object_coordinates",
    summary: "Normalized object coordinates (NOCS): the object's box is 0 to 1 along each axis.",
    sample: "annotations: [{object_coordinates: {scaling: diagonal}}]",
    limits: "The lower corner of a box has the code of nothing; the instance plane tells them apart.")
  static let fields: [Field<ObjectCoordinatePlane>] = [
    Field(
      "scaling", \.scaling, "axes: each axis to 0...1; diagonal: all alike, the diagonal is 1 long. Default: axes."),
    Field("encoding", \.encoding, "png: 16 bits a component; npy, exr: floats. Default: png."),
  ]

  var scaling = Scaling.axes
  var encoding = PlaneDescription.File.png
  var geometry: GeometryChannels { .objectPosition }
  var options: String { scaling == .axes ? "" : "scaling=diagonal" }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    encoding == .png
      ? .fractions("object_coordinates", channels: ["X", "Y", "Z"])
      : .floats("object_coordinates", encoding, channels: ["X", "Y", "Z"], unit: "1")
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    guard var image = frame.surface.objectPosition else { throw .missing("object positions") }
    let boxes = frame.frame.instances.map { instance -> (low: Vector3, factor: Vector3, flat: Vector3) in
      let (low, high) = (instance.mesh.lowerBound, instance.mesh.upperBound)
      let size = high - low
      if scaling == .diagonal {
        let factor = size.length > 0 ? 1 / size.length : 0
        // The middle of the box becomes 1/2.
        let half = Vector3(0.5, 0.5, 0.5)
        return ((low + high) / 2, Vector3(factor, factor, factor), half)
      }
      func inverse(_ s: Double) -> Double { s > 0 ? 1 / s : 0 }
      func middle(_ s: Double) -> Double { s > 0 ? 0 : 0.5 }
      return (
        low, Vector3(inverse(size.x), inverse(size.y), inverse(size.z)),
        Vector3(middle(size.x), middle(size.y), middle(size.z))
      )
    }
    let index = frame.rendered.gbuffer.instanceIndex.values
    for k in index.indices where index[k] != GBuffer.nothing {
      let box = boxes[Int(index[k])]
      for c in 0..<3 {
        let p = (Double(image.samples[3 * k + c]) - box.low[c]) * box.factor[c] + box.flat[c]
        image.samples[3 * k + c] = Float(min(max(p, 0), 1))
      }
    }
    return encoding == .png ? .raster(image.fractions()) : .floats(image)
  }
}
