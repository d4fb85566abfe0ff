// `annotations/coco.json`: the dataset's own COCO file. `file_name` is relative to the dataset's folder, category ids are the
// dataset's, masks are run lengths; `COCOFile` says the rest.

import Annotators
import Documents
import Stage

public final class COCOWriter: StandingFormat {
  public static let name = "coco"
  public static let file = "annotations/coco.json"

  private let file: COCOFile
  /// Of one record; kept for its memory.
  private var fragment = COCOFragment()

  public convenience init(_ dataset: DatasetDescription, folder: String) throws(FileError) {
    try FileSystem.makeFolder(folder + "/annotations")
    try self.init(dataset, path: folder + "/" + COCOWriter.file)
  }

  /// Writes to a file of another name, in a folder that exists.
  package init(_ dataset: DatasetDescription, path: String) throws(FileError) {
    file = try COCOFile(path, description: dataset.title, categories: COCOFile.list(dataset.categories))
  }

  public func add(_ record: FrameRecord) throws(FileError) {
    fragment.removeAll()
    fragment.add(record)
    try add(fragment)
  }

  /// Adds what some frames contribute; fragments come in order of frames.
  public func add(_ fragment: COCOFragment) throws(FileError) { try file.add(fragment) }

  public func finish() throws(FileError) { try finish(sync: true) }

  /// - Parameter sync: whether to wait for the disk.
  func finish(sync: Bool) throws(FileError) { try file.finish(sync: sync) }

  public static var place: String { file }

  public static func remove(from folder: String) { FileSystem.remove(folder + "/" + file) }
}

extension DatasetDescription {
  /// What files say that they hold.
  var title: String { "\(name), rendered by Diorama" }
}
