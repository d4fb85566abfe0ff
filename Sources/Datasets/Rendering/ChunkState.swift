import Annotators
import Documents
import Formats

/// What is already there of a chunk.
struct ChunkState {
  /// The record lines of frames that are whole, by frame, each with its newline.
  var lines: [Int: [UInt8]] = [:]
  /// The files of those frames.
  var planes: [Int: [PlaneRecord]] = [:]
  /// What was found wrong, in words; the frames concerned are not in `lines`.
  var damage: [String] = []
  /// Frames whose record says they were there, but which are not whole.
  var damagedFrames: [Int] = []
  /// In the tar layout, where its files lie.
  var archive: TarIndex?

  /// Looks at the record file of `chunk` and at the sizes of all files that it names.
  /// - Throws: `.refused` for a record of another source.
  init(chunk: Int, folder: String, header: DatasetHeader) throws(DatasetError) {
    let path = folder + "/" + DatasetLayout.chunkFile(chunk)
    guard FileSystem.size(of: path) != nil else { return }
    let reader = try DatasetError.files { () throws(FileError) in try LineReader(path) }
    let files = FrameFiles(folder: folder, layout: header.layout, chunk: chunk)
    archive = files.index
    if let fault = files.fault { damage.append(fault) }
    let frames = chunk * header.chunk..<(chunk + 1) * header.chunk
    while true {
      let number = reader.lineNumber + 1
      let line: (record: FrameRecord, bytes: [UInt8])?
      do {
        line = try reader.next { bytes throws(JSONError) in
          var r = JSONReader(bytes, firstLine: number)
          let record = try FrameRecord(from: &r)
          try r.end()
          return (record, Array(bytes) + [0x0A])
        }
      } catch {
        switch error {
        case .file(let e): throw .file(e)
        case .content(let e):
          damage.append("\(path):\(e)")
          continue
        }
      }
      guard let (record, bytes) = line else { break }
      guard record.source == header.source else {
        throw .refused(
          "\(path):\(number): found a frame of another dataset (source \(record.source), not \(header.source))")
      }
      guard frames.contains(record.frame), lines[record.frame] == nil else {
        damage.append("\(path):\(number): frame \(record.frame) does not belong here")
        continue
      }
      if let fault = files.fault(of: record, lineBytes: bytes.count) {
        // Where the archive itself is no good, that has been said.
        if files.fault == nil { damage.append(fault) }
        damagedFrames.append(record.frame)
        continue
      }
      lines[record.frame] = bytes
      planes[record.frame] = record.planes
    }
    if let fault = files.surplus(frames: lines.count, files: planes.values.reduce(0) { $0 + $1.count }),
      damagedFrames.isEmpty
    {
      damage.append(fault)
    }
  }
}

/// The files of a chunk's frames as they are on the disk, to be held against their records.
struct FrameFiles {
  private let folder: String
  private let layout: FileLayout
  private let archive: String
  let index: TarIndex?
  /// What is wrong with the archive as a whole, in words; all its frames are damaged then.
  let fault: String?

  init(folder: String, layout: FileLayout, chunk: Int) {
    self.folder = folder
    self.layout = layout
    archive = DatasetLayout.archive(chunk)
    guard layout == .tar else {
      (index, fault) = (nil, nil)
      return
    }
    do throws(TarError) {
      index = try TarIndex(folder + "/" + archive)
      fault = nil
    } catch {
      index = nil
      switch error {
      case .file(let e): fault = "\(e)"
      case .damaged(let path, let what): fault = "\(path): \(what)"
      }
    }
  }

  /// How the files differ from what the record says, in words; nil where they are there and have their sizes.
  ///
  /// - Parameter lineBytes: of the record's line with its newline, which an archive holds a copy of; nil where not known.
  func fault(of record: FrameRecord, lineBytes: Int?) -> String? {
    for plane in record.planes {
      if let fault = mismatch(plane.file, size(of: plane.file), plane.bytes) { return fault }
    }
    guard layout == .tar, let lineBytes else { return nil }
    let copy = DatasetLayout.recordMember(frame: record.frame)
    return mismatch(archive + "/" + copy, index?[copy]?.size, lineBytes)
  }

  /// An archive may hold more than the records say, where a process ended between the two: for nobody to see, it is
  /// written again. Nil where it does not.
  func surplus(frames: Int, files: Int) -> String? {
    guard let index, index.members.count > frames + files else { return nil }
    return "\(folder)/\(archive): found \(index.members.count) files, expected \(frames + files) by the records"
  }

  private func size(of file: String) -> Int? {
    guard layout == .tar else { return FileSystem.size(of: folder + "/" + file) }
    guard let (archive, name) = DatasetLayout.member(file), archive == self.archive else { return nil }
    return index?[name]?.size
  }

  private func mismatch(_ file: String, _ found: Int?, _ expected: Int) -> String? {
    if found == expected { return nil }
    return "\(folder)/\(file): " + (found.map { "found \($0) bytes, expected \(expected)" } ?? "the file is missing")
  }
}
