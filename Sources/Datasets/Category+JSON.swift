// A category as dataset.json has it:
//
//     {"id": 1, "name": "person", "supercategory": "", "stuff": true, "parts": ["head"],
//      "keypoints": ["nose", "left_eye", "right_eye"], "skeleton": [[0, 1], [0, 2]], "flip": [0, 2, 1]}
//
// What does not apply is left out. Places among keypoints count from 0; `flip` is for each keypoint the one that it becomes in
// a picture flipped left to right.

import Annotators
import Documents
import Stage

extension Stage.Category {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("id", id)
    w.member("name", name)
    w.member("supercategory", supercategory)
    if isStuff {
      w.member("stuff", true)
    }
    if !parts.isEmpty {
      w.key("parts")
      w.beginArray()
      for p in parts { w.string(p) }
      w.endArray()
    }
    if !keypoints.isEmpty { writeKeypoints(to: &w) }
    w.endObject()
  }

  private func writeKeypoints(to w: inout JSONWriter) {
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

  init(from r: inout JSONReader) throws(JSONError) {
    var id: Int?
    var name: String?
    var supercategory: String?
    var isStuff: Bool?
    var parts: [String]?
    var keypoints: [String]?
    var skeleton: [SIMD2<Int>]?
    var flip: [Int]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": try r.once(&id) { r throws(JSONError) in try r.count() }
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "keypoints":
        try r.once(&keypoints) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.string() } }
      case "skeleton": try r.once(&skeleton) { r throws(JSONError) in try Stage.Category.readPairs(from: &r) }
      case "flip":
        try r.once(&flip) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.count() } }
      case "supercategory": try r.once(&supercategory) { r throws(JSONError) in try r.string() }
      case "stuff": try r.once(&isStuff) { r throws(JSONError) in try r.boolean() }
      case "parts":
        try r.once(&parts) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.string() } }
      default: throw r.unknown(key, "a member of a category")
      }
    }
    guard let id, let name, let supercategory else { throw r.error(expected: "all members of a category before this") }
    let (names, bones) = (keypoints ?? [], skeleton ?? [])
    guard flip?.sorted() ?? Array(names.indices) == Array(names.indices),
      bones.allSatisfy({ names.indices.contains($0.x) && names.indices.contains($0.y) })
    else { throw r.error(expected: "a skeleton and flips of the category's keypoints before this") }
    self.init(
      id: id, name: name, supercategory: supercategory, isStuff: isStuff ?? false, parts: parts ?? [],
      keypoints: names, skeleton: bones, flip: flip)
  }

  private static func readPairs(from r: inout JSONReader) throws(JSONError) -> [SIMD2<Int>] {
    try r.list { r throws(JSONError) in
      let pair = try r.list { r throws(JSONError) in try r.count() }
      guard pair.count == 2 else { throw r.error(expected: "a pair of keypoints before this") }
      return SIMD2(pair[0], pair[1])
    }
  }
}
