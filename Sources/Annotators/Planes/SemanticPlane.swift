// `semantic`: for each pixel the category id of the object that its centre sees, 0 for background and for what carries no
// label. 8 bits where every category of the dataset fits, else 16: the list decides, not the frame.

import Documents
import Stage

struct SemanticPlane: Annotator {
  static let manual = Manual(
    name: "semantic", summary: "Category ids of what the pixels' centres see, 8 bits, or 16 where ids pass 255.",
    sample: "annotations: [semantic]")
  static let fields: [Field<SemanticPlane>] = []

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    let isWide = dataset.categories.contains { $0.id > 255 }
    return PlaneDescription(
      "semantic", .png, channels: ["I"], bits: isWide ? 16 : 8, unit: "category id", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    let labels = try frame.identities()
    return labels.hasWideSemantic ? .sixteen(labels.semantic16) : .eight(labels.semantic8)
  }
}
