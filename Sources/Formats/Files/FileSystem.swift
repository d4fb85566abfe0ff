// The few file operations that datasets need, over POSIX calls, each with an error that names its file.

import Glibc

package enum FileSystem {
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
    if mkdir(path, 0o777) == 0 || isFolder(path) { return }
    let code = errno
    guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw FileError(path, "create the folder", code: code)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o777) == 0 || isFolder(path) else { throw FileError(path, "create the folder") }
  }

  package static func rename(_ from: String, to: String) throws(FileError) {
    guard Glibc.rename(from, to) == 0 else { throw FileError(to, "rename a finished file to this") }
  }

  /// A hidden name beside `path` that no other file of any process has. It never reaches the output.
  package static func temporaryName(for path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return path[..<start] + "." + path[start...] + ".part-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }

  package static func remove(_ path: String) { _ = unlink(path) }

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

/// Makes a file of `bytes` unless one of that name is there already; of several processes that try at once, one wins. The
/// disk is not waited for.
package func createOnce(_ path: String, _ bytes: [UInt8]) throws(FileError) {
  let temporary = FileSystem.temporaryName(for: path)
  try bytes.withUnsafeBufferPointer { b throws(FileError) in
    try FileSystem.create(temporary, UnsafeRawBufferPointer(b), sync: false)
  }
  defer { FileSystem.remove(temporary) }
  // A hard link fails where the name is taken. File systems without links get the plain rename.
  if link(temporary, path) == 0 || errno == EEXIST { return }
  try FileSystem.rename(temporary, to: path)
}
