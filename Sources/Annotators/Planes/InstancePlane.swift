// `instance`: for each pixel the id of the labelled object that its centre sees, 16 bits, 0 for background and for what
// carries no label. Ids begin at 1 and are unique in a frame. More than 65,535 end the run: see `instance32`.

import Documents

struct InstancePlane: Annotator {
  static let manual = Manual(
    name: "instance", summary: "Ids of the objects that the pixels' centres see, 16 bits; 0 is background.",
    sample: "annotations: [instance]", limits: "Ids end at 65,535; instance32 goes on.")
  static let fields: [Field<InstancePlane>] = []

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("instance", .png, channels: ["I"], bits: 16, unit: "instance id", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage { .sixteen(try frame.identities().instance) }
}
