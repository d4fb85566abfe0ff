import Glibc

/// Whole files, read by the C library.
enum TextFile {
  enum Failure: Error {
    /// What the system says.
    case unreadable(String)
    case tooLarge(Int)
  }

  static func bytes(_ path: String, limit: Int = .max) throws(Failure) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw .unreadable(String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = fread(&chunk, 1, chunk.count, file)
      if n == 0 {
        if ferror(file) != 0 { throw .unreadable(String(cString: strerror(errno))) }
        return bytes
      }
      bytes.append(contentsOf: chunk[..<n])
      if bytes.count > limit { throw .tooLarge(bytes.count) }
    }
  }
}
