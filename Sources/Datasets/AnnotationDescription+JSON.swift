// An annotation as a member of dataset.json:
//
//     {"name":"depth","meaning":"...","options":"","plane":{"folder":"labels/depth","file":"png","channels":["Z"],
//      "bits":16,"scale":0.001,"offset":0,"unit":"m","smooth":true}}
//
// value = sample * scale + offset; where there is "flag_channels", that many of the last channels are 0 or 1 as they are. `plane` is null for annotations that are values in the records alone.

import Annotators
import Documents

extension AnnotationDescription {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("name", name)
    w.member("meaning", meaning)
    w.member("options", options)
    w.key("plane")
    if let plane { plane.write(to: &w) } else { w.null() }
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var name: String?
    var meaning: String?
    var options: String?
    var plane: PlaneDescription??
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "meaning": try r.once(&meaning) { r throws(JSONError) in try r.string() }
      case "options": try r.once(&options) { r throws(JSONError) in try r.string() }
      case "plane":
        try r.once(&plane) { r throws(JSONError) in try r.isNull() ? nil : try PlaneDescription(from: &r) }
      default: throw r.unknown(key, "a member of an annotation")
      }
    }
    guard let name, let meaning, let options, let plane else {
      throw r.error(expected: "all members of an annotation before its end")
    }
    self.init(name: name, meaning: meaning, options: options, plane: plane)
  }
}

extension PlaneDescription {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("name", name)
    w.member("folder", folder)
    w.member("file", file.rawValue)
    w.key("channels")
    w.beginArray()
    for c in channels { w.string(c) }
    w.endArray()
    w.member("bits", bits)
    w.member("scale", scale)
    w.member("offset", offset)
    // Only where there are any, so that the heads of other sets keep their form.
    if flagChannels > 0 {
      w.member("flag_channels", flagChannels)
    }
    w.member("unit", unit)
    w.member("smooth", isSmooth)
    w.endObject()
  }

  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var name: String?
    var folder: String?
    var file: File?
    var channels: [String]?
    var bits: Int?
    var scale: Double?
    var offset: Double?
    var unit: String?
    var isSmooth: Bool?
    var flags: Int?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "folder": try r.once(&folder) { r throws(JSONError) in try r.string() }
      case "file":
        try r.once(&file) { r throws(JSONError) in
          guard let file = File(rawValue: try r.string()) else {
            throw r.error(expected: "\"png\", \"npy\" or \"exr\" before this")
          }
          return file
        }
      case "channels":
        try r.once(&channels) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.string() } }
      case "bits": try r.once(&bits) { r throws(JSONError) in try r.count() }
      case "scale": try r.once(&scale) { r throws(JSONError) in try r.number() }
      case "offset": try r.once(&offset) { r throws(JSONError) in try r.number() }
      case "flag_channels": try r.once(&flags) { r throws(JSONError) in try r.count() }
      case "unit": try r.once(&unit) { r throws(JSONError) in try r.string() }
      case "smooth": try r.once(&isSmooth) { r throws(JSONError) in try r.boolean() }
      default: throw r.unknown(key, "a member of a plane's description")
      }
    }
    guard let name, let folder, let file, let channels, let bits, let scale, let offset, let unit, let isSmooth else {
      throw r.error(expected: "all members of a plane's description before its end")
    }
    // Names become paths: nothing but a registered name is taken.
    guard !channels.isEmpty, channels.count <= 4, flags ?? 0 <= channels.count,
      channels.allSatisfy({ $0.utf8.count == 1 }),
      name.utf8.allSatisfy({ ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 }), !name.isEmpty
    else { throw r.error(expected: "a plane's name of letters, digits and _, and one-letter channels before this") }
    self.init(
      name, file, channels: channels, bits: bits, scale: scale, offset: offset, unit: unit, isSmooth: isSmooth,
      flagChannels: flags ?? 0)
    guard folder == self.folder else { throw r.error(expected: "the folder \"\(self.folder)\" before this") }
  }
}
