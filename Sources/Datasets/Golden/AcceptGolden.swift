import CProcessShims
import Formats
import Glibc

/// Puts what the last check rendered in a golden's place, and removes that check.
///
/// - Returns: how many frames the golden has.
/// - Throws: `.refused` where there is no check, or the golden is another one now than the check compared with.
public func acceptGolden(_ golden: String) throws(DatasetError) -> Int {
  let folder = golden.withoutSlashes
  let check = checkFolder(of: folder)
  guard FileSystem.isFolder(check) else {
    throw .refused(
      "\(check): found nothing there, expected what `diorama golden check \(folder)` leaves where something differs")
  }
  let known = try GoldenFolder(folder)
  let note = GoldenFile(path: check + "/check.json")
  guard try note.digest(try note.read(), "against") == known.digest else {
    throw .refused("\(folder): found another golden than the check in \(check) compared with; check again")
  }
  let rendered = try GoldenFolder(check + "/golden")
  // All of it is looked at before the golden that is there goes.
  for n in rendered.head.frames.numbers { _ = try rendered.frame(n) }
  try DatasetError.files { () throws(FileError) in
    if diorama_exchange(rendered.folder, folder) != 0 {
      // File systems that cannot exchange two names: for a moment there is no golden, which no check takes for a good one.
      let old = FileSystem.temporaryName(for: folder)
      try FileSystem.rename(folder, to: old)
      do throws(FileError) { try FileSystem.rename(rendered.folder, to: folder) } catch {
        try FileSystem.rename(old, to: folder)
        throw error
      }
      FileSystem.removeTree(old)
    }
    try FileSystem.syncFolder(FileSystem.enclosing(folder))
  }
  FileSystem.removeTree(check)
  return rendered.head.frames.numbers.count
}
