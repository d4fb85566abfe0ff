// The form of a record in a file: one line of canonical JSON, keys in the order of writing below.
//
// `labels` is the digest of the line up to it: two renders agree on it exactly where they agree on all label values. The
// planes follow it, since their sizes belong to an encoder. Reading checks it, so a record that was edited or cut is
// refused.

import Documents
import Geometry
import Imaging
import Stage

extension FrameRecord {
  /// Appends the record as one line.
  package func write(to w: inout JSONWriter) {
    let start = w.bytes.count
    writeLabelValues(to: &w)
    let labels = w.bytes.withUnsafeBytes { Digest(of: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    w.member("labels", labels.description)
    w.key("planes")
    w.beginArray()
    for p in planes { p.write(to: &w) }
    w.endArray()
    w.endObject()
    w.newline()
  }

  /// The digest of the label values, as the record's line holds it.
  public var labelsDigest: Digest {
    var w = JSONWriter()
    writeLabelValues(to: &w)
    return Digest(of: w.bytes)
  }

  /// Everything that `labels` covers; the object stays open.
  private func writeLabelValues(to w: inout JSONWriter) {
    w.beginObject()
    w.member("version", FrameRecord.version)
    w.member("source", source.description)
    w.member("frame", frame)
    if let sequence {
      w.key("sequence")
      sequence.write(to: &w)
    }
    w.member("width", width)
    w.member("height", height)
    w.key("camera")
    camera.write(to: &w)
    w.key("background")
    background.write(to: &w)
    w.key("sun")
    if let sun { sun.write(to: &w) } else { w.null() }
    w.key("ambient")
    w.beginObject()
    w.key("sky")
    ambient.sky.write(to: &w)
    w.key("ground")
    ambient.ground.write(to: &w)
    w.endObject()
    w.member("exposure", exposure)
    w.member("depth_scale", depthScale)
    w.key("instances")
    w.beginArray()
    for i in instances { i.write(to: &w) }
    w.endArray()
    if let segments {
      w.key("segments")
      w.beginArray()
      for s in segments { s.write(to: &w) }
      w.endArray()
    }
    if let materials {
      w.key("materials")
      w.beginArray()
      for m in materials { m.write(to: &w) }
      w.endArray()
    }
    if let image {
      w.key("image")
      image.write(to: &w)
    }
    lines.writeMembers(to: &w)
  }

  /// The record as one line of JSON, with its newline.
  public var line: [UInt8] {
    var w = JSONWriter()
    write(to: &w)
    return w.bytes
  }

  /// Reads one record, as `write` writes it. A missing, repeated or unknown member is an error, and so is a `labels`
  /// digest that does not fit the bytes before it.
  package init(from r: inout JSONReader) throws(JSONError) {
    var source: Digest?
    var frame: Int?
    var sequence: SequencePlace?
    var width: Int?
    var height: Int?
    var camera: Camera?
    var background: Vector3?
    var sun: Sun??
    var ambient: HemisphericLight?
    var exposure: Double?
    var depthScale: Double?
    var planes: [PlaneRecord]?
    var instances: [InstanceRecord]?
    var segments: [SegmentRecord]?
    var materials: [MaterialRecord]?
    var image: ImageRecord?
    var lines = LineValues()
    var version: Int?
    var labels: Digest?
    try r.beginObject()
    let start = r.offset - 1
    while let key = try r.nextKey() {
      switch key {
      case "version":
        try r.once(&version) { r throws(JSONError) in try r.integer() }
        guard version == FrameRecord.version else { throw r.error(expected: "record version \(FrameRecord.version)") }
      case "source": try r.once(&source) { r throws(JSONError) in try r.digest() }
      case "frame": try r.once(&frame) { r throws(JSONError) in try r.count() }
      case "sequence": try r.once(&sequence) { r throws(JSONError) in try SequencePlace(from: &r) }
      case "width": try r.once(&width) { r throws(JSONError) in try r.count() }
      case "height": try r.once(&height) { r throws(JSONError) in try r.count() }
      case "camera": try r.once(&camera) { r throws(JSONError) in try Camera(from: &r) }
      case "background": try r.once(&background) { r throws(JSONError) in try r.vector3() }
      case "sun": try r.once(&sun) { r throws(JSONError) in try r.isNull() ? nil : try Sun(from: &r) }
      case "ambient": try r.once(&ambient) { r throws(JSONError) in try HemisphericLight(from: &r) }
      case "exposure": try r.once(&exposure) { r throws(JSONError) in try r.number() }
      case "depth_scale": try r.once(&depthScale) { r throws(JSONError) in try r.number() }
      case "instances":
        try r.once(&instances) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try InstanceRecord(from: &r) }
        }
      case "segments":
        try r.once(&segments) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try SegmentRecord(from: &r) }
        }
      case "materials":
        try r.once(&materials) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try MaterialRecord(from: &r) }
        }
      case "image": try r.once(&image) { r throws(JSONError) in try ImageRecord(from: &r) }
      case "labels":
        let covered = r.digest(from: start, to: r.keyOffset - 1)
        try r.once(&labels) { r throws(JSONError) in try r.digest() }
        guard labels == covered else {
          throw r.error(
            found: "a labels digest of other values", expected: "\"\(covered)\": the record is damaged or edited",
            at: r.keyOffset)
        }
      case "planes":
        try r.once(&planes) { r throws(JSONError) in try r.list { r throws(JSONError) in try PlaneRecord(from: &r) } }
      default:
        guard try lines.read(key, from: &r) else { throw r.unknown(key, "a member of a frame record") }
      }
    }
    guard version != nil, labels != nil, let source, let frame, let width, let height, let camera, let background,
      let sun, let ambient, let exposure, let depthScale, let planes, let instances
    else { throw r.error(expected: "all members of a frame record before its end") }
    self.init(
      source: source, frame: frame, width: width, height: height, camera: camera, background: background, sun: sun,
      ambient: ambient, exposure: exposure, depthScale: depthScale, planes: planes, instances: instances)
    (self.segments, self.materials, self.image) = (segments, materials, image)
    self.lines = lines
    self.sequence = sequence
  }

  /// Reads one line.
  public init(line: [UInt8], number: Int = 1) throws(JSONError) {
    self = try line.withUnsafeBufferPointer { bytes throws(JSONError) in
      var r = JSONReader(bytes, firstLine: number)
      let record = try FrameRecord(from: &r)
      try r.end()
      return record
    }
  }
}

extension PlaneRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("name", name)
    w.member("file", file)
    w.member("bytes", bytes)
    w.member("digest", digest.description)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var name: String?
    var file: String?
    var bytes: Int?
    var digest: Digest?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "file": try r.once(&file) { r throws(JSONError) in try r.string() }
      case "bytes": try r.once(&bytes) { r throws(JSONError) in try r.count() }
      case "digest": try r.once(&digest) { r throws(JSONError) in try r.digest() }
      default: throw r.unknown(key, "a member of a plane")
      }
    }
    guard let name, let file, let bytes, let digest else { throw r.error(expected: "all members of a plane") }
    self.init(name: name, file: file, bytes: bytes, digest: digest)
  }
}

extension InstanceRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("id", id)
    w.member("category", category)
    w.member("name", name)
    w.member("visible", visiblePixels)
    w.key("box")
    w.box(box)
    w.key("rle")
    mask.bytes.withUnsafeBufferPointer { w.string($0) }
    w.key("pose")
    objectToWorld.write(to: &w)
    w.member("triangles", triangles)
    values.writeMembers(to: &w)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var id: UInt32?
    var category: Int?
    var name: String?
    var visible: Int?
    var box: PixelBox??
    var mask: CompressedMask?
    var pose: AffineTransform?
    var triangles: Int?
    var values = InstanceValues()
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": try r.once(&id) { r throws(JSONError) in try r.id32() }
      case "category": try r.once(&category) { r throws(JSONError) in try r.count() }
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "visible": try r.once(&visible) { r throws(JSONError) in try r.count() }
      case "box": try r.once(&box) { r throws(JSONError) in try r.isNull() ? nil : try PixelBox(from: &r) }
      case "rle":
        try r.once(&mask) { r throws(JSONError) in CompressedMask(bytes: try r.stringBytes()) }
      case "pose": try r.once(&pose) { r throws(JSONError) in try AffineTransform(from: &r) }
      case "triangles": try r.once(&triangles) { r throws(JSONError) in try r.count() }
      default:
        guard try values.read(key, from: &r) else { throw r.unknown(key, "a member of an instance") }
      }
    }
    guard let id, let category, let name, let visible, let box, let mask, let pose, let triangles else {
      throw r.error(expected: "all members of an instance before its end")
    }
    self.init(
      id: id, category: category, name: name, visiblePixels: visible, box: box, mask: mask, objectToWorld: pose,
      triangles: triangles)
    self.values = values
  }
}
