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
  /// The files that the frames were made from, as far as the dataset knows.
  public var assets: [DatasetAsset] = []

  public init(name: String, categories: [Stage.Category], chunk: Int = 64) {
    self.name = name
    self.categories = categories
    self.chunk = chunk
  }

  public func annotation(_ name: String) -> AnnotationDescription? { annotations.first { $0.name == name } }
}

/// A file that frames were made from: a mesh, a texture, a background, an environment.
public struct DatasetAsset: Equatable, Sendable {
  /// As the scene names it; of an absolute path only the last part, so that no machine's folders get into a dataset.
  public var path: String
  /// Of its bytes.
  public var digest: Digest

  /// SPDX expression; nil where none is stated.
  public var license: String?
  /// Whether it is, or has in it, a photograph; nil where nothing is said.
  public var isPhotograph: Bool?

  public init(path: String, digest: Digest, license: String? = nil, isPhotograph: Bool? = nil) {
    (self.license, self.isPhotograph) = (license, isPhotograph)
    self.path = path.hasPrefix("/") ? String(path.split(separator: "/").last ?? "") : path
    self.digest = digest
  }

  /// Whether it is a picture by its ending, and so may be a photograph.
  public var isPicture: Bool {
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    return ["png", "jpg", "jpeg", "hdr", "exr"].contains(ending)
  }

  /// Whether it may have pictures inside.
  public var mayHoldPictures: Bool { ["glb", "gltf"].contains(path.split(separator: ".").last?.lowercased() ?? "") }
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
  YOLODetect.self, YOLOSegment.self, YOLOPose.self, YOLOOriented.self,
  VOCFormat.self,
  KITTIObject.self, KITTIDepth.self, KITTIFlow.self,
  BOPFormat.self,
  MOTFormat.self, MOTSFormat.self,
  CVATFormat.self,
  NerfstudioFormat.self,
  NPYPlanes.self, EXRPlanes.self,
  WebDatasetFormat.self, ImageFolderFormat.self, HubParquetFormat.self, CroissantFormat.self,
  LabelTableFormat.self,
]

/// The format of that name; where there is none, an error that names the nearest.
public func format(named name: String) throws(FormatError) -> any FormatWriter.Type {
  if let found = formatRegistry.first(where: { $0.name == name }) { return found }
  throw unknownName("format", name, among: formatRegistry.map { $0.name })
}
