import Formats
import Imaging

/// What a golden is to be recorded from.
public struct GoldenRequest: Sendable {
  public var scene: String
  public var frames: FrameList
  /// In place of what the scene says.
  public var seed: UInt64?
  /// Width and height, pixels.
  public var size: [Int]?
  public var annotations: [String]?
  public var folder: String
  public var threads = 1

  public init(scene: String, frames: FrameList, folder: String) {
    (self.scene, self.frames, self.folder) = (scene, frames, folder)
  }
}

/// Renders frames and keeps what they are: a golden that appears whole or not at all.
///
/// - Returns: false where it was stopped; then nothing is left of it.
/// - Throws: `.refused` where something is there already: a golden is replaced by `acceptGolden`, after a look at what
///   changed, and never by recording over it.
public func recordGolden(_ request: GoldenRequest, shouldStop: () -> Bool = { false }) throws(DatasetError) -> Bool {
  let folder = request.folder.withoutSlashes
  guard !folder.hasSuffix(checkSuffix) else {
    throw .refused(
      "\(folder): found a name that ends in \(checkSuffix), expected another: that is where checks leave what they find"
    )
  }
  let found =
    FileSystem.size(of: folder) == nil
    ? try DatasetError.files { () throws(FileError) in try FileSystem.names(in: folder) } : [folder]
  guard found.isEmpty else {
    throw .refused(
      "\(folder): found something there already, expected nothing; `diorama golden check` compares with it, and "
        + "`diorama golden accept` replaces it")
  }
  let renderer = try GoldenRenderer(
    scene: request.scene, seed: request.seed, size: request.size, annotations: request.annotations,
    threads: request.threads)
  return try withUnfinishedFolder(folder) { unfinished throws(DatasetError) in
    let writer = try GoldenWriter(unfinished)
    for n in request.frames.numbers {
      guard !shouldStop() else { return false }
      try writer.add(try renderer.frame(n))
    }
    try writer.finish(
      GoldenHead(
        scene: RelativePath.from(folder, to: request.scene), seed: request.seed, size: request.size,
        annotations: request.annotations, frames: request.frames, header: renderer.header, parameters: renderer.files))
    return true
  }
}

/// Lets `body` fill a folder under a temporary name, which it gets rid of once it is whole and on the disk; where `body`
/// throws or returns false, nothing is left.
func withUnfinishedFolder(
  _ folder: String, _ body: (String) throws(DatasetError) -> Bool
) throws(DatasetError) -> Bool {
  try DatasetError.files { () throws(FileError) in try FileSystem.makeFolder(FileSystem.enclosing(folder)) }
  let unfinished = FileSystem.temporaryName(for: folder)
  defer { FileSystem.removeTree(unfinished) }
  try DatasetError.files { () throws(FileError) in try FileSystem.makeFolder(unfinished) }
  guard try body(unfinished) else { return false }
  try DatasetError.files { () throws(FileError) in
    try FileSystemSync(unfinished).run()
    // An empty folder of that name gives way; one with files in it does not.
    try FileSystem.rename(unfinished, to: folder)
    try FileSystem.syncFolder(FileSystem.enclosing(folder))
  }
  return true
}

extension String {
  /// Without slashes at its end.
  var withoutSlashes: String {
    var s = self[...]
    while s.count > 1, s.hasSuffix("/") { s.removeLast() }
    return String(s)
  }
}
