// What a format is handed: what to export, how and where to, and the ways to write it.

import Annotators
import Glibc
import ImageCoding
import Imaging
import Stage

/// One export in one format. Files go into a folder that gets its name when all are whole, so formats write them under
/// their final names and need not sync them.
public final class FormatExport {
  public let dataset: DatasetDescription
  public let options: ExportOptions
  /// The exported classes.
  public let classes: ClassMapping
  /// Names of the splits, at least one: `train` where the dataset was not split.
  public let splits: [String]
  /// What masks become.
  public let polygons: PolygonStyle

  /// Where it is written, and the name that this is going to have.
  private let folder: String
  /// What pictures are in.
  public let pictures: PictureFile
  private let final: String
  private let files: SourceFiles
  let manual: FormatManual
  /// Of the dataset's frames; nil where nothing makes them again.
  let meshes: MeshSource?
  private var folders: Set<String> = []
  private(set) var losses: [ExportLoss] = []
  /// Made when a first PNG is written.
  private var encoder: PNGEncoder?

  init(
    _ manual: FormatManual, _ dataset: DatasetDescription, _ options: ExportOptions, splits: [String],
    folder: String, final: String, files: SourceFiles, meshes: MeshSource? = nil
  ) {
    self.manual = manual
    self.meshes = meshes
    self.dataset = dataset
    self.options = options
    self.splits = splits
    self.folder = folder
    self.final = final
    self.files = files
    classes = options.classes.resolved(for: dataset.categories)
    pictures = options.pictures ?? manual.pictures.first ?? .png
    polygons = options.polygons.flatMap { manual.polygons.contains($0) ? $0 : nil } ?? manual.polygons.first ?? .rle
  }

  /// Whether the dataset has an annotation.
  public func has(_ annotation: String) -> Bool { dataset.annotation(annotation) != nil }

  /// The exported classes that are stuff: what has no number, and no pose or track of its own.
  public private(set) lazy var stuff: Set<Int> = Set(classes.list.filter(\.isStuff).map(\.id))

  // MARK: Writing

  /// Where a file of the export is written.
  ///
  /// - Parameter relative: to the exported folder, with forward slashes.
  public func path(_ relative: String) -> String { folder + "/" + relative }

  public func makeFolder(_ relative: String) throws(FormatError) {
    guard folders.insert(relative).inserted else { return }
    try FormatError.files { () throws(FileError) in try FileSystem.makeFolder(path(relative)) }
  }

  /// Makes a file, and the folder that it lies in.
  public func write(_ bytes: [UInt8], to relative: String) throws(FormatError) {
    try makeEnclosing(relative)
    try FormatError.files { () throws(FileError) in
      try bytes.withUnsafeBufferPointer { b throws(FileError) in
        try FileSystem.create(path(relative), UnsafeRawBufferPointer(b), sync: false)
      }
    }
  }

  /// Makes a PNG, and the folder that it lies in.
  ///
  /// - Parameter encode: writes it with the export's encoder.
  func writePNG(to relative: String, _ encode: (PNGEncoder) throws(ImageCodingError) -> Void) throws(FormatError) {
    let bytes: [UInt8]
    do throws(ImageCodingError) {
      let encoder: PNGEncoder
      if let made = self.encoder { encoder = made } else { encoder = try PNGEncoder() }
      self.encoder = encoder
      try encode(encoder)
      bytes = encoder.withFile { Array($0) }
    } catch { throw .refused("\(error)") }
    try write(bytes, to: relative)
  }

  /// Makes a PNG with 255 in a mask and 0 outside of it.
  func writePNG(_ mask: Plane<UInt8>, to relative: String) throws(FormatError) {
    try writePNG(to: relative) { e throws(ImageCodingError) in try e.write(mask, as: .ids) }
  }

  /// A file that is written bit by bit; `commit(sync: false)` completes it.
  package func stream(_ relative: String) throws(FormatError) -> OutputFile {
    try makeEnclosing(relative)
    return try FormatError.files { () throws(FileError) in try OutputFile(path(relative)) }
  }

  private func makeEnclosing(_ relative: String) throws(FormatError) {
    if let slash = relative.lastIndex(of: "/") { try makeFolder(String(relative[..<slash])) }
  }

  // MARK: Files of frames

  /// The file of a frame's plane.
  public func plane(_ name: String, of frame: ExportedFrame) throws(FormatError) -> PlaneRecord {
    guard let plane = frame.record.plane(name) else {
      throw .refused(
        "frame \(frame.record.frame): found no plane \"\(name)\", expected one; it is in the dataset's head")
    }
    return plane
  }

  /// Gives a frame's file another name in the export.
  public func place(_ name: String, of frame: ExportedFrame, at relative: String) throws(FormatError) {
    try makeEnclosing(relative)
    try files.place(try plane(name, of: frame), at: path(relative), final: final + "/" + relative)
  }

  /// Of a JPEG; 95 of libjpeg's 100 is where pictures are hard to tell from the original at a sixth of its size.
  private static let jpegQuality = 95

  /// Puts a frame's picture into a folder of the export as `000012.png`, or as the JPEG that was asked for.
  ///
  /// - Returns: its name relative to the export.
  public func placePicture(of frame: ExportedFrame, in folder: String) throws(FormatError) -> String {
    let relative = "\(folder)/\(frame.number).\(pictures.ending)"
    switch pictures {
    case .png: try place("rgb", of: frame, at: relative)
    case .jpeg: try write(try pictureBytes(of: frame), to: relative)
    }
    return relative
  }

  /// The bytes of a frame's picture: the dataset's PNG, or the JPEG that was asked for.
  public func pictureBytes(of frame: ExportedFrame) throws(FormatError) -> [UInt8] {
    guard pictures == .jpeg else { return try bytes("rgb", of: frame) }
    guard case .raster(let image) = try self.image("rgb", of: frame) else {
      throw .refused("frame \(frame.record.frame): found a picture of floats, expected one of 8 bits")
    }
    do { return try encodeJPEG(image, quality: FormatExport.jpegQuality) } catch { throw .refused("\(error)") }
  }

  /// The bytes of a plane's file.
  public func bytes(_ name: String, of frame: ExportedFrame) throws(FormatError) -> [UInt8] {
    try files.bytes(of: try plane(name, of: frame))
  }

  /// A plane's samples as they are stored; the dataset's description of it says what they mean.
  public func image(_ name: String, of frame: ExportedFrame) throws(FormatError) -> PlaneImage {
    let plane = try plane(name, of: frame)
    guard let description = dataset.annotation(name)?.plane else {
      throw .refused("found no plane \"\(name)\", expected one in the dataset's head")
    }
    let bytes = try files.bytes(of: plane)
    do { return try description.decode(bytes) } catch { throw .damaged(file: plane.file, "\(error)") }
  }

  // MARK: Losses

  /// Notes that one thing of a kind is not handed on whole. Losses of one reason are counted together.
  ///
  /// - Parameter iou: of what is written with what was meant.
  public func lose(_ content: FormatContent, _ reason: String, iou: Double? = nil) {
    let i: Int
    if let found = losses.firstIndex(where: { $0.content == content && $0.reason == reason && $0.count != nil }) {
      i = found
    } else {
      i = losses.count
      losses.append(ExportLoss(content: content, reason: reason, count: 0))
    }
    losses[i].count = (losses[i].count ?? 0) + 1
    if let iou {
      losses[i].leastIoU = min(losses[i].leastIoU ?? 1, iou)
      losses[i].sumIoU += iou
    }
  }

  /// Notes that nothing of a kind is handed on, or not all of any.
  func loseAll(_ content: FormatContent, _ reason: String) {
    losses.append(ExportLoss(content: content, reason: reason))
  }
}
