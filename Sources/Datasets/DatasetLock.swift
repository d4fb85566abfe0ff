// Who may write what of a dataset, where several processes work on it.
//
// Two processes that write the same record file must do it one after the other, or the one that read first would write
// without the other's lines. The lock lies on dataset.json, which every dataset has: byte n stands for chunk n (locks may
// lie beyond a file's end), the whole file for the head itself. So there is no lock file to be left behind, a lock ends with
// its process however that ends, and network file systems whose servers keep locks (NFS from version 3 on, Lustre and
// BeeGFS where so mounted) keep these too. Where locks are not known, processes go on without: parts of one chunk must then
// not be written at the same time, while twins and shards never are.

import CProcessShims
import Formats
import Glibc

/// A lock on a chunk or on the head, held until `release`. One process may hold several, of which each excludes the others:
/// whoever holds a chunk's must not wait for the head's.
final class DatasetLock {
  private var fd: Int32

  /// Waits for the lock on one chunk.
  convenience init(chunk: Int, of folder: String) throws(FileError) {
    try self.init(folder, start: Int64(chunk), length: 1)
  }

  /// Waits until nobody holds a lock on any chunk or on the head. Only who holds this may replace dataset.json.
  convenience init(headOf folder: String) throws(FileError) { try self.init(folder, start: 0, length: 0) }

  private init(_ folder: String, start: Int64, length: Int64) throws(FileError) {
    let path = folder + "/" + DatasetLayout.header
    while true {
      let fd = open(path, O_RDWR | O_CLOEXEC)
      guard fd >= 0 else { throw FileError(path, "open for locking") }
      _ = diorama_lock_range(fd, start, length)
      // The head may have been replaced while we waited: then this is a lock on nothing.
      if FileIdentity.isSame(fd, path) {
        self.fd = fd
        return
      }
      close(fd)
    }
  }

  deinit { release() }

  /// Ends the lock; when a last reference goes is not for callers to rely on.
  func release() {
    if fd >= 0 { close(fd) }
    fd = -1
  }
}
