import Annotators
import Documents
import Formats

/// A dataset on disk, for reading.
public struct Dataset: Sendable {
  public let folder: String
  public let header: DatasetHeader

  /// - Throws: `.file` where the folder has no dataset.json, `.damaged` where that is not one of ours.
  public init(folder: String) throws(DatasetError) {
    self.folder = folder
    let path = folder + "/" + DatasetLayout.header
    let bytes = try DatasetError.files { () throws(FileError) in try FileSystem.read(path) }
    do { header = try DatasetHeader(json: bytes) } catch { throw .damaged(file: path, "\(error)") }
  }

  /// Whether there is a dataset in that folder.
  public static func exists(in folder: String) -> Bool {
    FileSystem.size(of: folder + "/" + DatasetLayout.header) != nil
  }

  /// The chunks whose record file is there, in order.
  public func chunks() throws(DatasetError) -> [Int] {
    try DatasetError.files { () throws(FileError) in
      try FileSystem.names(in: folder + "/" + DatasetLayout.chunks).compactMap(DatasetLayout.chunkNumber).sorted()
    }
  }

  /// Hands every record to `body`, in order of frames and in memory that does not grow with their number, until it
  /// returns false.
  ///
  /// - Parameter threads: how many threads read ahead.
  public func forEachRecord(
    threads: Int = 1, _ body: (FrameRecord) throws(DatasetError) -> Bool
  ) throws(DatasetError) {
    for chunk in try chunks() {
      let path = folder + "/" + DatasetLayout.chunkFile(chunk)
      let isWhole = try readRecords(path, threads: threads) { record, line throws(DatasetError) in
        try check(record, at: path, line, chunk: chunk)
        return try body(record)
      }
      guard isWhole else { return }
    }
  }

  /// That a record belongs to this dataset and to the chunk whose file it stands in.
  func check(_ record: FrameRecord, at path: String, _ line: Int, chunk: Int) throws(DatasetError) {
    guard record.source == header.source, record.frame / header.chunk == chunk else {
      throw .damaged(
        file: path,
        "\(line): found frame \(record.frame) of \(record.source), expected a frame of this chunk and dataset "
          + "(\(header.source))")
    }
  }

  /// The bytes of a frame's file, wherever it lies.
  ///
  /// - Parameter archive: the index of the archive that was read last: kept by the caller, so that frames of one archive
  ///   do not each have it read again.
  static func read(
    _ plane: PlaneRecord, in folder: String, archive: inout TarIndex?
  ) throws(DatasetError) -> [UInt8] {
    guard let (file, name) = DatasetLayout.member(plane.file) else {
      return try DatasetError.files { () throws(FileError) in try FileSystem.read(folder + "/" + plane.file) }
    }
    let path = folder + "/" + file
    let index: TarIndex
    if let archive, archive.path == path {
      index = archive
    } else {
      index = try DatasetError.archive { () throws(TarError) in try TarIndex(path) }
      archive = index
    }
    guard let member = index[name] else { throw .damaged(file: path, "found no \(name), expected one") }
    return try DatasetError.files { () throws(FileError) in
      try FileSystem.read(path, from: member.offset, count: member.size)
    }
  }

  /// Makes the derived annotations again and then writes the counts into the head, unless another process adds frames
  /// meanwhile: then that is for it to do when it ends.
  ///
  /// - Parameters:
  ///   - formats: nil for those that a dataset of its size gets.
  ///   - meshes: of its frames, for formats that hold models.
  /// - Returns: false where it was stopped before its end; then nothing is left of it.
  public func derive(
    _ formats: [DerivedFormat]? = nil, meshes: MeshSource? = nil, threads: Int = 1,
    shouldStop: () -> Bool = { false }
  ) throws(DatasetError) -> Bool {
    let before = try DatasetError.files { () throws(FileError) in try recordFiles() }
    var derivation = try Derivation(self, formats, meshes: meshes)
    var isStopped = false
    try forEachRecord(threads: threads) { record throws(DatasetError) in
      isStopped = shouldStop()
      guard !isStopped else { return false }
      try derivation.add(record)
      return true
    }
    guard !isStopped else { return false }
    _ = try derivation.finish(recordFiles: before)
    return true
  }

  /// What tells two states of the record files apart: they are replaced, never changed.
  func recordFiles() throws(FileError) -> [String: FileIdentity] {
    let path = folder + "/" + DatasetLayout.chunks
    var found: [String: FileIdentity] = [:]
    for name in try FileSystem.names(in: path) { found[name] = FileIdentity(path + "/" + name) }
    return found
  }
}

extension Dataset {
  /// How many records there are, if fewer than `limit`; read by counting lines.
  func countFrames(upTo limit: Int) throws(DatasetError) -> Int {
    let chunks = try chunks()
    // Chunks hold no more than their size.
    guard chunks.count * header.chunk >= limit else { return chunks.count * header.chunk }
    var count = 0
    for chunk in chunks where count < limit {
      let path = folder + "/" + DatasetLayout.chunkFile(chunk)
      count += try DatasetError.files { () throws(FileError) in try LineReader.countLines(of: path) }
    }
    return count
  }
}

extension DatasetHeader {
  /// Replaces dataset.json; the caller holds the lock on it where others may be at work.
  func write(folder: String) throws(DatasetError) {
    try DatasetError.files { () throws(FileError) in
      let file = try OutputFile(folder + "/" + DatasetLayout.header)
      try file.write(json)
      try file.commit()
    }
  }

  /// Takes the counts out of a dataset's head: from here on its annotations lack frames.
  static func open(folder: String) throws(DatasetError) {
    let lock = try DatasetError.files { () throws(FileError) in try DatasetLock(headOf: folder) }
    defer { lock.release() }
    var head = try Dataset(folder: folder).header
    if head.counts != nil {
      head.counts = nil
      try head.write(folder: folder)
    }
  }
}
