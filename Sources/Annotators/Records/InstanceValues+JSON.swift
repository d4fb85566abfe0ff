// The form of these values in a record's line.

import Documents
import Geometry
import Stage

extension InstanceValues {
  /// Writes the members that are there.
  package func writeMembers(to w: inout JSONWriter) {
    if let amodalBox {
      w.key("amodal_box")
      w.box(amodalBox)
    }
    if let fullBox {
      w.key("amodal_box_full")
      w.box(fullBox)
    }
    if let amodalMask {
      w.key("amodal_rle")
      amodalMask.bytes.withUnsafeBufferPointer { w.string($0) }
    }
    if let visibility {
      w.key("visibility")
      visibility.write(to: &w)
    }
    if let occluders {
      w.key("occluded_by")
      w.beginArray()
      for o in occluders { w.integers(Int(o.id), o.pixels) }
      w.endArray()
    }
    if let orientedBox {
      w.key("oriented_box")
      if let b = orientedBox {
        w.numbers(b.center.x, b.center.y, b.size.x, b.size.y, b.angle)
      } else {
        w.null()
      }
    }
    if let parts {
      w.key("parts")
      w.beginArray()
      for p in parts { p.write(to: &w) }
      w.endArray()
    }
    if let box3D {
      w.key("box_3d")
      box3D.write(to: &w)
    }
    if let pose {
      w.key("pose_camera")
      pose.write(to: &w)
    }
    if let attributes {
      w.key("attributes")
      w.named(attributes)
    }
    if let keypoints {
      w.key("keypoints")
      w.beginArray()
      for k in keypoints { k.write(to: &w) }
      w.endArray()
    }
    if let tracks {
      w.key("tracks")
      w.beginArray()
      for t in tracks { t.write(to: &w) }
      w.endArray()
    }
  }

  /// Reads the value of a member; false for a key that is none of these.
  mutating func read(_ key: JSONKey, from r: inout JSONReader) throws(JSONError) -> Bool {
    switch key {
    case "amodal_box":
      try r.once(&amodalBox) { r throws(JSONError) in try r.isNull() ? nil : try PixelBox(from: &r) }
    case "amodal_box_full":
      try r.once(&fullBox) { r throws(JSONError) in try r.isNull() ? nil : try PixelBox(from: &r) }
    case "amodal_rle":
      try r.once(&amodalMask) { r throws(JSONError) in CompressedMask(bytes: try r.stringBytes()) }
    case "visibility": try r.once(&visibility) { r throws(JSONError) in try VisibilityRecord(from: &r) }
    case "occluded_by":
      try r.once(&occluders) { r throws(JSONError) in
        try r.list { r throws(JSONError) in
          let pair = try r.list { r throws(JSONError) in try r.count() }
          guard pair.count == 2, let id = UInt32(exactly: pair[0]) else {
            throw r.error(expected: "an id and a count before this")
          }
          return OccluderRecord(id: id, pixels: pair[1])
        }
      }
    case "oriented_box":
      try r.once(&orientedBox) { r throws(JSONError) in
        if try r.isNull() { return nil }
        let v = try r.numbers(5)
        return OrientedBox2D(center: Vector2(v[0], v[1]), size: Vector2(v[2], v[3]), angle: v[4])
      }
    case "parts":
      try r.once(&parts) { r throws(JSONError) in try r.list { r throws(JSONError) in try PartRecord(from: &r) } }
    case "box_3d": try r.once(&box3D) { r throws(JSONError) in try Box3D(from: &r) }
    case "pose_camera": try r.once(&pose) { r throws(JSONError) in try PoseRecord(from: &r) }
    case "attributes": try r.once(&attributes) { r throws(JSONError) in try r.namedValues() }
    case "keypoints":
      try r.once(&keypoints) { r throws(JSONError) in
        try r.list { r throws(JSONError) in try KeypointRecord(from: &r) }
      }
    case "tracks":
      try r.once(&tracks) { r throws(JSONError) in try r.list { r throws(JSONError) in try TrackPoint(from: &r) } }
    default: return false
    }
    return true
  }
}

extension VisibilityRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("amodal", amodalPixels)
    w.key("unbounded")
    if let unboundedPixels { w.integer(unboundedPixels) } else { w.null() }
    w.key("visibility")
    w.optional(visibility)
    w.key("occlusion")
    w.optional(visibility.map { 1 - $0 })
    w.key("truncation")
    w.optional(truncation)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var amodal: Int?
    var unbounded: Int??
    var visibility: Double??
    var occlusion: Double??
    var truncation: Double??
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "amodal": try r.once(&amodal) { r throws(JSONError) in try r.count() }
      case "unbounded": try r.once(&unbounded) { r throws(JSONError) in try r.isNull() ? nil : try r.count() }
      case "visibility": try r.once(&visibility) { r throws(JSONError) in try r.isNull() ? nil : try r.number() }
      case "occlusion": try r.once(&occlusion) { r throws(JSONError) in try r.isNull() ? nil : try r.number() }
      case "truncation": try r.once(&truncation) { r throws(JSONError) in try r.isNull() ? nil : try r.number() }
      default: throw r.unknown(key, "a member of a visibility")
      }
    }
    guard let amodal, let unbounded, let visibility, let occlusion, let truncation else {
      throw r.error(expected: "all members of a visibility before its end")
    }
    guard occlusion == visibility.map({ 1 - $0 }) else {
      throw r.error(expected: "an occlusion of 1 - visibility before this")
    }
    self.init(amodalPixels: amodal, unboundedPixels: unbounded, visibility: visibility, truncation: truncation)
  }
}

extension PartRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("part", part)
    w.member("pixels", pixels)
    w.key("box")
    w.box(box)
    w.key("rle")
    mask.bytes.withUnsafeBufferPointer { w.string($0) }
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var part: Int?
    var pixels: Int?
    var box: PixelBox?
    var mask: CompressedMask?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "part": try r.once(&part) { r throws(JSONError) in try r.count() }
      case "pixels": try r.once(&pixels) { r throws(JSONError) in try r.count() }
      case "box": try r.once(&box) { r throws(JSONError) in try PixelBox(from: &r) }
      case "rle": try r.once(&mask) { r throws(JSONError) in CompressedMask(bytes: try r.stringBytes()) }
      default: throw r.unknown(key, "a member of a part")
      }
    }
    guard let part, let pixels, let box, let mask else { throw r.error(expected: "all members of a part before this") }
    self.init(part: part, pixels: pixels, box: box, mask: mask)
  }
}

extension Box3D {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("center")
    center.write(to: &w)
    w.key("size")
    size.write(to: &w)
    w.key("R")
    w.matrix(rotation)
    w.key("corners")
    w.beginArray()
    for c in corners { if let c { w.numbers(c.x, c.y) } else { w.null() } }
    w.endArray()
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var center: Vector3?
    var size: Vector3?
    var rotation: [Double]?
    var corners: [Vector2?]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "center": try r.once(&center) { r throws(JSONError) in try r.vector3() }
      case "size": try r.once(&size) { r throws(JSONError) in try r.vector3() }
      case "R": try r.once(&rotation) { r throws(JSONError) in try r.numbers(9) }
      case "corners":
        try r.once(&corners) { r throws(JSONError) in
          try r.list { r throws(JSONError) in
            if try r.isNull() { return nil }
            let v = try r.numbers(2)
            return Vector2(v[0], v[1])
          }
        }
      default: throw r.unknown(key, "a member of a 3D box")
      }
    }
    guard let center, let size, let rotation, let corners, corners.count == 8 else {
      throw r.error(expected: "all members of a 3D box before its end")
    }
    self.init(center: center, size: size, rotation: Matrix3(rows: rotation), corners: corners)
  }
}

extension PoseRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("R")
    w.matrix(rotation)
    w.key("t")
    translation.write(to: &w)
    w.key("scale")
    scale.write(to: &w)
    w.key("symmetries")
    w.beginArray()
    for s in symmetries { s.write(to: &w) }
    w.endArray()
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var rotation: [Double]?
    var translation: Vector3?
    var scale: Vector3?
    var symmetries: [Symmetry]?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "R": try r.once(&rotation) { r throws(JSONError) in try r.numbers(9) }
      case "t": try r.once(&translation) { r throws(JSONError) in try r.vector3() }
      case "scale": try r.once(&scale) { r throws(JSONError) in try r.vector3() }
      case "symmetries":
        try r.once(&symmetries) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try Symmetry(from: &r) }
        }
      default: throw r.unknown(key, "a member of a pose")
      }
    }
    guard let rotation, let translation, let scale, let symmetries else {
      throw r.error(expected: "all members of a pose before its end")
    }
    self.init(
      rotation: Matrix3(rows: rotation), translation: translation, scale: scale, symmetries: symmetries)
  }
}

extension Symmetry {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("axis")
    axis.write(to: &w)
    w.key("offset")
    offset.write(to: &w)
    w.key("fold")
    if let fold { w.integer(fold) } else { w.null() }
    w.endObject()
  }

  fileprivate init(from r: inout JSONReader) throws(JSONError) {
    var axis: Vector3?
    var offset: Vector3?
    var fold: Int??
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "axis": try r.once(&axis) { r throws(JSONError) in try r.vector3() }
      case "offset": try r.once(&offset) { r throws(JSONError) in try r.vector3() }
      case "fold": try r.once(&fold) { r throws(JSONError) in try r.isNull() ? nil : try r.count() }
      default: throw r.unknown(key, "a member of a symmetry")
      }
    }
    guard let axis, let offset, let fold else { throw r.error(expected: "all members of a symmetry before its end") }
    self.init(axis: axis, offset: offset, fold: fold)
  }
}
