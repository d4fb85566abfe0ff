// Committing a chunk: after it, its frames are there, whatever happens to the process or the machine.
//
// 1. all data of its files reaches the disk, under temporary names;
// 2. the files get their final names;
// 3. those names reach the disk;
// 4. the record file is written beside its place, synced, renamed and its name synced.
//
// A frame counts as there only if a record says so and its files have the sizes that the record says. A loss of power
// before 4 leaves whole files without a record, which the next run makes again over themselves.
//
// In the tar layout the file of step 1 is the chunk's new archive: what was there of the chunk, and what was made, in order
// of frames. It holds every frame that the old records speak of, so the old records are right between 2 and 4 too.

import Formats
import Glibc

struct ChunkCommitter: Sendable {
  let folder: String
  let header: DatasetHeader
  let staging: StagingFolder
  /// Whether to wait for the disk. Tests do without.
  let isDurable: Bool

  func commit(_ chunk: ChunkBoard.OpenChunk) throws(DatasetError) {
    // Before the lock is taken: data may take long to reach the disk, and nobody needs to wait for ours.
    if header.layout == .folder, isDurable {
      try DatasetError.files { () throws(FileError) in try staging.sync() }
    }
    let lock = try lock(chunk.number)
    defer { lock.release() }
    // What was there before stays, and so does what another process has added meanwhile.
    let there = try ChunkState(chunk: chunk.number, folder: folder, header: header)
    var lines = there.lines
    for m in chunk.made { lines[m.frame] = m.line }
    try DatasetError.files { () throws(FileError) in
      switch header.layout {
      case .folder:
        for m in chunk.made {
          for f in m.files { try FileSystem.rename(f.staged, to: f.final) }
        }
        if isDurable { for f in header.layout.folders(header.planes) { try FileSystem.syncFolder(folder + "/" + f) } }
      case .tar: try writeArchive(chunk, frames: lines.keys.sorted())
      }
      let record = try OutputFile(folder + "/" + DatasetLayout.chunkFile(chunk.number))
      for frame in lines.keys.sorted() { try record.write(lines[frame] ?? []) }
      try record.commit(sync: isDurable)
    }
    // An archive's samples have been copied into it.
    if header.layout == .tar { chunk.made.forEach { $0.discard() } }
  }

  /// The lock on a chunk, of a dataset whose head says that frames are being added.
  private func lock(_ chunk: Int) throws(DatasetError) -> DatasetLock {
    while true {
      let lock = try DatasetError.files { () throws(FileError) in try DatasetLock(chunk: chunk, of: folder) }
      // Another process may have completed the annotations meanwhile; from here on they lack frames.
      do {
        guard try Dataset(folder: folder).header.counts != nil else { return lock }
      } catch {
        lock.release()
        throw error
      }
      lock.release()
      try DatasetHeader.open(folder: folder)
    }
  }

  /// Writes a chunk's archive, of samples that were there and samples that were made.
  private func writeArchive(_ chunk: ChunkBoard.OpenChunk, frames: [Int]) throws(FileError) {
    let path = folder + "/" + DatasetLayout.archive(chunk.number)
    let made = Dictionary(chunk.made.map { ($0.frame, $0) }) { $1 }
    if let whole = chunk.archive, frames == made.keys.sorted() {
      let temporary = FileSystem.temporaryName(for: path)
      try FileSystem.linkOrCopy(whole, to: temporary)
      if isDurable { try staging.sync() }
      try FileSystem.rename(temporary, to: path)
      if isDurable { try FileSystem.syncFolder(folder + "/" + DatasetLayout.archives) }
      return
    }
    let old = try? TarIndex(path)
    let archive = try OutputFile(path)
    for frame in frames {
      if let sample = made[frame]?.sample {
        try archive.append(from: sample.path, offset: sample.bytes.lowerBound, count: sample.bytes.count)
      } else if let blocks = old?.sample(frame) {
        try archive.append(from: path, offset: blocks.lowerBound, count: blocks.count)
      } else {
        // Its record was found good a moment ago, under the lock.
        throw FileError(path, "find frame \(frame) in it", code: ENOENT)
      }
    }
    try archive.write(TarSample.end)
    try archive.commit(sync: isDurable)
  }

  /// Gives the RGB image of a frame its final name ahead of its chunk, for those who wait to see one. It is whole and on
  /// the disk; it does not count until its chunk's record says so. An archive cannot be seen before it is whole.
  func show(_ frame: inout StagedFrame) throws(DatasetError) {
    guard header.layout == .folder, let image = frame.files.first else { return }
    try DatasetError.files { () throws(FileError) in
      if isDurable {
        let fd = open(image.staged, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw FileError(image.final, "open") }
        defer { close(fd) }
        guard fsync(fd) == 0 else { throw FileError(image.final, "sync") }
      }
      try FileSystem.rename(image.staged, to: image.final)
    }
    frame.files.removeFirst()
  }
}

extension TarIndex {
  /// Where the files of a frame lie, which stand together.
  func sample(_ frame: Int) -> Range<Int>? {
    let key = sixDigits(frame) + "."
    guard let record = place(DatasetLayout.recordMember(frame: frame)) else { return nil }
    var (first, last) = (record, record)
    while first > 0, members[first - 1].name.hasPrefix(key) { first -= 1 }
    while last + 1 < members.count, members[last + 1].name.hasPrefix(key) { last += 1 }
    return members[first].blocks.lowerBound..<members[last].blocks.upperBound
  }
}
