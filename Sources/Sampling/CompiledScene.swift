import Documents
import Imaging
import Stage
import Synchronization

/// What a caller may set in place of what the scene says.
public struct SceneOverrides: Sendable {
  public var width: Int?
  public var height: Int?
  public var frames: Int?
  public var seed: UInt64?

  public init(width: Int? = nil, height: Int? = nil, frames: Int? = nil, seed: UInt64? = nil) {
    self.width = width
    self.height = height
    self.frames = frames
    self.seed = seed
  }
}

/// A scene that has been read, checked and made ready: from here on there are only draws and stores. Safe to use from
/// many threads at once.
public final class CompiledScene: Sendable {
  /// The scene's name: what it says, or its file name without the extension.
  public let name: String
  /// Of everything that decides pixels and labels but the seed and the number of frames: the document after overrides
  /// and includes, without comments, order of keys, name and description; and the bytes of the files that it names. It
  /// does not depend on the folder that the scene lies in.
  public let digest: Digest
  /// With ids from 1 in their order.
  public let categories: [Category]
  /// At least 1.
  public let frameCount: Int
  public let seed: UInt64
  /// In pixels.
  public let width: Int
  public let height: Int
  public let output: OutputSettings

  let files: SceneFiles
  let parts: SceneParts
  let template: SceneTemplate
  private let assemblers = Mutex<[AssemblerBox]>([])

  /// Assemblers change hands between threads but serve one at a time: whoever has taken one out of the list owns it.
  private struct AssemblerBox: @unchecked Sendable {
    let assembler: FrameAssembler
  }

  /// Reads the scene at `path`.
  public static func load(
    path: String, overrides: SceneOverrides = SceneOverrides(), parts: SceneParts = .standard
  ) throws(SceneError) -> CompiledScene {
    let bytes: [UInt8]
    do { bytes = try TextFile.bytes(path, limit: DocumentLimits.bytes) } catch {
      switch error {
      case .unreadable(let reason): throw SceneError(message: "\(path): \(reason)")
      case .tooLarge:
        throw SceneError(
          message: "\(path): found more than \(DocumentLimits.bytes) bytes, expected a smaller scene file")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SceneError(message: "\(path): found bytes that are no UTF-8, expected a YAML text in UTF-8")
    }
    return try CompiledScene(text: text, path: path, overrides: overrides, parts: parts)
  }

  /// The scene that `text` holds, as if it stood in a file at `path`.
  public init(
    text: String, path: String, overrides: SceneOverrides = SceneOverrides(), parts: SceneParts = .standard
  ) throws(SceneError) {
    let files = SceneFiles(scene: path)
    do throws(DocumentError) {
      var nodes = 0
      var root = try YAMLReader.read(text, file: 0, nodes: &nodes)
      let fixed = try FixedSettings(&root, overrides)
      let template = try SceneTemplate(root)
      self.files = files
      self.parts = parts
      self.template = template
      name = fixed.name ?? SceneFiles.baseName(of: path)
      categories = fixed.categories
      frameCount = fixed.frames
      seed = fixed.seed
      width = fixed.image.width
      height = fixed.image.height
      output = fixed.output
      let assets = try files.assetDigests(root)
      digest = Digest(of: canonicalText(root) + assets.map { "\n\($0.path) \($0.digest)" }.joined())
      // What cannot be right in any frame is found now.
      _ = try SceneSpec.decode(try concrete(frame: 0))
    } catch { throw SceneError(error, files: files.names) }
  }

  /// The concrete document of a frame: no dice are left in it, and as a scene of its own it is that one frame.
  ///
  /// - Parameter frame: from 0; may lie beyond `frameCount`.
  public func document(frame: Int) throws(SceneError) -> Node {
    do { return try concrete(frame: frame) } catch { throw failure(error, frame: frame) }
  }

  /// The frame that the concrete document describes.
  public func frame(_ index: Int, assets: some AssetSource) throws(SceneError) -> Frame {
    let box = assemblers.withLock { list in
      list.lastIndex { $0.assembler.serves(assets) }.map { list.remove(at: $0) }
    }
    let assembler =
      box?.assembler
      ?? FrameAssembler(
        assets: assets, parts: parts, files: files, categories: categories, sharedCount: template.sharedCount)
    let owned = AssemblerBox(assembler: assembler)
    defer { assemblers.withLock { $0.append(owned) } }
    do throws(DocumentError) {
      let document = try concrete(frame: index)
      return try assembler.frame(try SceneSpec.decode(document), document: document, index: index)
    } catch { throw failure(error, frame: index) }
  }

  private func concrete(frame: Int) throws(DocumentError) -> Node {
    guard frame >= 0, frame < Int(UInt32.max) else {
      throw DocumentError(.none, found: "frame \(frame)", expected: "a frame number from 0 to 2^32 - 2")
    }
    var sampler = Sampler(seed: seed, frame: frame)
    return Node(.mapping(try template.sample(&sampler)), mark: template.mark)
  }

  private func failure(_ error: DocumentError, frame: Int) -> SceneError {
    SceneError(message: SceneError(error, files: files.names).message + " (in frame \(frame))")
  }
}

extension SceneFiles {
  /// The file's name without folder and extension.
  static func baseName(of path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}
