// COCO by chunks: `annotations/coco/000000.json` ... and `annotations/coco/index.json`, for sets whose one file would not
// fit the memory of those who read it.
//
// - Every file is a whole COCO file of the frames of one chunk, as `COCOWriter` writes it, with all categories; ids are
//   unique over all of them.
// - `index.json` is {"categories": [...], "files": [{"file_name", "first", "last", "images", "annotations"}, ...]}: file
//   names relative to the dataset's folder, the first and the last image id, and counts.
// - The files are made in a folder of another name, which gets its own when all are whole and on the disk.

import Annotators
import Documents
import Stage

public final class COCOChunksWriter: StandingFormat {
  public static let name = "coco-chunks"
  static let folder = "annotations/coco"

  private let dataset: DatasetDescription
  private let path: String
  private let temporary: String
  private let disk: FileSystemSync
  private var isFinished = false
  private var chunk: (number: Int, writer: COCOWriter, entry: Entry)?
  private var index = JSONWriter()
  private var hasEntries = false

  private struct Entry {
    var first: Int
    var last: Int
    var images = 0
    var annotations = 0
  }

  public init(_ dataset: DatasetDescription, folder: String) throws(FileError) {
    self.dataset = dataset
    try FileSystem.makeFolder(folder + "/annotations")
    path = folder + "/" + COCOChunksWriter.folder
    temporary = FileSystem.temporaryName(for: path)
    try FileSystem.makeFolder(temporary)
    disk = try FileSystemSync(temporary)
    index.beginObject()
    index.key("categories")
    index.beginArray()
    for c in dataset.categories { c.writeCOCO(to: &index) }
    index.endArray()
    index.key("files")
    index.beginArray()
  }

  deinit { if !isFinished { FileSystem.removeTree(temporary) } }

  public func add(_ record: FrameRecord) throws(FileError) {
    let number = record.frame / dataset.chunk
    if chunk?.number != number { try close() }
    if chunk == nil {
      let writer = try COCOWriter(dataset, path: temporary + "/" + COCOChunksWriter.fileName(number))
      chunk = (number, writer, Entry(first: record.frame, last: record.frame))
    }
    try chunk?.writer.add(record)
    chunk?.entry.last = record.frame
    chunk?.entry.images += 1
    chunk?.entry.annotations += record.instances.count { $0.box != nil }
  }

  public func finish() throws(FileError) {
    try close()
    index.endArray()
    index.endObject()
    index.newline()
    let file = try OutputFile(temporary + "/index.json")
    try file.write(index.bytes)
    try file.commit(sync: false)
    try disk.run()
    FileSystem.removeTree(path)
    try FileSystem.rename(temporary, to: path)
    isFinished = true
    if let slash = path.lastIndex(of: "/") { try FileSystem.syncFolder(String(path[..<slash])) }
  }

  public static var place: String { folder }

  public static func remove(from folder: String) { FileSystem.removeTree(folder + "/" + Self.folder) }

  /// Completes the file of the chunk that is being written.
  private func close() throws(FileError) {
    guard let (number, writer, entry) = chunk else { return }
    chunk = nil
    try writer.finish(sync: false)
    // A line an entry; the first has no comma before it.
    if hasEntries { index.bytes.append(UInt8(ascii: ",")) }
    hasEntries = true
    index.newline()
    index.beginObject()
    index.member("file_name", COCOChunksWriter.folder + "/" + COCOChunksWriter.fileName(number))
    index.member("first", entry.first)
    index.member("last", entry.last)
    index.member("images", entry.images)
    index.member("annotations", entry.annotations)
    index.endObject()
  }

  private static func fileName(_ chunk: Int) -> String { sixDigits(chunk) + ".json" }
}
