// The form of these values in a record's line.

import Documents
import Stage

extension SegmentRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("id", id)
    w.member("category", category)
    w.member("stuff", isStuff)
    w.member("pixels", pixels)
    w.key("box")
    w.box(box)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var id: UInt32?
    var category: Int?
    var isStuff: Bool?
    var pixels: Int?
    var box: PixelBox?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": try r.once(&id) { r throws(JSONError) in try r.id32() }
      case "category": try r.once(&category) { r throws(JSONError) in try r.count() }
      case "stuff": try r.once(&isStuff) { r throws(JSONError) in try r.boolean() }
      case "pixels": try r.once(&pixels) { r throws(JSONError) in try r.count() }
      case "box": try r.once(&box) { r throws(JSONError) in try PixelBox(from: &r) }
      default: throw r.unknown(key, "a member of a segment")
      }
    }
    guard let id, let category, let isStuff, let pixels, let box else {
      throw r.error(expected: "all members of a segment before its end")
    }
    self.init(id: id, category: category, isStuff: isStuff, pixels: pixels, box: box)
  }
}

extension MaterialRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("id", id)
    w.key("users")
    w.beginArray()
    for user in users { user.write(to: &w) }
    w.endArray()
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var id: Int?
    var users: [User]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": try r.once(&id) { r throws(JSONError) in try r.count() }
      case "users":
        try r.once(&users) { r throws(JSONError) in try r.list { r throws(JSONError) in try User(from: &r) } }
      default: throw r.unknown(key, "a member of a material")
      }
    }
    guard let id, let users else { throw r.error(expected: "all members of a material before its end") }
    self.init(id: id, users: users)
  }
}

extension MaterialRecord.User {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("instance", instance)
    w.member("object", object)
    w.member("slot", slot)
    w.endObject()
  }

  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var instance: UInt32?
    var object: String?
    var slot: String?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "instance": try r.once(&instance) { r throws(JSONError) in try r.id32() }
      case "object": try r.once(&object) { r throws(JSONError) in try r.string() }
      case "slot": try r.once(&slot) { r throws(JSONError) in try r.string() }
      default: throw r.unknown(key, "a member of a material's user")
      }
    }
    guard let instance, let object, let slot else {
      throw r.error(expected: "all members of a material's user before its end")
    }
    self.init(instance: instance, object: object, slot: slot)
  }
}

extension ImageRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("classes")
    w.beginArray()
    for c in classes { w.integer(c) }
    w.endArray()
    w.key("counts")
    w.beginArray()
    for c in counts { w.integers(c.category, c.all, c.visible) }
    w.endArray()
    w.key("parameters")
    w.named(parameters)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var classes: [Int]?
    var counts: [CategoryCount]?
    var parameters: [NamedValue]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "classes":
        try r.once(&classes) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.count() } }
      case "counts":
        try r.once(&counts) { r throws(JSONError) in
          try r.list { r throws(JSONError) in
            let v = try r.list { r throws(JSONError) in try r.count() }
            guard v.count == 3 else { throw r.error(expected: "a category and two counts before this") }
            return CategoryCount(category: v[0], all: v[1], visible: v[2])
          }
        }
      case "parameters": try r.once(&parameters) { r throws(JSONError) in try r.namedValues() }
      default: throw r.unknown(key, "a member of an image's labels")
      }
    }
    guard let classes, let counts, let parameters else {
      throw r.error(expected: "all members of an image's labels before their end")
    }
    self.init(classes: classes, counts: counts, parameters: parameters)
  }
}
