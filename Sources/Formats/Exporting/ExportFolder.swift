// A folder that appears whole or not at all, and replaces nothing but what an export made.

import Glibc

package final class ExportFolder {
  /// What tells an exported folder from others; the export's report.
  package static let marker = "export.json"

  /// The name it is going to have.
  package let path: String
  /// Where it is made.
  package let temporary: String
  private let disk: FileSystemSync
  private let replaces: Bool
  private var isCommitted = false

  /// - Parameters:
  ///   - path: absolute, in a folder that exists.
  ///   - replaces: whether an export that is there may be replaced.
  package init(_ path: String, replaces: Bool) throws(FormatError) {
    self.path = path
    self.replaces = replaces
    try ExportFolder.check(path, replaces: replaces)
    temporary = FileSystem.temporaryName(for: path)
    let made = temporary
    disk = try FormatError.files { () throws(FileError) in
      try FileSystem.makeFolder(made)
      return try FileSystemSync(made)
    }
  }

  deinit { if !isCommitted { FileSystem.removeTree(temporary) } }

  private static func check(_ path: String, replaces: Bool) throws(FormatError) {
    guard !path.isEmpty, path != "/" else { throw .refused("found \"\(path)\", expected a folder for the export") }
    var s = stat()
    guard lstat(path, &s) == 0 else { return }
    guard s.st_mode & S_IFMT == S_IFDIR else {
      throw .refused("\(path): found something that is no folder, expected an empty folder or none")
    }
    let names = try FormatError.files { () throws(FileError) in try FileSystem.names(in: path) }
    guard !names.isEmpty else { return }
    guard isExport(path) else {
      throw .refused(
        "\(path): found a folder with other files, expected an empty one, none, or an earlier export with --overwrite")
    }
    guard replaces else {
      throw .refused("\(path): found an earlier export, expected an empty folder or none; --overwrite replaces it")
    }
  }

  /// Whether an export made the folder, or one for each of several formats.
  package static func isExport(_ path: String) -> Bool {
    if let head = try? FileSystem.read(path + "/" + marker, from: 0, count: ExportReport.opening.count) {
      return head == ExportReport.opening
    }
    guard let names = try? FileSystem.names(in: path), !names.isEmpty else { return false }
    // Exports of one run lie in folders of their formats' names; others that happen to lie side by side are not one export.
    return names.allSatisfy {
      let opening = ExportReport.opening(writer: $0)
      return (try? FileSystem.read("\(path)/\($0)/\(marker)", from: 0, count: opening.count)) == opening
    }
  }

  /// Brings all to the disk and gives the folder its name.
  ///
  /// - Throws: also where something else has come to lie there meanwhile.
  package func commit() throws(FormatError) {
    try ExportFolder.check(path, replaces: replaces)
    try FormatError.files { () throws(FileError) in
      try disk.run()
      // A folder with files in it cannot be renamed over: the old one steps aside.
      let old = FileSystem.temporaryName(for: path)
      let hasOld = Glibc.rename(path, old) == 0
      do throws(FileError) { try FileSystem.rename(temporary, to: path) } catch {
        if hasOld { _ = Glibc.rename(old, path) }
        throw error
      }
      isCommitted = true
      if hasOld { FileSystem.removeTree(old) }
      try FileSystem.syncFolder(FileSystem.enclosing(path))
    }
  }
}
