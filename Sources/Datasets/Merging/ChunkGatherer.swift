import Annotators
import Formats
import Imaging

/// Brings chunks of several datasets into one.
struct ChunkGatherer {
  let sources: [String]
  let out: String
  let header: DatasetHeader
  let staging: StagingFolder
  let isDurable: Bool

  /// The numbers of the chunks that any source has, in order.
  func chunks() throws(DatasetError) -> [Int] {
    var all: Set<Int> = []
    for folder in sources { all.formUnion(try Dataset(folder: folder).chunks()) }
    return all.sorted()
  }

  /// Adds the frames of a chunk that the merged dataset lacks.
  /// - Throws: `.refused` where two datasets disagree on a frame. What is damaged in a source is left out, and is found
  ///   missing later unless another source has it.
  func gather(_ chunk: Int) throws(DatasetError) {
    var taken = try ChunkState(chunk: chunk, folder: out, header: header).lines.mapValues { (line: $0, folder: out) }
    var gathered = ChunkBoard.OpenChunk(number: chunk, missing: 0)
    let isNew = taken.isEmpty
    var archives: Set<String> = []
    for folder in sources {
      let state = try ChunkState(chunk: chunk, folder: folder, header: header)
      let archive = folder + "/" + DatasetLayout.archive(chunk)
      let index = header.layout == .tar ? try? TarIndex(archive) : nil
      for (frame, line) in state.lines.sorted(by: { $0.key < $1.key }) {
        if let other = taken[frame] {
          try compare(frame, line, folder, other.line, other.folder)
          continue
        }
        taken[frame] = (line, folder)
        var staged = StagedFrame(frame: frame, line: line, files: [])
        switch header.layout {
        case .folder:
          for plane in state.planes[frame] ?? [] {
            let name = FileSystem.temporaryName(for: out + "/" + plane.file)
            try DatasetError.files { () throws(FileError) in
              try FileSystem.linkOrCopy(folder + "/" + plane.file, to: name)
            }
            staged.files.append((name, out + "/" + plane.file))
          }
        case .tar:
          guard let blocks = index?.sample(frame) else {
            throw .damaged(file: archive, "found no frame \(frame), expected it by its record")
          }
          staged.sample = ArchivePart(path: archive, bytes: blocks)
          archives.insert(archive)
        }
        gathered.made.append(staged)
      }
      // Damaged frames of a source's archive are in it still.
      if !state.damage.isEmpty { archives.insert("") }
    }
    guard !gathered.made.isEmpty else { return }
    // An archive that holds all that there is of a chunk need not be written again.
    if isNew, archives.count == 1, let archive = archives.first, !archive.isEmpty { gathered.archive = archive }
    try ChunkCommitter(folder: out, header: header, staging: staging, isDurable: isDurable).commit(gathered)
  }

  /// Two renders of a frame agree where all labels and all pixels do; the sizes of files belong to an encoder.
  private func compare(
    _ frame: Int, _ a: [UInt8], _ folderA: String, _ b: [UInt8], _ folderB: String
  ) throws(DatasetError) {
    guard a != b, let x = try? FrameRecord(line: a), let y = try? FrameRecord(line: b) else { return }
    func refuse(_ what: String, _ p: Any, _ q: Any) -> DatasetError {
      .refused("frame \(frame): found \(what) \(p) in \(folderA) but \(q) in \(folderB), expected the same")
    }
    guard x.labelsDigest == y.labelsDigest else { throw refuse("labels", x.labelsDigest, y.labelsDigest) }
    for plane in x.planes {
      let other = y.plane(plane.name)?.digest
      guard plane.digest == other else {
        throw refuse("\(plane.name) pixels", plane.digest, other?.description ?? "none")
      }
    }
  }
}
