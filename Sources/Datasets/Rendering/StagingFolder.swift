// Where a running process keeps its unfinished files.
//
// The folder lies inside the dataset, so that finishing a file is a rename. Its owner holds a lock on it; a lock ends
// with its process however that ends, so a folder that can be locked was left behind, and is removed by the next run.
// Locks are sure only between processes of one machine, so the name carries a digest of the machine's boot. Folders of other
// boots are left alone, unless the file system is one that no other machine can be at work on: then their owner ended when
// this machine did.

import CProcessShims
import Formats
import Glibc
import Imaging

/// While it is there, all temporary names of files of the dataset lie in it (`FileSystem.stage`).
final class StagingFolder: Sendable {
  let path: String
  private let fd: Int32

  /// Makes a folder of our own in `dataset`, and removes those that dead processes of this machine left.
  init(dataset: String) throws(FileError) {
    let bootID = (try? FileSystem.read("/proc/sys/kernel/random/boot_id")) ?? []
    let prefix = DatasetLayout.partPrefix + String(Digest(of: bootID).low, radix: 36) + "-"
    try StagingFolder.clear(dataset, prefix)
    while true {
      let path = dataset + "/" + prefix + String(UInt64.random(in: 0...UInt64.max), radix: 36)
      guard mkdir(path, 0o777) == 0 else { throw FileError(path, "create the folder") }
      let fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard fd >= 0 || errno == ENOENT else { throw FileError(path, "open the folder") }
      guard fd >= 0 else { continue }
      // Where locks are not known at all, nobody can take the folder for abandoned either.
      _ = flock(fd, LOCK_EX)
      // Another process that started at the same moment may have found it before it was locked, and removed it.
      if FileIdentity.isSame(fd, path) {
        (self.path, self.fd) = (path, fd)
        break
      }
      close(fd)
    }
    FileSystem.stage(dataset, in: path)
  }

  deinit { close(fd) }

  /// Brings all that was written to this file system to the disk: one call for a chunk's hundreds of files, which costs
  /// one journal commit where syncing each costs hundreds. The kernel reports write-back errors here (from 5.8 on).
  func sync() throws(FileError) {
    guard diorama_syncfs(fd) == 0 else { throw FileError(path, "sync the files") }
  }

  /// Removes the folder and what is left in it.
  func remove() {
    FileSystem.endStaging(in: path)
    FileSystem.removeTree(path)
  }

  private static func clear(_ dataset: String, _ prefix: String) throws(FileError) {
    let names = try FileSystem.names(in: dataset).filter { $0.hasPrefix(DatasetLayout.partPrefix) }
    guard !names.isEmpty else { return }
    let isOurs = isLocal(dataset)
    for name in names where isOurs || name.hasPrefix(prefix) { removeIfAbandoned(dataset + "/" + name) }
  }

  /// Whether the file system of a folder is known to be one machine's own: ext2 to 4, XFS, Btrfs, F2FS, ZFS, tmpfs or an
  /// overlay of these (statfs(2) lists the numbers).
  private static func isLocal(_ folder: String) -> Bool {
    let local = [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x2FC1_2FC1, 0x0102_1994, 0x794C_7630]
    return local.contains(Int(diorama_file_system_type(folder)))
  }

  private static func removeIfAbandoned(_ path: String) {
    let fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard fd >= 0 else { return }
    defer { close(fd) }
    if flock(fd, LOCK_EX | LOCK_NB) == 0 { FileSystem.removeTree(path) }
  }
}
