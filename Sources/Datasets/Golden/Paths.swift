import Formats
import Glibc

/// Paths between files, so that what is written names no place on this machine.
enum RelativePath {
  /// The real path of what is there; of what is not, that of its folder with its name.
  static func absolute(_ path: String) -> String {
    if let p = realpath(path, nil) {
      defer { free(p) }
      return String(cString: p)
    }
    let folder = FileSystem.enclosing(path)
    guard folder != path, path != "/", let p = realpath(folder, nil) else { return path }
    defer { free(p) }
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    let base = String(cString: p)
    return (base == "/" ? "" : base) + "/" + name
  }

  /// The way from a folder to a file.
  static func from(_ folder: String, to file: String) -> String {
    let (a, b) = (absolute(folder).split(separator: "/"), absolute(file).split(separator: "/"))
    var k = 0
    while k < a.count, k < b.count - 1, a[k] == b[k] { k += 1 }
    return (Array(repeating: "..", count: a.count - k) + b[k...].map(String.init)).joined(separator: "/")
  }
}

/// A word as a shell takes it.
func shellWord(_ word: String) -> String {
  let isPlain =
    !word.isEmpty
    && word.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "_-./=,:@%+".utf8.contains($0)
    }
  return isPlain
    ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
