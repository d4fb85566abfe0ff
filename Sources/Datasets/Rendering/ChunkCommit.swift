// Committing a chunk: after it, its frames are there, whatever happens to the process or the machine.
//
// 1. all data of its files reaches the disk, under temporary names;
// 2. the files get their final names;
// 3. those names reach the disk;
// 4. the record file is written beside its place, synced, renamed and its name synced.
//
// A frame counts as there only if a record says so and its files have the sizes that the record says. A loss of power
// before 4 leaves whole files without a record, which the next run makes again over themselves.

import Formats
import Glibc

struct ChunkCommitter: Sendable {
  let folder: String
  let header: DatasetHeader
  let staging: StagingFolder
  /// Whether to wait for the disk. Tests do without.
  let isDurable: Bool

  func commit(_ chunk: ChunkBoard.OpenChunk) throws(DatasetError) {
    // What was there before stays, and so does what another process has added meanwhile.
    var lines = try ChunkState(chunk: chunk.number, folder: folder, header: header).lines
    for m in chunk.made { lines[m.frame] = m.line }
    try DatasetError.files { () throws(FileError) in
      if isDurable { try staging.sync() }
      for m in chunk.made {
        for f in m.files { try FileSystem.rename(f.staged, to: f.final) }
      }
      if isDurable { for kind in PlaneKind.all { try FileSystem.syncFolder(folder + "/" + kind.folder) } }
      let record = try OutputFile(folder + "/" + DatasetLayout.chunkFile(chunk.number))
      for frame in lines.keys.sorted() { try record.write(lines[frame] ?? []) }
      try record.commit(sync: isDurable)
    }
  }

  /// Gives the RGB image of a frame its final name ahead of its chunk, for those who wait to see one. It is whole and on
  /// the disk; it does not count until its chunk's record says so.
  func show(_ frame: inout StagedFrame) throws(DatasetError) {
    guard let image = frame.files.first else { return }
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
