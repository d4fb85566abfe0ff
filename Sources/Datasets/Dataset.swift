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
  public func forEachRecord(_ body: (FrameRecord) throws(DatasetError) -> Bool) throws(DatasetError) {
    for chunk in try chunks() {
      let path = folder + "/" + DatasetLayout.chunkFile(chunk)
      let reader = try DatasetError.files { () throws(FileError) in try LineReader(path) }
      var last = chunk * header.chunk - 1
      while let record = try reader.nextRecord() {
        guard record.source == header.source, record.frame > last, record.frame / header.chunk == chunk else {
          throw .damaged(
            file: path,
            "\(reader.lineNumber): found frame \(record.frame) of \(record.source), expected a frame of this "
              + "chunk and dataset (\(header.source)) in ascending order")
        }
        last = record.frame
        guard try body(record) else { return }
      }
    }
  }

  /// Makes the derived annotations again and then writes the counts into the head.
  public func derive(_ formats: [any FormatWriter.Type] = formatRegistry) throws(DatasetError) {
    let writers = try DatasetError.files { () throws(FileError) in
      var writers: [any FormatWriter] = []
      for f in formats { writers.append(try f.init(header.description, folder: folder)) }
      return writers
    }
    var counts = DatasetHeader.Counts()
    try forEachRecord { record throws(DatasetError) in
      counts.frames += 1
      counts.instances += record.instances.count
      counts.visible += record.instances.count { $0.visiblePixels > 0 }
      try DatasetError.files { () throws(FileError) in for w in writers { try w.add(record) } }
      return true
    }
    try DatasetError.files { () throws(FileError) in for w in writers { try w.finish() } }
    var complete = header
    complete.counts = counts
    try complete.write(folder: folder)
  }
}

extension DatasetHeader {
  /// Replaces dataset.json.
  func write(folder: String) throws(DatasetError) {
    try DatasetError.files { () throws(FileError) in
      let file = try OutputFile(folder + "/" + DatasetLayout.header)
      try file.write(json)
      try file.commit()
    }
  }
}

extension LineReader {
  /// The record on the next line; nil after the last.
  func nextRecord() throws(DatasetError) -> FrameRecord? {
    let number = lineNumber + 1
    do {
      return try next { line throws(JSONError) in
        var r = JSONReader(line, firstLine: number)
        let record = try FrameRecord(from: &r)
        try r.end()
        return record
      }
    } catch {
      switch error {
      case .file(let e): throw .file(e)
      case .content(let e): throw .damaged(file: path, "\(e)")
      }
    }
  }
}
