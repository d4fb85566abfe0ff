// The form of dataset.json: see `DatasetHeader`.

import Annotators
import Documents
import Formats
import Imaging
import Stage

extension DatasetHeader {
  private static let conventions: [(StaticString, String)] = [
    ("world", "right-handed, +Z up, metres"),
    ("camera", "OpenCV axes: +X right, +Y down, +Z forward; camera = R * world + t, R by rows"),
    (
      "pixels",
      "pixel (i, j) covers [i, i+1) x [j, j+1); K is in these raster units, a centred principal point is W/2, H/2"
    ),
    (
      "masks",
      "a pixel belongs to the nearest surface at its centre; masks do not overlap; RLE is column-major as in COCO"
    ),
    ("boxes", "[x, y, w, h] of the visible pixels by their edges; null where none is visible"),
    ("depth", "z along the optical axis = value * depth_scale metres; 0 where nothing is seen"),
    ("ids", "0 is background; instance ids are unique in a frame; category ids begin at 1"),
    ("pose", "rows of the 3x4 matrix from the mesh's frame to the world"),
  ]

  var json: [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.member("format", "diorama")
    w.member("version", DatasetHeader.version)
    w.member("scene", scene)
    w.member("scene_digest", sceneDigest.description)
    w.member("seed", "\(seed)")
    w.member("render_version", renderVersion)
    w.member("source", source.description)
    w.member("chunk", chunk)
    w.member("layout", layout.rawValue)
    w.member("depth_scale", depthScale)
    w.key("categories")
    w.beginArray()
    for c in categories { c.write(to: &w) }
    w.endArray()
    w.key("conventions")
    w.beginObject()
    for (key, text) in DatasetHeader.conventions {
      w.key(key)
      w.string(text)
    }
    w.endObject()
    if !isStandard {
      w.key("annotations")
      w.beginArray()
      for a in annotations { a.write(to: &w) }
      w.endArray()
    }
    if !assets.isEmpty {
      w.key("assets")
      w.beginArray()
      for a in assets { a.write(to: &w) }
      w.endArray()
    }
    if let document { w.member("document", document) }
    w.key("counts")
    if let counts {
      w.beginObject()
      w.member("frames", counts.frames)
      w.member("instances", counts.instances)
      w.member("visible", counts.visible)
      w.endObject()
    } else {
      w.null()
    }
    w.endObject()
    w.newline()
    return w.bytes
  }

  init(json: [UInt8]) throws(JSONError) {
    self = try json.withUnsafeBufferPointer { bytes throws(JSONError) in
      var r = JSONReader(bytes)
      let header = try DatasetHeader(from: &r)
      try r.end()
      return header
    }
  }

  private init(from r: inout JSONReader) throws(JSONError) {
    var format: String?
    var version: Int?
    var scene: String?
    var sceneDigest: Digest?
    var seed: UInt64?
    var renderVersion: Int?
    var source: Digest?
    var chunk: Int?
    var layout: FileLayout?
    var depthScale: Double?
    var categories: [Stage.Category]?
    var annotations: [AnnotationDescription]?
    var assets: [DatasetAsset]?
    var document: String?
    var counts: Counts??
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "format": try r.once(&format) { r throws(JSONError) in try r.string() }
      case "version":
        try r.once(&version) { r throws(JSONError) in try r.integer() }
        guard version == DatasetHeader.version else {
          throw r.error(expected: "dataset version \(DatasetHeader.version) before this")
        }
      case "scene": try r.once(&scene) { r throws(JSONError) in try r.string() }
      case "scene_digest": try r.once(&sceneDigest) { r throws(JSONError) in try r.digest() }
      case "seed":
        try r.once(&seed) { r throws(JSONError) in
          guard let seed = UInt64(try r.string()) else { throw r.error(expected: "a seed before this") }
          return seed
        }
      case "render_version": try r.once(&renderVersion) { r throws(JSONError) in try r.count() }
      case "source": try r.once(&source) { r throws(JSONError) in try r.digest() }
      case "chunk":
        try r.once(&chunk) { r throws(JSONError) in try r.count() }
        guard chunk != 0 else { throw r.error(expected: "chunks of at least 1 frame before this") }
      case "layout":
        try r.once(&layout) { r throws(JSONError) in
          guard let layout = FileLayout(rawValue: try r.string()) else {
            throw r.error(expected: "the layout \"folder\" or \"tar\" before this")
          }
          return layout
        }
      case "depth_scale": try r.once(&depthScale) { r throws(JSONError) in try r.number() }
      case "categories":
        try r.once(&categories) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try Stage.Category(from: &r) }
        }
      case "conventions": try r.skipValue()
      case "annotations":
        try r.once(&annotations) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try AnnotationDescription(from: &r) }
        }
      case "assets":
        try r.once(&assets) { r throws(JSONError) in
          try r.list { r throws(JSONError) in try DatasetAsset(from: &r) }
        }
      case "document": try r.once(&document) { r throws(JSONError) in try r.string() }
      case "counts": try r.once(&counts) { r throws(JSONError) in try r.isNull() ? nil : try Counts(from: &r) }
      default: throw r.unknown(key, "a member of a dataset's head")
      }
    }
    guard format == "diorama", version != nil, let scene, let sceneDigest, let seed, let renderVersion, let source,
      let chunk, let depthScale, let categories, let counts
    else { throw r.error(expected: "all members of a Diorama dataset's head before its end") }
    self.scene = scene
    self.sceneDigest = sceneDigest
    self.seed = seed
    self.renderVersion = renderVersion
    self.chunk = chunk
    // Datasets older than the choice have the folder layout.
    self.layout = layout ?? .folder
    self.depthScale = depthScale
    self.categories = categories
    // Of the standard ones nothing is said.
    self.annotations =
      annotations
      ?? AnnotationPlan.standard.descriptions(of: AnnotatedDataset(categories: categories, depthScale: depthScale))
    self.assets = assets ?? []
    self.document = document
    self.counts = counts
    if let old = (1..<FrameRecord.version).first(where: { source == self.source(ofRecords: $0) }) {
      throw r.error(
        expected: "a dataset with records of version \(FrameRecord.version) before this, not \(old): render it again")
    }
    guard source == self.source else { throw r.error(expected: "a source digest that fits the members before") }
  }
}

extension DatasetAsset {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("file", path)
    w.member("digest", digest.description)
    if let license {
      w.member("license", license)
    }
    if let isPhotograph {
      w.member("photograph", isPhotograph)
    }
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var file: String?
    var digest: Digest?
    var license: String?
    var isPhotograph: Bool?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "file": try r.once(&file) { r throws(JSONError) in try r.string() }
      case "digest": try r.once(&digest) { r throws(JSONError) in try r.digest() }
      case "license": try r.once(&license) { r throws(JSONError) in try r.string() }
      case "photograph": try r.once(&isPhotograph) { r throws(JSONError) in try r.boolean() }
      default: throw r.unknown(key, "a member of an asset")
      }
    }
    guard let file, let digest else { throw r.error(expected: "all members of an asset before this") }
    self.init(path: file, digest: digest, license: license, isPhotograph: isPhotograph)
  }
}

extension DatasetHeader.Counts {
  init(from r: inout JSONReader) throws(JSONError) {
    var frames: Int?
    var instances: Int?
    var visible: Int?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "frames": try r.once(&frames) { r throws(JSONError) in try r.count() }
      case "instances": try r.once(&instances) { r throws(JSONError) in try r.count() }
      case "visible": try r.once(&visible) { r throws(JSONError) in try r.count() }
      default: throw r.unknown(key, "a member of the counts")
      }
    }
    guard let frames, let instances, let visible else { throw r.error(expected: "all counts before this") }
    self.frames = frames
    self.instances = instances
    self.visible = visible
  }
}
