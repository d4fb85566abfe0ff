// Files of other programs to meshes and textures.
//
// Chosen where formats are silent or worse:
// - What cannot be drawn as its author meant is an error; what is drawn all the same, but less richly than the file
//   asks, is a note. Nothing is left out without either.
// - The file decides its type by its first bytes, then by its extension; what it is called comes last.
// - A path inside a file may lead into the folder of that file and below, never out of it: datasets are made from
//   downloaded assets, and a scene's digest must cover what it reads.
// - Only regular files are opened (a FIFO would hang), of at most `FileLimits.bytes`.
// - Colours of MTL files are linear; texture coordinates are turned so that v runs downwards.

/// Why a file cannot be used: where, what was found, and what would have been right.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path as it was asked for.
  public var file: String
  /// From 1; nil where the fault is the file's as a whole.
  public var line: Int?
  public var found: String
  public var expected: String

  public init(file: String, line: Int? = nil, found: String, expected: String) {
    self.file = file
    self.line = line
    self.found = found
    self.expected = expected
  }

  /// `file:line: found X, expected Y`.
  public var description: String {
    "\(file):" + (line.map { "\($0):" } ?? "") + " found \(found), expected \(expected)"
  }
}
