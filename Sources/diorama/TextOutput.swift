import Formats

/// Writes a text to the file at `path`, whole or not at all, or to standard output where there is none; ends with 74
/// where that fails.
func writeText(_ text: String, to path: String?) throws {
  do throws(FileError) {
    if let path {
      let file = try OutputFile(path)
      try file.write(text.utf8)
      try file.commit()
    } else {
      let bytes = Array(text.utf8)
      try bytes.withUnsafeBufferPointer { b throws(FileError) in
        try FileSystem.writeAll(UnsafeRawBufferPointer(b), to: 1, path: "standard output")
      }
    }
  } catch { throw fail(error.description, code: 74) }
}
