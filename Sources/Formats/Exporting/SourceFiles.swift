// The files of a dataset's frames, for formats: their bytes, and second names for them.

import Annotators
import Glibc

/// Reads a dataset's files, in folders and in archives, and links them elsewhere. Files in archives are extracted, since an
/// archive's member cannot have a name of its own.
package final class SourceFiles {
  private let folder: String
  private let link: LinkMode
  /// The archive that was read last: frames of one archive do not each have it read again.
  private var archive: TarIndex?

  /// - Parameters:
  ///   - folder: the dataset's; absolute and without symbolic links where links are to be made.
  package init(folder: String, link: LinkMode = .hard) {
    self.folder = folder
    self.link = link
  }

  package func bytes(of plane: PlaneRecord) throws(FormatError) -> [UInt8] {
    guard let (archive, member) = try self.member(of: plane) else {
      let path = folder + "/" + plane.file
      return try FormatError.files { () throws(FileError) in try FileSystem.read(path) }
    }
    return try FormatError.files { () throws(FileError) in
      try FileSystem.read(archive, from: member.offset, count: member.size)
    }
  }

  /// Gives a file of the dataset the name `path`.
  ///
  /// - Parameter final: the name that `path` is going to have, which a symbolic link counts from.
  package func place(_ plane: PlaneRecord, at path: String, final: String) throws(FormatError) {
    if let (archive, member) = try member(of: plane) {
      try FormatError.files { () throws(FileError) in
        try FileSystem.copyPart(of: archive, from: member.offset, count: member.size, to: path)
      }
      return
    }
    let source = folder + "/" + plane.file
    guard FileSystem.size(of: source) != nil else {
      throw .damaged(file: source, "found no such file, expected the one that its record names")
    }
    switch link {
    case .copy:
      try FormatError.files { () throws(FileError) in
        try FileSystem.copyPart(of: source, from: 0, count: nil, to: path)
      }
    case .symlink:
      let target = relativePath(to: source, from: FileSystem.enclosing(final))
      guard Glibc.symlink(target, path) == 0 else { throw .file(FileError(path, "link to \(target)")) }
    case .hard:
      guard Glibc.link(source, path) != 0 else { return }
      let code = errno
      guard code != EXDEV else {
        throw .refused(
          "\(source): found another file system than that of \(FileSystem.enclosing(final)), expected the same for hard "
            + "links; use --link copy or --link symlink")
      }
      guard ![EPERM, EMLINK, ENOSYS, EOPNOTSUPP].contains(code) else {
        throw .refused(
          "\(source): found that it can have no hard link (\(String(cString: strerror(code)))), expected one; use --link "
            + "copy or --link symlink")
      }
      throw .file(FileError(source, "link to \(path)", code: code))
    }
  }

  private func member(of plane: PlaneRecord) throws(FormatError) -> (archive: String, TarIndex.Member)? {
    guard let (file, name) = TarIndex.member(plane.file) else { return nil }
    let path = folder + "/" + file
    let index: TarIndex
    if let archive, archive.path == path {
      index = archive
    } else {
      do { index = try TarIndex(path) } catch {
        switch error {
        case .file(let e): throw .file(e)
        case .damaged(let path, let what): throw .damaged(file: path, what)
        }
      }
      archive = index
    }
    guard let member = index[name] else { throw .damaged(file: path, "found no \(name), expected one") }
    return (path, member)
  }
}

/// The way from a folder to a file, both absolute and without symbolic links, "." or "..".
func relativePath(to file: String, from folder: String) -> String {
  let (a, b) = (file.split(separator: "/"), folder.split(separator: "/"))
  let common = zip(a, b).prefix { $0 == $1 }.count
  return (b[common...].map { _ in ".." } + a[common...]).joined(separator: "/")
}

extension FileSystem {
  /// Makes a new file of `count` bytes of another, from an offset on, or of all that follow.
  package static func copyPart(of source: String, from offset: Int, count: Int?, to path: String) throws(FileError) {
    let from = open(source, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw FileError(source, "open") }
    defer { close(from) }
    let target = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard target >= 0 else { throw FileError(path, "create") }
    do throws(FileError) { try copy(from, from: offset, count: count, path: source, to: target, path: path) } catch {
      close(target)
      throw error
    }
    guard close(target) == 0 else { throw FileError(path, "write") }
  }
}
