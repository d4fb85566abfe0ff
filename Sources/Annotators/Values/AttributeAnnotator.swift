// `attributes`: what the scene says of each listed object for others to learn from: `attributes: {defective: {$bool: 0.1},
// text: "B7"}` at the object or its prototype, drawn with it. The record has them as they are:
//
//     "attributes": {"defective": true, "text": "B7"}

import Documents
import Stage

struct AttributeAnnotator: Annotator {
  static let manual = Manual(
    name: "attributes", summary: "What the scene's objects declare in `attributes`, drawn values as they are.",
    sample: "annotations: [attributes]")
  static let fields: [Field<AttributeAnnotator>] = []

  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      instance.values.attributes = frame.frame.instances[k].attributes
    }
  }
}
