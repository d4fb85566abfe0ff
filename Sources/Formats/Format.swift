// Formats: what is written from records for other people's loaders.
//
// A format is one file in this folder, one line in `formatRegistry` and one test that calls `checkFormat`. It sees
// records and the dataset's description, never a frame or a rasterizer, so it can be made at any later time.

import Annotators
import Stage

/// What a format needs to know besides the records.
public struct DatasetDescription: Equatable, Sendable {
  /// The scene's name.
  public var name: String
  /// In order of id.
  public var categories: [Stage.Category]
  /// Frames a chunk, at least 1: formats that write a file a chunk follow it.
  public var chunk: Int

  public init(name: String, categories: [Stage.Category], chunk: Int = 64) {
    self.name = name
    self.categories = categories
    self.chunk = chunk
  }
}

/// Writes one dataset in one format. Records come in order of frames; memory must not grow with their number, and the
/// bytes written may depend on nothing but the description and the records.
public protocol FormatWriter: AnyObject, SendableMetatype {
  /// The name that `--format` knows it by.
  static var name: String { get }
  /// One sentence.
  static var summary: String { get }

  /// - Parameter folder: the dataset's folder, which exists; paths in records are relative to it.
  init(_ dataset: DatasetDescription, folder: String) throws(FileError)

  func add(_ record: FrameRecord) throws(FileError)

  /// Completes all files and brings them to their final names; without it nothing of them is left.
  func finish() throws(FileError)

  /// Removes what `finish` made, where it is there.
  static func remove(from folder: String)
}

/// All formats, in the order of the reference.
public let formatRegistry: [any FormatWriter.Type] = [
  COCOWriter.self,
  COCOChunksWriter.self,
]

/// The most frames that one COCO file is written for unless asked. Readers take it into memory whole: about ten kilobytes
/// an image of Python objects, half a gigabyte here.
public let largestSingleFile = 50_000

/// The formats that a dataset of so many frames gets without being asked.
public func defaultFormats(frames: Int) -> [any FormatWriter.Type] {
  frames <= largestSingleFile ? [COCOWriter.self] : [COCOChunksWriter.self]
}
