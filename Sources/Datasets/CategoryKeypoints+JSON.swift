// Keypoints of a category as members of dataset.json:
//
//     "keypoints": ["nose", "left_eye", "right_eye"], "skeleton": [[0, 1], [0, 2]], "flip": [0, 2, 1]
//
// Places count from 0. `flip` is for each keypoint the one that it becomes in a picture flipped left to right.

import Annotators
import Documents
import Stage

extension Stage.Category {
  func writeKeypoints(to w: inout JSONWriter) {
    w.key("keypoints")
    w.beginArray()
    for k in keypoints { w.string(k) }
    w.endArray()
    w.key("skeleton")
    w.beginArray()
    for bone in skeleton { w.integers(bone.x, bone.y) }
    w.endArray()
    w.key("flip")
    w.beginArray()
    for f in flip { w.integer(f) }
    w.endArray()
  }

  static func readPairs(from r: inout JSONReader) throws(JSONError) -> [SIMD2<Int>] {
    try r.list { r throws(JSONError) in
      let pair = try r.list { r throws(JSONError) in try r.count() }
      guard pair.count == 2 else { throw r.error(expected: "a pair of keypoints before this") }
      return SIMD2(pair[0], pair[1])
    }
  }
}
