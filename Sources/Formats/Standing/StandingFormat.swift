// Standing formats: annotations that lie inside the dataset, in `annotations/`, and speak of its images where they are. They
// are derived at the end of a render or a merge and hold every frame.

import Annotators
import Stage

/// Records come in order of frames; memory must not grow with their number, and the bytes written may depend on nothing but
/// the description and the records.
public protocol StandingFormat: AnyObject, SendableMetatype {
  static var name: String { get }

  /// - Parameter folder: the dataset's folder, which exists; paths in records are relative to it.
  init(_ dataset: DatasetDescription, folder: String) throws(FileError)

  func add(_ record: FrameRecord) throws(FileError)

  /// Completes all files and brings them to their final names; without it nothing of them is left.
  func finish() throws(FileError)

  /// What `finish` makes, a file or a folder, relative to the dataset's folder.
  static var place: String { get }

  /// Removes what `finish` made, where it is there.
  static func remove(from folder: String)
}

public let standingFormats: [any StandingFormat.Type] = [COCOWriter.self, COCOChunksWriter.self]

/// The most frames that one COCO file is written for unless asked. Readers take it into memory whole: about ten kilobytes
/// an image of Python objects, half a gigabyte here.
public let largestSingleFile = 50_000

/// The formats that a dataset of so many frames gets without being asked.
public func standardFormats(frames: Int) -> [DerivedFormat] {
  [.standing(frames <= largestSingleFile ? COCOWriter.self : COCOChunksWriter.self)]
}

/// What can be derived at the end of a render: a standing format, or an export of its own into `exports/NAME` of the
/// dataset.
public enum DerivedFormat: Sendable {
  case standing(any StandingFormat.Type)
  case export(any FormatWriter.Type)

  public var name: String {
    switch self {
    case .standing(let f): f.name
    case .export(let f): f.name
    }
  }

  /// Where an export of that name lies, relative to the dataset's folder.
  public static func folder(_ name: String) -> String { "exports/" + name }

  public static var names: [String] {
    standingFormats.map { $0.name }
      + formatRegistry.map { $0.name }.filter { n in !standingFormats.contains { $0.name == n } }
  }

  /// The format of that name; where there is none, an error that names the nearest.
  public init(named name: String) throws(FormatError) {
    if let f = standingFormats.first(where: { $0.name == name }) {
      self = .standing(f)
    } else if let f = formatRegistry.first(where: { $0.name == name }) {
      self = .export(f)
    } else {
      throw unknownName("format", name, among: DerivedFormat.names)
    }
  }

  /// Whether it has been derived in a dataset's folder, of whatever frames.
  package func isThere(in folder: String) -> Bool {
    switch self {
    case .standing(let f):
      FileSystem.size(of: "\(folder)/\(f.place)") != nil || FileSystem.isFolder("\(folder)/\(f.place)")
    case .export(let f): ExportFolder.isExport(folder + "/" + DerivedFormat.folder(f.name))
    }
  }

  /// The formats of a list of names, each once.
  public static func list(_ names: [String]) throws(FormatError) -> [DerivedFormat] {
    var list: [DerivedFormat] = []
    for name in names {
      let f = try DerivedFormat(named: name)
      guard !list.contains(where: { $0.name == f.name }) else {
        throw .refused("found the format \"\(name)\" a second time, expected each once")
      }
      list.append(f)
    }
    return list
  }
}
