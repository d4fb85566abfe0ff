// A file that appears whole or not at all.

import CProcessShims
import Glibc

/// A buffered file under a temporary name (`FileSystem.temporaryName`). `commit` syncs and renames it; without that, nothing is
/// left of it.
package final class OutputFile {
  package let path: String
  package let temporary: String
  private var fd: Int32
  private var buffer: [UInt8] = []
  /// Whether there is no temporary file left to remove.
  private var isCommitted = false

  /// How many of the file's bytes the kernel has been told to write to the disk.
  private var begun = 0

  private static let bufferBytes = 1 << 18
  /// A file of gigabytes is to reach the disk while it grows, not all at its end.
  private static let writingBytes = 1 << 23

  package init(_ path: String) throws(FileError) {
    self.path = path
    temporary = FileSystem.temporaryName(for: path)
    fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard fd >= 0 else { throw FileError(path, "create") }
    buffer.reserveCapacity(OutputFile.bufferBytes)
  }

  deinit { discard() }

  /// Gives the file up, if it has not been committed.
  package func discard() {
    if fd >= 0 { close(fd) }
    fd = -1
    if !isCommitted { unlink(temporary) }
    isCommitted = true
  }

  package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.bufferBytes { try flush() }
  }

  package func write(_ text: StaticString) throws(FileError) {
    text.withUTF8Buffer { buffer.append(contentsOf: $0) }
    if buffer.count >= OutputFile.bufferBytes { try flush() }
  }

  package func flush() throws(FileError) {
    let (fd, path) = (fd, path)
    try buffer.withUnsafeBufferPointer { bytes throws(FileError) in
      try FileSystem.writeAll(UnsafeRawBufferPointer(bytes), to: fd, path: path)
    }
    buffer.removeAll(keepingCapacity: true)
    let size = Int(lseek(fd, 0, SEEK_CUR))
    if size - begun >= OutputFile.writingBytes {
      diorama_begin_writing(fd, Int64(begun), Int64(size - begun))
      begun = size
    }
  }

  /// Appends `count` bytes of a file that lies on the disk, from an offset on, or all of it.
  package func append(from path: String, offset: Int = 0, count: Int? = nil) throws(FileError) {
    try flush()
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw FileError(path, "open") }
    defer { close(source) }
    try FileSystem.copy(source, from: offset, count: count, path: path, to: fd, path: self.path)
  }

  /// Appends all that another file holds so far.
  package func append(contentsOf other: OutputFile) throws(FileError) {
    try other.flush()
    try flush()
    guard lseek(other.fd, 0, SEEK_SET) == 0 else { throw FileError(other.temporary, "read") }
    var block = [UInt8](repeating: 0, count: OutputFile.bufferBytes)
    while true {
      let n = read(other.fd, &block, block.count)
      if n < 0 {
        if errno == EINTR { continue }
        throw FileError(other.temporary, "read")
      }
      if n == 0 { return }
      let (fd, path) = (fd, path)
      try block.withUnsafeBufferPointer { bytes throws(FileError) in
        try FileSystem.writeAll(
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<n]), to: fd, path: path)
      }
    }
  }

  /// Gives the file its final name.
  package func commit(sync: Bool = true) throws(FileError) {
    try flush()
    if sync, fsync(fd) != 0 { throw FileError(path, "sync") }
    let status = close(fd)
    fd = -1
    guard status == 0 else { throw FileError(path, "write") }
    try FileSystem.rename(temporary, to: path)
    isCommitted = true
    if sync, let slash = path.lastIndex(of: "/") { try FileSystem.syncFolder(String(path[..<slash])) }
  }
}
