import Documents
import Imaging
import Importing

/// The files that a scene was read from, and the asset files that it names.
struct SceneFiles: Sendable {
  /// As messages name them; index 0 is the scene, the others what it includes.
  var names: [String]
  /// The folder of each, with a slash at its end; empty for the current one.
  var folders: [String]

  init(scene path: String) {
    names = [path]
    folders = [SceneFiles.folder(of: path)]
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }

  /// Where an asset lies: an absolute path as it is, any other from the folder of the file that names it.
  func path(of file: FilePath) -> String {
    if file.path.hasPrefix("/") { return file.path }
    let i = Int(file.mark.file)
    return (i < folders.count ? folders[i] : "") + file.path
  }

  /// The paths under every key `file` of the document, wherever it is and whatever picks among them, in order of first
  /// mention.
  static func mentioned(in node: Node) -> [FilePath] {
    var found: [FilePath] = []
    var seen: Set<String> = []
    func collect(_ node: Node, underFile: Bool) {
      switch node.content {
      case .string(let s) where underFile:
        if seen.insert("\(node.mark.file):\(s)").inserted { found.append(FilePath(path: s, mark: node.mark)) }
      case .sequence(let items): for item in items { collect(item, underFile: underFile) }
      case .mapping(let members):
        for m in members { collect(m.value, underFile: underFile || m.key == "file") }
      default: break
      }
    }
    collect(node, underFile: false)
    return found
  }

  /// The digest of every file named, and of the files that OBJ and glTF files name in turn.
  func assetDigests(_ root: Node) throws(DocumentError) -> [(path: String, digest: Digest, license: AssetLicense)] {
    var digests: [(path: String, digest: Digest, license: AssetLicense)] = []
    var seen: Set<String> = []
    var pending = SceneFiles.mentioned(in: root).map { (named: $0.path, path: path(of: $0), mark: $0.mark) }
    var next = 0
    while next < pending.count {
      let file = pending[next]
      next += 1
      guard seen.insert(file.path).inserted else { continue }
      let bytes: [UInt8]
      do { bytes = try TextFile.bytes(file.path) } catch {
        let reason = if case .unreadable(let s) = error { s } else { "too large" }
        throw DocumentError(file.mark, found: "\"\(file.named)\": \(reason)", expected: "a file that can be read")
      }
      digests.append((file.named, Digest(of: bytes), AssetLicense.of(file.path)))
      // What is not there is no part of the asset: the importer says so where it matters.
      for other in companionFiles(bytes, file: file.path) { pending.append((other.name, other.path, file.mark)) }
    }
    return digests
  }
}
