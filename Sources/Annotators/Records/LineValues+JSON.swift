// The form of these values in a record's line.

import Documents
import Geometry

extension LineValues {
  /// Writes the members that are there.
  func writeMembers(to w: inout JSONWriter) {
    if let polylines {
      w.key("polylines")
      w.beginArray()
      for p in polylines { p.write(to: &w) }
      w.endArray()
    }
    if let horizon {
      w.key("horizon")
      horizon.write(to: &w)
    }
    if let vanishingPoints {
      w.key("vanishing_points")
      w.beginArray()
      for p in vanishingPoints { p.write(to: &w) }
      w.endArray()
    }
  }

  /// Reads the value of a member; false for a key that is none of these.
  mutating func read(_ key: JSONKey, from r: inout JSONReader) throws(JSONError) -> Bool {
    switch key {
    case "polylines":
      try r.once(&polylines) { r throws(JSONError) in
        try r.list { r throws(JSONError) in try PolylineRecord(from: &r) }
      }
    case "horizon": try r.once(&horizon) { r throws(JSONError) in try HorizonRecord(from: &r) }
    case "vanishing_points":
      try r.once(&vanishingPoints) { r throws(JSONError) in
        try r.list { r throws(JSONError) in try VanishingPoint(from: &r) }
      }
    default: return false
    }
    return true
  }
}

extension PolylineRecord {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("name", name)
    w.member("class", kind)
    w.key("pieces")
    w.beginArray()
    for p in pieces {
      w.beginObject()
      w.member("visible", p.isVisible)
      w.key("image")
      w.points(p.image)
      w.key("camera")
      w.beginArray()
      for q in p.camera { q.write(to: &w) }
      w.endArray()
      w.endObject()
    }
    w.endArray()
    w.endObject()
  }

  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var name: String?
    var kind: String?
    var pieces: [Piece]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "class": try r.once(&kind) { r throws(JSONError) in try r.string() }
      case "pieces":
        try r.once(&pieces) { r throws(JSONError) in try r.list { r throws(JSONError) in try Piece(from: &r) } }
      default: throw r.unknown(key, "a member of a polyline")
      }
    }
    guard let name, let kind, let pieces else { throw r.error(expected: "all members of a polyline before its end") }
    self.init(name: name, kind: kind, pieces: pieces)
  }
}

extension PolylineRecord.Piece {
  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var isVisible: Bool?
    var image: [Vector2]?
    var camera: [Vector3]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "visible": try r.once(&isVisible) { r throws(JSONError) in try r.boolean() }
      case "image": try r.once(&image) { r throws(JSONError) in try r.points() }
      case "camera":
        try r.once(&camera) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.vector3() } }
      default: throw r.unknown(key, "a member of a polyline's piece")
      }
    }
    guard let isVisible, let image, let camera, image.count == camera.count, image.count >= 2 else {
      throw r.error(expected: "a piece with two points or more before its end")
    }
    self.init(isVisible: isVisible, image: image, camera: camera)
  }
}

extension HorizonRecord {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("line")
    if let line { line.write(to: &w) } else { w.null() }
    w.key("pieces")
    w.beginArray()
    for p in pieces { w.points(p) }
    w.endArray()
    w.endObject()
  }

  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var line: Vector3??
    var pieces: [[Vector2]]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "line": try r.once(&line) { r throws(JSONError) in try r.isNull() ? nil : try r.vector3() }
      case "pieces":
        try r.once(&pieces) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.points() } }
      default: throw r.unknown(key, "a member of a horizon")
      }
    }
    guard let line, let pieces else { throw r.error(expected: "all members of a horizon before its end") }
    self.init(line: line, pieces: pieces)
  }
}

extension VanishingPoint {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("name", name)
    w.key("direction")
    direction.write(to: &w)
    w.key("image")
    if let image { w.numbers(image.x, image.y) } else { w.null() }
    w.key("opposite")
    if let opposite { w.numbers(opposite.x, opposite.y) } else { w.null() }
    w.endObject()
  }

  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var name: String?
    var direction: Vector3?
    var image: Vector2??
    var opposite: Vector2??
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "direction": try r.once(&direction) { r throws(JSONError) in try r.vector3() }
      case "image": try r.once(&image) { r throws(JSONError) in try r.isNull() ? nil : try r.vector2() }
      case "opposite": try r.once(&opposite) { r throws(JSONError) in try r.isNull() ? nil : try r.vector2() }
      default: throw r.unknown(key, "a member of a vanishing point")
      }
    }
    guard let name, let direction, let image, let opposite else {
      throw r.error(expected: "all members of a vanishing point before its end")
    }
    self.init(name: name, direction: direction, image: image, opposite: opposite)
  }
}

extension JSONWriter {
  fileprivate mutating func points(_ list: [Vector2]) {
    beginArray()
    for p in list { numbers(p.x, p.y) }
    endArray()
  }
}

extension JSONReader {
  fileprivate mutating func points() throws(JSONError) -> [Vector2] {
    try list { r throws(JSONError) in try r.vector2() }
  }
}
