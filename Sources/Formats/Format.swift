// Formats: what is written from records for other people's loaders.
//
// A format is one file in this folder, one line in `formatRegistry` and one test that calls `checkFormat`. It sees
// records, the dataset's description and, where it needs pixels, the frames' files; never a frame or a rasterizer. So it
// can be made at any later time.

import Annotators
import Imaging
import Stage

/// What a format needs to know besides the records.
public struct DatasetDescription: Equatable, Sendable {
  /// The scene's name.
  public var name: String
  /// In order of id.
  public var categories: [Stage.Category]
  /// Frames a chunk, at least 1: formats that write a file a chunk follow it.
  public var chunk: Int
  /// What frames are annotated with, and how planes are stored.
  public var annotations: [AnnotationDescription] = []
  /// What the frames were made from.
  public var source = Digest(of: "")
  public var seed: UInt64 = 0
  public var renderVersion = 0

  public init(name: String, categories: [Stage.Category], chunk: Int = 64) {
    self.name = name
    self.categories = categories
    self.chunk = chunk
  }

  public func annotation(_ name: String) -> AnnotationDescription? { annotations.first { $0.name == name } }
}

/// Writes one dataset in one format, into a folder of its own. Frames come in order; memory must not grow with their
/// number, and what is written may depend on nothing but the description, the options and the records.
public protocol FormatWriter: AnyObject, SendableMetatype {
  static var manual: FormatManual { get }

  /// - Parameter export: what is exported, how and where to. Files are written through it.
  init(_ export: FormatExport) throws(FormatError)

  func add(_ frame: ExportedFrame) throws(FormatError)

  /// Completes all files. The folder gets its name after this; without it nothing is left.
  func finish() throws(FormatError)
}

extension FormatWriter {
  public static var name: String { manual.name }
}

/// All formats, in the order of the reference.
public let formatRegistry: [any FormatWriter.Type] = [
  COCOFormat.self, COCOPanoptic.self, LVISFormat.self,
  YOLODetect.self, YOLOSegment.self, YOLOOriented.self,
  VOCFormat.self,
]

/// The format of that name; where there is none, an error that names the nearest.
public func format(named name: String) throws(FormatError) -> any FormatWriter.Type {
  if let found = formatRegistry.first(where: { $0.name == name }) { return found }
  throw unknownName("format", name, among: formatRegistry.map { $0.name })
}
