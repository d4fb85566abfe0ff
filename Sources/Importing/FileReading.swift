import Glibc

/// The largest files that are read.
public enum FileLimits {
  /// 2 GiB: a mesh of some 20 million triangles as text.
  public static let bytes = 1 << 31
}

/// The bytes of a regular file. Directories, FIFOs, sockets and devices are errors, and none of them is waited for.
func readFile(_ path: String) throws(ImportError) -> [UInt8] {
  guard !path.utf8.contains(0) else {
    throw ImportError(file: path, found: "a name with a NUL byte", expected: "a file name")
  }
  // Without O_NONBLOCK, opening a FIFO waits for its writer.
  let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { throw ImportError(file: path, found: systemReason(errno), expected: "a readable file") }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw ImportError(file: path, found: systemReason(errno), expected: "a readable file")
  }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw ImportError(file: path, found: kind(of: status.st_mode), expected: "a regular file")
  }
  let size = Int(status.st_size)
  guard size <= FileLimits.bytes else {
    throw ImportError(file: path, found: "\(size) bytes", expected: "at most \(FileLimits.bytes)")
  }
  var failure: Int32?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size, let start = buffer.baseAddress {
      let n = read(descriptor, start + count, size - count)
      if n < 0 && errno == EINTR { continue }
      if n < 0 { failure = errno }
      if n <= 0 { return }
      count += n
    }
  }
  if let failure { throw ImportError(file: path, found: systemReason(failure), expected: "a readable file") }
  guard bytes.count == size else {
    throw ImportError(file: path, found: "a file that shrank while it was read", expected: "\(size) bytes")
  }
  return bytes
}

/// Whether `path` names a regular file.
func isRegularFile(_ path: String) -> Bool {
  var status = stat()
  return !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// The reason in words that no locale changes.
private func systemReason(_ code: Int32) -> String {
  switch code {
  case ENOENT: "no such file"
  case ENOTDIR: "a path through something that is not a folder"
  case EACCES, EPERM: "no permission to read it"
  case EISDIR: "a folder"
  case ELOOP: "a loop of symbolic links"
  case ENAMETOOLONG: "a name that is too long"
  case ENXIO: "a socket or a device that is not there"
  case EMFILE, ENFILE: "too many open files"
  case EIO: "an input/output error"
  default: "system error \(code)"
  }
}

private func kind(of mode: mode_t) -> String {
  switch mode & S_IFMT {
  case S_IFDIR: "a folder"
  case S_IFIFO: "a FIFO"
  case S_IFSOCK: "a socket"
  case S_IFCHR, S_IFBLK: "a device"
  default: "something that is not a file"
  }
}

/// The path of the file that `name`, written inside `file`, means: relative to the folder of `file`, with backslashes
/// read as slashes. Absolute names and names that lead out of that folder are refused, through symbolic links too.
func resolve(_ name: String, in file: String, line: Int?) throws(ImportError) -> String {
  let plain = String(name.map { $0 == "\\" ? "/" : $0 })
  let inside = "a file in the same folder or below"
  let drive = plain.utf8.count >= 2 && plain.utf8.dropFirst().first == UInt8(ascii: ":")
  if plain.hasPrefix("/") || drive {
    throw ImportError(file: file, line: line, found: "the absolute path \"\(name)\"", expected: inside)
  }
  var parts: [Substring] = []
  for part in plain.split(separator: "/") where part != "." {
    if part != ".." {
      parts.append(part)
    } else if parts.popLast() == nil {
      throw ImportError(
        file: file, line: line, found: "the path \"\(name)\", which leads out of the folder", expected: inside)
    }
  }
  guard !parts.isEmpty, !plain.utf8.contains(0) else {
    throw ImportError(file: file, line: line, found: "the path \"\(name)\"", expected: inside)
  }
  let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  let path = folder + parts.joined(separator: "/")
  if let real = realPath(path), let home = realPath(folder.isEmpty ? "." : folder),
    !(home == "/" || real.hasPrefix(home + "/"))
  {
    throw ImportError(
      file: file, line: line, found: "the path \"\(name)\", a link that leads out of the folder", expected: inside)
  }
  return path
}

/// The path without symbolic links; nil where there is no such file.
private func realPath(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}
