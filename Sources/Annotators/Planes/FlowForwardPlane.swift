// `flow_forward`: how far the point that a pixel's centre sees moves in the picture to the frame after it in its sequence, in
// pixels: u to the right, v down, from the centre. Labels are of the shutter's middle, so flow is from middle to middle.
//
// The third channel, M, is 1 where the point is seen there: the pixel that it falls into shows the same object, and not
// another part of it in front. It is 0 where the point is hidden, outside the picture, behind the camera, and everywhere in
// a sequence's last frame and in scenes without time. An environment that is seen behind things is infinitely far away and
// moves with the turns of camera and environment; a background colour or picture stays with the camera, and has 0, 0, 0.

import Documents
import Imaging
import Stage

struct FlowForwardPlane: Annotator {
  static let manual = Manual(
    name: "flow_forward", summary: "Optical flow to the frame after it, pixels, with a flag for what is seen there.",
    sample: "annotations: [{flow_forward: {encoding: png}}]",
    limits: limits)
  static let fields: [Field<FlowForwardPlane>] = [
    Field("encoding", \.encoding, encodings)
  ]
  static let limits =
    "Of surfaces, not of their reflections and shadows. Where a mesh has other triangles in the other frame, nothing is "
    + "said. The flag is a pixel's: within a pixel of an outline it may be 0 for what is just seen."
  static let encodings = "npy, exr: floats; png: KITTI's 16 bits, to 512 pixels. Default: npy."

  var encoding = PlaneDescription.File.npy
  var steps: Set<SequenceStep> { [.next] }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? { .flow("flow_forward", encoding) }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    try flowImage(frame, frame.motion(.next), "flow_forward", encoding)
  }
}
