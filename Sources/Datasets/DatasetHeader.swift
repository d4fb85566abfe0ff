// dataset.json: what the frames were made from, and what their numbers mean.
//
// It is written before the first chunk, without counts; a run that completes adds the counts last, after the derived
// annotations, and a run that has something to add takes them out first. A header with counts therefore stands for
// annotations that hold every frame. Seeds are written as text: JSON readers keep whole numbers to 2^53 only.

import Annotators
import Documents
import Formats
import Imaging
import Rasterization
import Stage

/// The head of a dataset.
public struct DatasetHeader: Equatable, Sendable {
  public static let version = 1

  public var scene: String
  public var sceneDigest: Digest
  public var seed: UInt64
  public var renderVersion: Int
  /// Frames in a chunk: frame n is in chunk n / chunk.
  public var chunk: Int
  /// How the files of frames lie. It is no part of what frames are made from: two layouts hold the same frames.
  public var layout: FileLayout
  public var depthScale: Double
  public var categories: [Stage.Category]
  /// What frames are annotated with, and how planes are stored.
  public var annotations: [AnnotationDescription]
  /// The files that the frames are made from; empty too in sets that are older than this list.
  public var assets: [DatasetAsset] = []
  /// What the dataset holds; nil while frames are being added.
  public var counts: Counts?

  public struct Counts: Equatable, Sendable {
    public var frames = 0
    /// Labelled instances over all frames, seen or not.
    public var instances = 0
    /// Those with at least one visible pixel.
    public var visible = 0

    public init() {}
  }

  public init(_ source: FrameSource, chunk: Int, layout: FileLayout = .folder) {
    scene = source.name
    sceneDigest = source.digest
    seed = source.seed
    renderVersion = Rasterization.renderVersion
    self.chunk = chunk
    self.layout = layout
    depthScale = source.depthScale
    categories = source.categories
    annotations = source.annotations.descriptions(of: source.dataset)
    assets = source.assets
  }

  /// The dataset as annotators know it.
  public var dataset: AnnotatedDataset { AnnotatedDataset(categories: categories, depthScale: depthScale) }

  /// The files of a frame, the picture first.
  var planes: [PlaneKind] { annotations.compactMap { $0.plane.map { PlaneKind($0) } } }

  /// Whether the annotations are those of a dataset of which nothing is said.
  private var isStandard: Bool {
    DatasetHeader.agree(annotations, AnnotationPlan.standard.descriptions(of: dataset))
  }

  private static func agree(_ a: [AnnotationDescription], _ b: [AnnotationDescription]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.agrees(with: $1) }
  }

  /// Stands in every record: frames with the same source may lie in one dataset.
  public var source: Digest { source(ofRecords: FrameRecord.version) }

  private func source(ofRecords version: Int) -> Digest {
    var text = "diorama \(version) \(renderVersion) \(sceneDigest) \(seed)"
    // Sets of the standard annotations keep the digest that they had before there was a choice.
    if !isStandard { text += " " + annotations.map(\.form).joined(separator: " ") }
    return Digest(of: text)
  }

  public var description: DatasetDescription {
    var d = DatasetDescription(name: scene, categories: categories, chunk: chunk)
    d.annotations = annotations
    (d.source, d.seed, d.renderVersion) = (source, seed, renderVersion)
    d.assets = assets
    return d
  }

  /// How `other`'s frames differ in origin, in words; nil where they may lie in one dataset.
  func difference(from other: DatasetHeader) -> String? {
    if sceneDigest != other.sceneDigest {
      return scene == other.scene
        ? "another state of scene \"\(scene)\" (digest \(sceneDigest), not \(other.sceneDigest))"
        : "scene \"\(scene)\", not \"\(other.scene)\""
    }
    if seed != other.seed { return "seed \(seed), not \(other.seed)" }
    if renderVersion != other.renderVersion { return "render version \(renderVersion), not \(other.renderVersion)" }
    if chunk != other.chunk { return "chunks of \(chunk) frames, not \(other.chunk)" }
    if layout != other.layout { return "the \(layout.rawValue) layout, not \(other.layout.rawValue)" }
    if !DatasetHeader.agree(annotations, other.annotations) {
      return "the annotations \(annotations.map(\.form).joined(separator: ", ")), not "
        + other.annotations.map(\.form).joined(separator: ", ")
    }
    return nil
  }
}

extension AnnotationDescription {
  /// "depth/npy", "boxes(least_pixels=20)": what tells two kinds of it apart, for people and for digests.
  var form: String {
    var text = name
    if !options.isEmpty { text += "(\(options))" }
    if let plane, plane.file != .png { text += "/\(plane.file.rawValue)" }
    return text
  }
}

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
    w.key("format")
    w.string("diorama")
    w.key("version")
    w.integer(DatasetHeader.version)
    w.key("scene")
    w.string(scene)
    w.key("scene_digest")
    w.string(sceneDigest.description)
    w.key("seed")
    w.string("\(seed)")
    w.key("render_version")
    w.integer(renderVersion)
    w.key("source")
    w.string(source.description)
    w.key("chunk")
    w.integer(chunk)
    w.key("layout")
    w.string(layout.rawValue)
    w.key("depth_scale")
    w.number(depthScale)
    w.key("categories")
    w.beginArray()
    for c in categories {
      w.beginObject()
      w.key("id")
      w.integer(c.id)
      w.key("name")
      w.string(c.name)
      w.key("supercategory")
      w.string(c.supercategory)
      if c.isStuff {
        w.key("stuff")
        w.boolean(true)
      }
      if !c.parts.isEmpty {
        w.key("parts")
        w.beginArray()
        for p in c.parts { w.string(p) }
        w.endArray()
      }
      if !c.keypoints.isEmpty { c.writeKeypoints(to: &w) }
      w.endObject()
    }
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
      for a in assets {
        w.beginObject()
        w.key("file")
        w.string(a.path)
        w.key("digest")
        w.string(a.digest.description)
        if let license = a.license {
          w.key("license")
          w.string(license)
        }
        if let isPhotograph = a.isPhotograph {
          w.key("photograph")
          w.boolean(isPhotograph)
        }
        w.endObject()
      }
      w.endArray()
    }
    w.key("counts")
    if let counts {
      w.beginObject()
      w.key("frames")
      w.integer(counts.frames)
      w.key("instances")
      w.integer(counts.instances)
      w.key("visible")
      w.integer(counts.visible)
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
    self.counts = counts
    if let old = (1..<FrameRecord.version).first(where: { source == self.source(ofRecords: $0) }) {
      throw r.error(
        expected: "a dataset with records of version \(FrameRecord.version) before this, not \(old): render it again")
    }
    guard source == self.source else { throw r.error(expected: "a source digest that fits the members before") }
  }
}

extension DatasetAsset {
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

extension Stage.Category {
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
}
