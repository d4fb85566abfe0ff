// The forms of what records say of time: {"sequence":0,"index":3,"time":0.125} and, of an instance's tracks,
// {"uv":[u, v] or null,"world":[x, y, z],"visible":true}.

import Documents
import Geometry
import Stage

extension SequencePlace {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("sequence", sequence)
    w.member("index", index)
    w.member("time", time)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var sequence: Int?
    var index: Int?
    var time: Double?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "sequence": try r.once(&sequence) { r throws(JSONError) in try r.count() }
      case "index": try r.once(&index) { r throws(JSONError) in try r.count() }
      case "time": try r.once(&time) { r throws(JSONError) in try r.number() }
      default: throw r.unknown(key, "a member of a frame's place in time")
      }
    }
    guard let sequence, let index, let time else {
      throw r.error(expected: "all members of a frame's place in time before its end")
    }
    self.init(sequence: sequence, index: index, time: time)
  }
}

extension TrackPoint {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("uv")
    if let place { w.numbers(place.x, place.y) } else { w.null() }
    w.key("world")
    world.write(to: &w)
    w.member("visible", isVisible)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var place: Vector2??
    var world: Vector3?
    var visible: Bool?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "uv":
        try r.once(&place) { r throws(JSONError) in
          if try r.isNull() { return nil }
          let v = try r.numbers(2)
          return Vector2(v[0], v[1])
        }
      case "world": try r.once(&world) { r throws(JSONError) in try r.vector3() }
      case "visible": try r.once(&visible) { r throws(JSONError) in try r.boolean() }
      default: throw r.unknown(key, "a member of a track's point")
      }
    }
    guard let place, let world, let visible else {
      throw r.error(expected: "all members of a track's point before its end")
    }
    self.init(place: place, world: world, isVisible: visible)
  }
}
