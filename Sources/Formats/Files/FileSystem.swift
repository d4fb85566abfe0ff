// The few file operations that datasets need, over POSIX calls, each with an error that names its file.

import CProcessShims
import Glibc
import Synchronization

package enum FileSystem {
  /// Where the unfinished files of datasets that are being written lie, by the dataset's folder.
  private static let stagingFolders = Mutex<[(folder: String, staging: String)]>([])

  /// From now on unfinished files of `folder` lie in `staging`, which is on the same file system: whoever clears that away
  /// after a process that was killed has cleared away all that it left.
  package static func stage(_ folder: String, in staging: String) {
    stagingFolders.withLock { $0.append((folder + "/", staging + "/")) }
  }

  package static func endStaging(in staging: String) {
    stagingFolders.withLock { $0.removeAll { $0.staging == staging + "/" } }
  }

  /// Size of a regular file; nil where there is none.
  package static func size(of path: String) -> Int? {
    var s = stat()
    guard stat(path, &s) == 0, s.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(s.st_size)
  }

  package static func isFolder(_ path: String) -> Bool {
    var s = stat()
    return stat(path, &s) == 0 && s.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it; one that is there already is fine.
  package static func makeFolder(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    if isFolder(path) { return }
    guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw FileError(path, "create the folder", code: code)
    }
    try makeFolder(String(path[..<slash]))
    if mkdir(path, 0o777) == 0 { return }
    let second = errno
    guard isFolder(path) else { throw FileError(path, "create the folder", code: second) }
  }

  package static func rename(_ from: String, to: String) throws(FileError) {
    guard Glibc.rename(from, to) == 0 else { throw FileError(to, "rename a finished file to this") }
  }

  /// A name for an unfinished `path` that no other file of any process has: in its dataset's staging folder, or hidden
  /// beside it where there is none. It never reaches the output.
  package static func temporaryName(for path: String) -> String {
    let staging = stagingFolders.withLock { $0.last { path.hasPrefix($0.folder) }?.staging }
    if let staging {
      let name = path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst()
      return staging + name + "-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    }
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return path[..<start] + "." + path[start...] + ".part-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }

  package static func remove(_ path: String) { _ = unlink(path) }

  /// Removes a file, or a folder with all that is in it; what is not there is fine.
  package static func removeTree(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    for name in (try? names(in: path)) ?? [] { removeTree(path + "/" + name) }
    rmdir(path)
  }

  /// Gives a file a second name, or copies it where the file system or its borders do not let it have one.
  package static func linkOrCopy(_ from: String, to: String) throws(FileError) {
    if link(from, to) == 0 { return }
    guard [EXDEV, EPERM, EMLINK, ENOSYS, EOPNOTSUPP, EACCES].contains(errno) else {
      throw FileError(from, "link to \(to)")
    }
    let source = open(from, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw FileError(from, "open") }
    defer { close(source) }
    let target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard target >= 0 else { throw FileError(to, "create") }
    defer { close(target) }
    try copy(source, from: 0, count: nil, path: from, to: target, path: to)
  }

  /// Appends `count` bytes of a file, from an offset on, to another; all that follow where `count` is nil.
  package static func copy(
    _ source: Int32, from start: Int, count: Int?, path sourcePath: String, to target: Int32, path: String
  ) throws(FileError) {
    var block = [UInt8](repeating: 0, count: min(1 << 18, max(count ?? Int.max, 1)))
    var offset = start
    let end = count.map { start + $0 } ?? Int.max
    while offset < end {
      let n = pread(source, &block, min(block.count, end - offset), off_t(offset))
      if n < 0, errno == EINTR { continue }
      guard n >= 0 else { throw FileError(sourcePath, "read") }
      if n == 0 {
        guard count == nil else { throw FileError(sourcePath, "read to its end", code: ENODATA) }
        return
      }
      offset += n
      try block.withUnsafeBufferPointer { b throws(FileError) in
        try writeAll(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: b[..<n])), to: target, path: path)
      }
    }
  }

  /// Reads `count` bytes from an offset on.
  package static func read(_ path: String, from offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw FileError(path, "open") }
    defer { close(fd) }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count {
        let n = pread(fd, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
        if n < 0, errno == EINTR { continue }
        guard n > 0 else {
          code = n < 0 ? errno : ENODATA
          return
        }
        done += n
      }
    }
    guard code == 0 else { throw FileError(path, "read", code: code) }
    return bytes
  }

  /// The folder that something lies in.
  package static func enclosing(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Brings a folder's entries to the disk.
  package static func syncFolder(_ path: String) throws(FileError) {
    let fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard fd >= 0 else { throw FileError(path, "open the folder") }
    defer { close(fd) }
    // Some network file systems know no fsync of a folder; they write entries at once.
    guard fsync(fd) == 0 || errno == EINVAL else { throw FileError(path, "sync the folder") }
  }

  /// Names in a folder without "." and "..", sorted by their bytes; empty where there is no such folder.
  package static func names(in path: String) throws(FileError) -> [String] {
    guard let folder = opendir(path) else {
      if errno == ENOENT { return [] }
      throw FileError(path, "list the folder")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// All bytes of a file.
  package static func read(_ path: String) throws(FileError) -> [UInt8] {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw FileError(path, "open") }
    defer { close(fd) }
    var s = stat()
    guard fstat(fd, &s) == 0 else { throw FileError(path, "read") }
    guard s.st_mode & S_IFMT != S_IFDIR else { throw FileError(path, "read", code: EISDIR) }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(s.st_size)) { buffer, count in
      while count < buffer.count {
        let n = Glibc.read(fd, buffer.baseAddress.map { $0 + count }, buffer.count - count)
        if n < 0 {
          if errno == EINTR { continue }
          code = errno
          return
        }
        if n == 0 { return }
        count += n
      }
    }
    guard code == 0 else { throw FileError(path, "read", code: code) }
    return bytes
  }

  /// Writes all of `bytes`, through interruptions and short writes.
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to fd: Int32, path: String) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let n = Glibc.write(fd, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if n < 0 {
        if errno == EINTR { continue }
        throw FileError(path, "write")
      }
      done += n
    }
  }

  /// Makes a file of `bytes` that was not there before. What could not be written whole is removed.
  package static func create(_ path: String, _ bytes: UnsafeRawBufferPointer, sync: Bool) throws(FileError) {
    let fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard fd >= 0 else { throw FileError(path, "create") }
    do throws(FileError) {
      try writeAll(bytes, to: fd, path: path)
      if sync, fsync(fd) != 0 { throw FileError(path, "sync") }
    } catch {
      close(fd)
      unlink(path)
      throw error
    }
    // A quota or a network file system may say only now that there was no room.
    guard close(fd) == 0 else {
      let code = errno
      unlink(path)
      throw FileError(path, "write", code: code)
    }
  }
}

/// Makes a file of `bytes` unless one of that name is there already; of several processes that try at once, one wins.
///
/// - Parameter sync: whether its bytes are on the disk before it has its name.
package func createOnce(_ path: String, _ bytes: [UInt8], sync: Bool = false) throws(FileError) {
  let temporary = FileSystem.temporaryName(for: path)
  do throws(FileError) {
    try bytes.withUnsafeBufferPointer { b throws(FileError) in
      try FileSystem.create(temporary, UnsafeRawBufferPointer(b), sync: sync)
    }
  } catch { throw FileError(path, error.operation, code: error.code) }
  defer { FileSystem.remove(temporary) }
  // A hard link fails where the name is taken. File systems without links get the plain rename.
  if link(temporary, path) == 0 || errno == EEXIST { return }
  try FileSystem.rename(temporary, to: path)
}

/// Brings many files to the disk by one call. The kernel reports errors of writing that it met since the file system was opened
/// here (from 5.8 on), so this is made before the files are.
package final class FileSystemSync {
  private let path: String
  private let fd: Int32

  /// - Parameter path: a folder of the file system.
  package init(_ path: String) throws(FileError) {
    self.path = path
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard fd >= 0 else { throw FileError(path, "open the folder") }
  }

  deinit { close(fd) }

  /// Waits until all that was written to the file system lies on the disk: one journal commit, where syncing hundreds of files
  /// costs one each.
  package func run() throws(FileError) {
    guard diorama_syncfs(fd) == 0 else { throw FileError(path, "sync the files") }
  }
}

/// What tells a file from another of the same name: its place on the disk, its size and when it was last written.
package struct FileIdentity: Equatable, Sendable {
  private var device: UInt64
  private var inode: UInt64
  private var size: Int
  private var seconds: Int
  private var nanoseconds: Int

  /// Nil where there is no such file.
  package init?(_ path: String) {
    var s = stat()
    guard stat(path, &s) == 0 else { return nil }
    device = UInt64(s.st_dev)
    inode = UInt64(s.st_ino)
    size = Int(s.st_size)
    seconds = s.st_mtim.tv_sec
    nanoseconds = s.st_mtim.tv_nsec
  }

  /// Whether the open file or folder still is what has that name.
  package static func isSame(_ fd: Int32, _ path: String) -> Bool {
    var (open, named) = (stat(), stat())
    return fstat(fd, &open) == 0 && stat(path, &named) == 0 && open.st_dev == named.st_dev
      && open.st_ino == named.st_ino
  }
}
