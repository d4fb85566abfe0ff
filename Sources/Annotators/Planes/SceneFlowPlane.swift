// `scene_flow`: how far the surface point that a pixel's centre sees moves in space to the frame after it, in metres.
//
// - `axes: world` (default): in world axes, the object's movement alone; 0 for what stands still, however the camera moves.
// - `axes: camera`: its place in the next camera's axes less its place in this one's, the camera's movement included.
//
// X, Y, Z and M as floats: M is 1 where there is a surface and a frame after it, whether it is seen there or not, else all
// are 0.

import Documents
import Imaging
import Stage

struct SceneFlowPlane: Annotator {
  enum Axes: String, DocumentWord { case world, camera }

  static let manual = Manual(
    name: "scene_flow", summary: "Movement in space of the seen surface to the frame after it, metres.",
    sample: "annotations: [{scene_flow: {axes: camera}}]",
    limits: "Where a mesh has other triangles in the other frame, nothing is said. An environment has none.")
  static let fields: [Field<SceneFlowPlane>] = [
    Field("axes", \.axes, "world: the object's movement; camera: with the camera's. Default: world."),
    Field("encoding", \.encoding, "npy or exr. Default: npy."),
  ]

  var axes = Axes.world
  var encoding = FloatFile.npy
  var steps: Set<SequenceStep> { [.next] }
  var options: String { axes == .world ? "" : "axes=camera" }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription(
      "scene_flow", encoding.file, channels: ["X", "Y", "Z", "M"], bits: 32, unit: "m", isSmooth: true, flagChannels: 1)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    .floats(
      frame.motion(.next)?.sceneFlow
        ?? FloatImage(width: frame.frame.width, height: frame.frame.height, channels: 4))
  }
}
