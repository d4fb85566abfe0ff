// COCO: detection and instance segmentation, `annotations/coco.json`.
//
// - An image's id is its frame's number, so the first may be 0. `file_name` is relative to the dataset's folder.
// - An annotation's id is `frame * 65536 + instance id`: unique without coordination between chunks and shards, at least
//   1 since instance ids begin at 1 (an annotation numbered 0 silently costs AP), and within the 53 bits that every
//   JSON reader keeps for frames up to 2^37. The low 16 bits are the instance's value in the instance plane.
// - `bbox` is [x, y, w, h] of the visible pixels by their continuous edges: the first pixel alone is [0, 0, 1, 1].
// - `segmentation` is the compressed RLE of the visible pixels, exact, with holes and parts; `area` is its pixel count.
//   Polygons could not say holes and are not offered here. `iscrowd` is 0: an RLE does not make a crowd.
// - Instances without a visible pixel get no annotation; an image without any is still listed.
// - Category ids are the dataset's, from 1.
//
// One image or annotation stands on a line, so that a difference between two files can be read. Annotations come before images:
// they are nearly all of the file and go straight to it, while the images' lines wait for their end.

import Annotators
import Documents
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

  public mutating func add(_ record: FrameRecord) {
    var w = JSONWriter()
    swap(&w.bytes, &images)
    w.newline(after: ",")
    w.beginObject()
    w.key("id")
    w.integer(record.frame)
    w.key("file_name")
    w.string(record.plane("rgb")?.file ?? "")
    w.key("width")
    w.integer(record.width)
    w.key("height")
    w.integer(record.height)
    w.endObject()
    swap(&w.bytes, &images)

    swap(&w.bytes, &annotations)
    for instance in record.instances {
      guard let box = instance.box else { continue }
      w.newline(after: ",")
      w.beginObject()
      w.key("id")
      w.integer(COCOFragment.annotationID(frame: record.frame, instance: instance.id))
      w.key("image_id")
      w.integer(record.frame)
      w.key("category_id")
      w.integer(instance.category)
      w.key("bbox")
      w.beginArray()
      w.integer(box.x)
      w.integer(box.y)
      w.integer(box.width)
      w.integer(box.height)
      w.endArray()
      w.key("area")
      w.integer(instance.visiblePixels)
      w.key("iscrowd")
      w.integer(0)
      w.key("segmentation")
      w.beginObject()
      w.key("size")
      w.beginArray()
      w.integer(record.height)
      w.integer(record.width)
      w.endArray()
      w.key("counts")
      instance.mask.bytes.withUnsafeBufferPointer { w.string($0) }
      w.endObject()
      w.endObject()
    }
    swap(&w.bytes, &annotations)
  }
}

/// Streams a COCO file: annotations go straight to it, images to a second temporary file that is appended at the end.
public final class COCOWriter: FormatWriter {
  public static let name = "coco"
  public static let summary = "COCO detection and instance segmentation, boxes and exact RLE masks in one JSON file."
  public static let file = "annotations/coco.json"

  private let dataset: DatasetDescription
  private let main: OutputFile
  private let images: OutputFile
  private var hasImages = false
  private var hasAnnotations = false
  /// Of one record; kept for its memory.
  private var fragment = COCOFragment()

  public convenience init(_ dataset: DatasetDescription, folder: String) throws(FileError) {
    try FileSystem.makeFolder(folder + "/annotations")
    try self.init(dataset, path: folder + "/" + COCOWriter.file)
  }

  /// Writes to a file of another name, in a folder that exists.
  package init(_ dataset: DatasetDescription, path: String) throws(FileError) {
    self.dataset = dataset
    main = try OutputFile(path)
    images = try OutputFile(path + ".images")
    var w = JSONWriter()
    w.beginObject()
    w.key("info")
    w.beginObject()
    w.key("description")
    w.string("\(dataset.name), rendered by Diorama")
    w.endObject()
    w.key("licenses")
    w.beginArray()
    w.endArray()
    w.key("categories")
    w.beginArray()
    for category in dataset.categories {
      w.newline()
      category.writeCOCO(to: &w)
      if category != dataset.categories.last { w.bytes.append(UInt8(ascii: ",")) }
    }
    w.newline()
    w.endArray()
    w.key("annotations")
    w.beginArray()
    try main.write(w.bytes)
  }

  public func add(_ record: FrameRecord) throws(FileError) {
    fragment.removeAll()
    fragment.add(record)
    try add(fragment)
  }

  /// Adds what some frames contribute; fragments come in order of frames.
  public func add(_ fragment: COCOFragment) throws(FileError) {
    // The first member of a list has no comma before it.
    try images.write(fragment.images.dropFirst(hasImages ? 0 : 1))
    try main.write(fragment.annotations.dropFirst(hasAnnotations ? 0 : 1))
    hasImages = hasImages || !fragment.images.isEmpty
    hasAnnotations = hasAnnotations || !fragment.annotations.isEmpty
  }

  public func finish() throws(FileError) { try finish(sync: true) }

  /// - Parameter sync: whether to wait for the disk.
  func finish(sync: Bool) throws(FileError) {
    try main.write("\n],\"images\":[")
    try main.append(contentsOf: images)
    images.discard()
    try main.write("\n]}\n")
    try main.commit(sync: sync)
  }

  public static func remove(from folder: String) { FileSystem.remove(folder + "/" + file) }
}

extension JSONWriter {
  /// Begins a line after `separator`.
  fileprivate mutating func newline(after separator: Character) {
    bytes.append(contentsOf: separator.utf8)
    newline()
  }
}
