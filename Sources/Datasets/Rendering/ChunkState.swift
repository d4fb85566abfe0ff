import Annotators
import Documents
import Formats

/// What is already there of a chunk.
struct ChunkState {
  /// The record lines of frames that are whole, by frame, each with its newline.
  var lines: [Int: [UInt8]] = [:]
  /// What was found wrong, in words; the frames concerned are not in `lines`.
  var damage: [String] = []
  /// Frames whose record says they were there, but which are not whole.
  var damagedFrames: [Int] = []

  /// Looks at the record file of `chunk` and at the sizes of all files that it names.
  /// - Throws: `.refused` for a record of another source.
  init(chunk: Int, folder: String, header: DatasetHeader) throws(DatasetError) {
    let path = folder + "/" + DatasetLayout.chunkFile(chunk)
    guard FileSystem.size(of: path) != nil else { return }
    let reader = try DatasetError.files { () throws(FileError) in try LineReader(path) }
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
      guard let (record, bytes) = line else { return }
      guard record.source == header.source else {
        throw .refused(
          "\(path):\(number): found a frame of another dataset (source \(record.source), not \(header.source))")
      }
      guard frames.contains(record.frame), lines[record.frame] == nil else {
        damage.append("\(path):\(number): frame \(record.frame) does not belong here")
        continue
      }
      if let missing = record.planes.first(where: { FileSystem.size(of: folder + "/" + $0.file) != $0.bytes }) {
        let size = FileSystem.size(of: folder + "/" + missing.file)
        damage.append(
          "\(folder)/\(missing.file): "
            + (size.map { "found \($0) bytes, expected \(missing.bytes)" } ?? "the file is missing"))
        damagedFrames.append(record.frame)
        continue
      }
      lines[record.frame] = bytes
    }
  }
}
