// `flow_backward`: `flow_forward` to the frame before it, with 0 everywhere in a sequence's first frame.

import Documents
import Imaging
import Stage

struct FlowBackwardPlane: Annotator {
  static let manual = Manual(
    name: "flow_backward", summary: "Optical flow to the frame before it, pixels, with a flag for what is seen there.",
    sample: "annotations: [{flow_backward: {encoding: png}}]",
    limits: FlowForwardPlane.limits)
  static let fields: [Field<FlowBackwardPlane>] = [
    Field("encoding", \.encoding, FlowForwardPlane.encodings)
  ]

  var encoding = PlaneDescription.File.npy
  var steps: Set<SequenceStep> { [.previous] }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? { .flow("flow_backward", encoding) }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    try flowImage(frame, frame.motion(.previous), "flow_backward", encoding)
  }
}
