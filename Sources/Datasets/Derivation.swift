import Annotators
import Formats
import Glibc

/// Annotations in the making: records go in, in order of frames.
struct Derivation {
  private let dataset: Dataset
  private let formats: [DerivedFormat]
  private let writers: [any StandingFormat]
  private let exports: [(exporter: Exporter, folder: ExportFolder)]
  private(set) var counts = DatasetHeader.Counts()
  private var last = -1

  /// - Parameter meshes: of the dataset's frames, for formats that hold models.
  init(_ dataset: Dataset, _ formats: [DerivedFormat]?, meshes: MeshSource? = nil) throws(DatasetError) {
    self.dataset = dataset
    let chosen: [DerivedFormat]
    if let formats {
      chosen = formats
    } else {
      chosen = standardFormats(frames: try dataset.countFrames(upTo: largestSingleFile + 1))
    }
    self.formats = chosen
    var writers: [any StandingFormat] = []
    var exports: [(Exporter, ExportFolder)] = []
    let description = dataset.header.description
    for f in chosen {
      switch f {
      case .standing(let type):
        writers.append(
          try DatasetError.files { () throws(FileError) in try type.init(description, folder: dataset.folder) })
      case .export(let type): exports.append(try Derivation.export(type, dataset, meshes))
      }
    }
    (self.writers, self.exports) = (writers, exports)
  }

  mutating func add(_ record: FrameRecord) throws(DatasetError) {
    guard record.frame > last else {
      throw .damaged(
        file: dataset.folder + "/" + DatasetLayout.chunkFile(record.frame / dataset.header.chunk),
        "found frame \(record.frame) after frame \(last), expected ascending order")
    }
    last = record.frame
    counts.frames += 1
    counts.instances += record.instances.count
    counts.visible += record.instances.count { $0.visiblePixels > 0 }
    try DatasetError.files { () throws(FileError) in for w in writers { try w.add(record) } }
    for e in exports { try DatasetError.formats { () throws(FormatError) in try e.exporter.add(record, split: 0) } }
  }

  /// An export into the dataset itself, with the formats' defaults; splits are made later than this.
  private static func export(
    _ format: any FormatWriter.Type, _ dataset: Dataset, _ meshes: MeshSource?
  ) throws(DatasetError) -> (Exporter, ExportFolder) {
    try DatasetError.files { () throws(FileError) in try FileSystem.makeFolder(dataset.folder + "/exports") }
    return try DatasetError.formats { () throws(FormatError) in
      let files = SourceFiles(folder: dataset.folder)
      // An export of fewer frames that is there is replaced; anything else is not ours to replace.
      let folder = try ExportFolder(dataset.folder + "/" + DerivedFormat.folder(format.name), replaces: true)
      let exporter = try Exporter(
        format, dataset.header.description, ExportOptions(), splits: ["train"], folder: folder.temporary,
        final: folder.path, files: files, meshes: meshes)
      return (exporter, folder)
    }
  }

  /// Gives the annotations their names and the head its counts, unless the record files have changed: then these
  /// annotations lack frames, and may not replace those of a process that has seen them all.
  ///
  /// - Parameter recordFiles: as they were before the first of them was read.
  /// - Returns: whether the annotations are there.
  func finish(recordFiles before: [String: FileIdentity]) throws(DatasetError) -> Bool {
    let lock = try DatasetError.files { () throws(FileError) in try DatasetLock(headOf: dataset.folder) }
    defer { lock.release() }
    guard try DatasetError.files({ () throws(FileError) in try dataset.recordFiles() }) == before else { return false }
    // While annotations are replaced, the head does not say that they are there.
    var complete = try Dataset(folder: dataset.folder).header
    if complete.counts != nil {
      complete.counts = nil
      try complete.write(folder: dataset.folder)
    }
    try DatasetError.files { () throws(FileError) in for w in writers { try w.finish() } }
    for e in exports {
      try DatasetError.formats { () throws(FormatError) in
        _ = try e.exporter.finish()
        try e.folder.commit()
      }
    }
    removeOthers()
    // All of that is on the disk before the head speaks of it.
    try DatasetError.files { () throws(FileError) in
      let annotations = dataset.folder + "/annotations"
      if FileSystem.isFolder(annotations) { try FileSystem.syncFolder(annotations) }
      try FileSystem.syncFolder(dataset.folder)
    }
    complete.counts = counts
    try complete.write(folder: dataset.folder)
    return true
  }

  /// The other forms of the same annotations are not those of these frames any more.
  private func removeOthers() {
    let chosen = Set(formats.map(\.name))
    for f in standingFormats where !chosen.contains(f.name) { f.remove(from: dataset.folder) }
    let exports = dataset.folder + "/exports"
    for name in (try? FileSystem.names(in: exports)) ?? [] where !chosen.contains(name) {
      if ExportFolder.isExport(exports + "/" + name) { FileSystem.removeTree(exports + "/" + name) }
    }
    rmdir(exports)
  }
}
