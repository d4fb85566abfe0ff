// One COCO file: images, annotations and categories, as detection and instance segmentation take them.
//
// - An image's id is its frame's number, so the first may be 0.
// - An annotation's id is `frame * 65536 + instance id`: unique without coordination between chunks and shards, at least
//   1 since instance ids begin at 1 (an annotation numbered 0 silently costs AP), and within the 53 bits that every
//   JSON reader keeps for frames up to 2^37. The low 16 bits are the instance's value in the instance plane.
// - `bbox` is [x, y, w, h] of the visible pixels by their continuous edges: the first pixel alone is [0, 0, 1, 1].
// - `segmentation` is the compressed RLE of the visible pixels, exact, with holes and parts; `area` is its pixel count. In
//   the style `outlines` a mask without holes is a list of polygons along its pixels' edges, which pycocotools fills to
//   the same pixels. `iscrowd` is 0: an RLE does not make a crowd. An instance below the thresholds of an export is kept
//   as `iscrowd` 1 and `ignore` 1: COCOeval neither wants it found nor counts it as false where it is.
// - Where the dataset has them, `keypoints` are x, y, v in the units of boxes (the first pixel's centre is at 0.5, 0.5), 0, 0, 0
//   for points that are not in the picture; `num_keypoints` counts those with v > 0; a category's `skeleton` counts from 1.
// - Instances without a visible pixel get no annotation; an image without any is still listed.
//
// One image or annotation stands on a line, so that a difference between two files can be read. Annotations come before images:
// they are nearly all of the file and go straight to it, while the images' lines wait for their end.

import Annotators
import Documents
import Geometry
import Imaging
import Stage

/// The part of a COCO file that some frames contribute: what a chunk can prepare by itself.
public struct COCOFragment: Sendable {
  /// Members of `images` and of `annotations`, each preceded by ",\n".
  public private(set) var images: [UInt8] = []
  public private(set) var annotations: [UInt8] = []

  public init() {}

  /// Empties it, keeping its memory.
  mutating func removeAll() {
    images.removeAll(keepingCapacity: true)
    annotations.removeAll(keepingCapacity: true)
  }

  /// The id of an instance's annotation.
  public static func annotationID(frame: Int, instance: UInt32) -> Int { frame << 16 | Int(instance) }

  /// Adds a frame where it lies in its dataset, with all instances.
  public mutating func add(_ record: FrameRecord) {
    addImage(record, file: record.plane("rgb")?.file ?? "")
    for instance in record.instances {
      addAnnotation(of: instance, category: instance.category, isIgnored: false, in: record)
    }
  }

  /// - Parameters:
  ///   - file: of the picture, relative to the folder that loaders are told.
  ///   - more: writes further members.
  mutating func addImage(_ record: FrameRecord, file: String, more: (inout JSONWriter) -> Void = { _ in }) {
    var w = JSONWriter()
    swap(&w.bytes, &images)
    w.newline(after: ",")
    w.beginObject()
    w.member("id", record.frame)
    w.member("file_name", file)
    w.member("width", record.width)
    w.member("height", record.height)
    more(&w)
    w.endObject()
    swap(&w.bytes, &images)
  }

  /// Adds an annotation that is written already.
  mutating func addAnnotation(json: [UInt8]) {
    annotations += ",\n".utf8
    annotations += json
  }

  /// Adds an instance, if any of it is seen.
  ///
  /// - Parameters:
  ///   - outlines: of its mask, to stand in place of the run lengths; nil, or some with holes, for run lengths.
  ///   - isIgnored: see the file's opening.
  ///   - hasCrowd: whether to write `iscrowd`.
  mutating func addAnnotation(
    of instance: InstanceRecord, category: Int, isIgnored: Bool, in record: FrameRecord,
    outlines: MaskOutlines? = nil, hasCrowd: Bool = true
  ) {
    guard let box = instance.box else { return }
    var w = JSONWriter()
    swap(&w.bytes, &annotations)
    w.newline(after: ",")
    w.beginObject()
    w.member("id", COCOFragment.annotationID(frame: record.frame, instance: instance.id))
    w.member("image_id", record.frame)
    w.member("category_id", category)
    w.key("bbox")
    w.beginArray()
    w.integer(box.x)
    w.integer(box.y)
    w.integer(box.width)
    w.integer(box.height)
    w.endArray()
    w.member("area", instance.visiblePixels)
    if hasCrowd {
      w.member("iscrowd", isIgnored ? 1 : 0)
    }
    if isIgnored {
      w.member("ignore", 1)
    }
    if let points = instance.values.keypoints, !points.isEmpty {
      w.key("keypoints")
      w.beginArray()
      for p in points {
        let place = p.visibility == .absent ? nil : p.image
        w.number(place?.x ?? 0)
        w.number(place?.y ?? 0)
        w.integer(place == nil ? 0 : p.visibility.rawValue)
      }
      w.endArray()
      w.member("num_keypoints", points.count { $0.visibility != .absent && $0.image != nil })
    }
    w.key("segmentation")
    if let outlines, !outlines.hasHoles {
      w.beginArray()
      for part in outlines.rings {
        w.beginArray()
        for p in part.corners {
          w.integer(Int(p.x))
          w.integer(Int(p.y))
        }
        w.endArray()
      }
      w.endArray()
    } else {
      w.beginObject()
      w.key("size")
      w.beginArray()
      w.integer(record.height)
      w.integer(record.width)
      w.endArray()
      w.key("counts")
      instance.mask.bytes.withUnsafeBufferPointer { w.string($0) }
      w.endObject()
    }
    w.endObject()
    swap(&w.bytes, &annotations)
  }
}

/// Streams a COCO file: annotations go straight to it, images to a second temporary file that is appended at the end.
package final class COCOFile {
  private let main: OutputFile
  private let images: OutputFile
  private var hasImages = false
  private var hasAnnotations = false

  /// A list of categories, a line each.
  ///
  /// - Parameter more: writes further members of one.
  package static func list(
    _ categories: [Stage.Category], more: (Stage.Category, inout JSONWriter) -> Void = { _, _ in }
  ) -> [UInt8] {
    var w = JSONWriter()
    w.beginArray()
    for category in categories {
      w.newline()
      category.writeCOCO(to: &w) { more(category, &$0) }
      if category != categories.last { w.bytes.append(UInt8(ascii: ",")) }
    }
    w.newline()
    w.endArray()
    return w.bytes
  }

  /// - Parameters:
  ///   - path: in a folder that exists.
  ///   - description: free text for `info`.
  ///   - categories: their list in JSON; nil where `finish` gets it.
  package init(_ path: String, description: String, categories: [UInt8]? = nil) throws(FileError) {
    main = try OutputFile(path)
    images = try OutputFile(path + ".images")
    var w = JSONWriter()
    w.beginObject()
    w.key("info")
    w.beginObject()
    w.member("description", description)
    w.endObject()
    w.key("licenses")
    w.beginArray()
    w.endArray()
    if let categories {
      w.key("categories")
      w.verbatim(categories)
    }
    w.key("annotations")
    w.beginArray()
    try main.write(w.bytes)
  }

  /// Adds what some frames contribute; fragments come in order of frames.
  package func add(_ fragment: COCOFragment) throws(FileError) {
    // The first member of a list has no comma before it.
    try images.write(fragment.images.dropFirst(hasImages ? 0 : 1))
    try main.write(fragment.annotations.dropFirst(hasAnnotations ? 0 : 1))
    hasImages = hasImages || !fragment.images.isEmpty
    hasAnnotations = hasAnnotations || !fragment.annotations.isEmpty
  }

  /// - Parameters:
  ///   - sync: whether to wait for the disk.
  ///   - categories: their list in JSON, where the beginning had none.
  package func finish(sync: Bool, categories: [UInt8]? = nil) throws(FileError) {
    try main.write("\n],\"images\":[")
    try main.append(contentsOf: images)
    images.discard()
    try main.write("\n]")
    if let categories {
      try main.write(",\"categories\":")
      try main.write(categories)
    }
    try main.write("}\n")
    try main.commit(sync: sync)
  }
}

extension Stage.Category {
  /// A member of `categories`.
  func writeCOCO(to w: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }) {
    w.beginObject()
    w.member("id", id)
    w.member("name", name)
    w.member("supercategory", supercategory)
    if !keypoints.isEmpty {
      w.key("keypoints")
      w.beginArray()
      for name in keypoints { w.string(name) }
      w.endArray()
      w.key("skeleton")
      w.beginArray()
      for bone in skeleton {
        w.beginArray()
        w.integer(bone.x + 1)
        w.integer(bone.y + 1)
        w.endArray()
      }
      w.endArray()
    }
    more(&w)
    w.endObject()
  }
}

extension JSONWriter {
  /// Begins a line after `separator`.
  fileprivate mutating func newline(after separator: Character) {
    bytes.append(contentsOf: separator.utf8)
    newline()
  }
}
