import Glibc

/// Files by pattern: `*` any run of characters, `?` any one, within a name; `**` any folders.
enum Glob {
  /// The most files that a pattern may name.
  static let limit = 100_000

  enum Failure: Error {
    case tooMany
  }

  /// The files under `folder` whose path from there matches, sorted by bytes.
  ///
  /// - Parameter folder: with a slash at its end, or empty for the current one.
  static func files(_ pattern: String, from folder: String) throws(Failure) -> [String] {
    let isAbsolute = pattern.hasPrefix("/")
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    var found: [String] = []
    try collect(parts[...], at: isAbsolute ? "/" : folder, said: isAbsolute ? "/" : "", &found)
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func collect(
    _ parts: ArraySlice<String>, at path: String, said: String, _ found: inout [String], depth: Int = 0
  ) throws(Failure) {
    guard let first = parts.first, depth < 32 else { return }
    let rest = parts.dropFirst()
    let hasWildcard = first.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    if !hasWildcard {
      if rest.isEmpty {
        if !isFolder(path + first), access(path + first, F_OK) == 0 { found.append(said + first) }
      } else {
        try collect(rest, at: path + first + "/", said: said + first + "/", &found, depth: depth + 1)
      }
      return
    }
    if first == "**" { try collect(rest, at: path, said: said, &found, depth: depth + 1) }
    for name in names(path.isEmpty ? "." : path) where !name.hasPrefix(".") {
      guard found.count <= limit else { throw .tooMany }
      if first == "**" {
        if isFolder(path + name) {
          try collect(parts, at: path + name + "/", said: said + name + "/", &found, depth: depth + 1)
        }
      } else if matches(Array(name.utf8)[...], Array(first.utf8)[...]) {
        if rest.isEmpty {
          if !isFolder(path + name) { found.append(said + name) }
        } else if isFolder(path + name) {
          try collect(rest, at: path + name + "/", said: said + name + "/", &found, depth: depth + 1)
        }
      }
    }
  }

  /// Greedy with one step back: linear for one star, never exponential.
  static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (i, j) = (name.startIndex, pattern.startIndex)
    var star: (i: Int, j: Int)?
    while i < name.endIndex {
      if j < pattern.endIndex, pattern[j] == UInt8(ascii: "*") {
        star = (i, j)
        j += 1
      } else if j < pattern.endIndex, pattern[j] == UInt8(ascii: "?") || pattern[j] == name[i] {
        i += 1
        j += 1
      } else if let s = star {
        star = (s.i + 1, s.j)
        (i, j) = (s.i + 1, s.j + 1)
      } else {
        return false
      }
    }
    while j < pattern.endIndex, pattern[j] == UInt8(ascii: "*") { j += 1 }
    return j == pattern.endIndex
  }

  private static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  private static func names(_ folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var list: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { list.append(name) }
    }
    return list
  }
}
