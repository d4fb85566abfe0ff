// `image_labels`: what is said of a picture as a whole.
//
//     "image": {"classes": [1, 3], "counts": [[1, 12, 9], [2, 0, 0], [3, 1, 1]], "parameters": {"elevation": 31.5}}
//
// - `classes`: categories of which at least one pixel is seen.
// - `counts`: for every category of the dataset its id, how many objects the frame has, and how many show a pixel.
// - `parameters`: what the scene names under `parameters:`, as it was drawn, for regression:
//   `parameters: {elevation: {$expr: "elevation"}}`.
//
// All labelled objects count, also those that `boxes: {least_pixels: n}` leaves out of the list.

import Documents
import Stage

struct ImageLabels: Annotator {
  static let manual = Manual(
    name: "image_labels", summary: "Classes that are seen, counts by category, and the scene's named `parameters`.",
    sample: "annotations: [image_labels]")
  static let fields: [Field<ImageLabels>] = []

  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    var counts = frame.dataset.categories.map { ImageRecord.CategoryCount(category: $0.id, all: 0, visible: 0) }
    for (k, instance) in frame.frame.instances.enumerated() where instance.id != 0 {
      guard let i = counts.firstIndex(where: { $0.category == instance.category }) else { continue }
      counts[i].all += 1
      if frame.regions[k].pixels > 0 { counts[i].visible += 1 }
    }
    record.image = ImageRecord(
      classes: counts.filter { $0.visible > 0 }.map(\.category), counts: counts, parameters: frame.frame.parameters)
  }
}
