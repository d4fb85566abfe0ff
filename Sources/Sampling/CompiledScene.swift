import Documents
import Imaging
import Stage
import Synchronization

/// A scene that has been read, checked and made ready: from here on there are only draws and stores. Safe to use from
/// many threads at once.
public final class CompiledScene: Sendable {
  /// The scene's name: what it says, or its file name without the extension.
  public let name: String
  /// Of everything that decides pixels and labels but the seed and the number of frames: the document after overrides
  /// and includes, without comments, order of keys, name and description; and the bytes of the files that it names. It
  /// does not depend on the folder that the scene lies in.
  public let digest: Digest
  /// The document behind `digest`, with the number of frames: after includes, globs and overrides, as YAML with keys in order.
  /// As a scene in the same folder, with the same seed, it has the same digest and the same frames; where an include in
  /// another folder names files, those are not found from here.
  public let text: String
  /// The same with what the scene says of annotations.
  public let annotatedText: String
  /// The files that the scene names, and those that OBJ and glTF files name in turn, as they are named, with the digests of
  /// their bytes and what is known of their licences.
  public let assets: [(path: String, digest: Digest, license: AssetLicense)]
  /// With ids from 1 in their order.
  public let categories: [Category]
  /// At least 1.
  public let frameCount: Int
  /// Names of the cameras of a rig, each with a picture of every frame; empty where there is one camera.
  public let views: [String]
  public let seed: UInt64
  /// Frames of a sequence: frame n is frame n % N of sequence n / N. Nil where the scene has no time.
  public var framesPerSequence: Int? { clock.framesPerSequence }
  /// In pixels.
  public let width: Int
  public let height: Int
  public let output: OutputSettings
  /// What stands under `annotations:`; nil for nothing. Whoever makes annotations reads it, by `reading`.
  public let annotations: Node?
  /// What stands under `formats:`; nil for nothing. Whoever writes formats reads it, by `reading`.
  public let formats: Node?

  let files: SceneFiles
  let parts: SceneParts
  let template: SceneTemplate
  let bounds: ObjectBounds
  let rules: [PlacedRule]
  let attempts: Int
  let clock: SceneClock
  let foundAttempts = FoundAttempts()
  let judge = Mutex<Judge?>(nil)
  private let assemblers = Mutex<[AssemblerBox]>([])

  /// What it takes to tell whether a frame satisfies rules.
  struct Judge: Sendable {
    var assets: any AssetSource
    var visibility: VisibilityPass?
  }

  /// Assemblers change hands between threads but serve one at a time: whoever has taken one out of the list owns it.
  private struct AssemblerBox: Sendable {
    var assembler: FrameAssembler
  }

  /// Reads the scene at `path`.
  public static func load(
    path: String, overrides: SceneOverrides = SceneOverrides(), parts: SceneParts = .standard
  ) throws(SceneError) -> CompiledScene {
    try CompiledScene(text: try SceneLoader.text(path), path: path, overrides: overrides, parts: parts)
  }

  /// The scene that `text` holds, as if it stood in a file at `path`.
  public init(
    text: String, path: String, overrides: SceneOverrides = SceneOverrides(), parts: SceneParts = .standard
  ) throws(SceneError) {
    var loader = SceneLoader(path: path)
    do throws(DocumentError) {
      var root = try loader.load(text)
      let files = loader.files
      let fixed = try FixedSettings(&root, overrides)
      do { rules = try PlacedRule.list(root["rules"]) } catch { throw error.inside("rules") }
      let template = try SceneTemplate(root)
      self.files = files
      self.parts = parts
      self.template = template
      bounds = ObjectBounds(parts: parts, files: files)
      attempts = fixed.attempts
      clock = fixed.clock
      name = fixed.name ?? SceneFiles.baseName(of: path)
      categories = fixed.categories
      frameCount = fixed.frames
      views = fixed.views
      seed = fixed.seed
      width = fixed.image.width
      height = fixed.image.height
      output = fixed.output
      annotations = fixed.annotations
      formats = fixed.formats
      assets = try files.assetDigests(root)
      // Some draws cover the frames evenly: their number is no part of what a frame is, but of how it is found.
      let counted = root.setting("frames", to: Node(.integer(fixed.frames)))
      self.text = canonicalText(counted)
      annotatedText = canonicalText(counted, hasAnnotations: true)
      digest = Digest(of: canonicalText(root) + assets.map { "\n\($0.path) \($0.digest)" }.joined())
      // What cannot be right in any frame is found now.
      _ = try SceneSpec.decode(try sampled(frame: 0, attempt: 0).document)
    } catch { throw SceneError(error, files: loader.files.names) }
  }

  /// Calls `body`, which reads a part of the document; an error in it is told with file, line and the part's key.
  public func reading<V>(_ key: String, _ body: () throws(DocumentError) -> V) throws(SceneError) -> V {
    do { return try body() } catch { throw SceneError(error.inside(key), files: files.names) }
  }

  /// Gives the scene what its rules need, so that `document(frame:)` can tell which attempt a frame is; `frame` takes
  /// the visibility pass from here. To be called once, before frames are asked for.
  ///
  /// - Parameter visibility: counts the pixels of every instance; nil where no rule asks for them.
  public func attach(assets: any AssetSource, visibility: VisibilityPass?) {
    judge.withLock { $0 = Judge(assets: assets, visibility: visibility) }
  }

  /// Whether a rule asks what is seen.
  public var needsVisibility: Bool { rules.contains { type(of: $0.rule).needsVisibility } }

  /// The concrete document of a frame: no dice are left in it, and as a scene of its own it is that one frame.
  ///
  /// - Parameter frame: from 0; may lie beyond `frameCount`.
  public func document(frame: Int) throws(SceneError) -> Node {
    do throws(DocumentError) {
      let sample = try acceptedSample(frame)
      return clock.hasTime ? try withNeighbours(sample, frame) : sample.document
    } catch { throw failure(error, frame: frame) }
  }

  /// The frame that the concrete document describes.
  ///
  /// - Parameter view: which camera of a rig, from 0. Rules are judged by the first.
  public func frame(_ index: Int, view: Int = 0, assets: some AssetSource) throws(SceneError) -> Frame {
    do throws(DocumentError) {
      let first = try accepted(index, assets)
      return view == 0 ? first.frame : try assembled(first.document, index, view: view, assets)
    } catch { throw failure(error, frame: index) }
  }

  /// A frame's relative in its sequence; nil where there is none. The frame before the first and the one behind the last of
  /// a sequence are none; whether the dataset holds the frame does not matter. Whether the same objects are there is for
  /// those to ask who know them again.
  public func neighbour(
    _ index: Int, _ step: SequenceStep, view: Int = 0, assets: some AssetSource
  ) throws(SceneError) -> Frame? {
    do throws(DocumentError) {
      if clock.hasTime {
        let (place, all) = (clock.moment(index, of: frameCount), clock.sequence(of: index))
        let other = step == .previous ? index - 1 : step == .next ? index + 1 : all.lowerBound
        guard all.contains(other), place.steps > 0 else { return nil }
        let found = try accepted(other, assets)
        return view == 0 ? found.frame : try assembled(found.document, other, view: view, assets)
      }
      let document = try sampled(frame: index, attempt: 0).document
      guard let node = document["sequence"], !node.isNull else { return nil }
      let spec: SequenceSpec
      do { spec = try SequenceSpec.decode(node) } catch { throw error.inside("sequence") }
      let change = [SequenceStep.previous: spec.previous, .next: spec.next, .first: spec.first][step] ?? nil
      guard let change, !change.node.isNull else {
        return step == .first ? try assembled(document, index, view: view, assets) : nil
      }
      do throws(DocumentError) {
        return try assembled(try DocumentChange.apply(change.node, to: document), index, view: view, assets)
      } catch { throw error.inside(step.rawValue).inside("sequence") }
    } catch { throw failure(error, frame: index) }
  }

  /// How many pictures a frame gives.
  public var pictures: Int { max(views.count, 1) }

  func assembled(
    _ document: Node, _ index: Int, view: Int = 0, _ assets: any AssetSource
  ) throws(DocumentError) -> Frame {
    let box = assemblers.withLock { list in
      list.lastIndex { $0.assembler.serves(assets) }.map { list.remove(at: $0) }
    }
    var owned =
      box
      ?? AssemblerBox(
        assembler: FrameAssembler(
          assets: assets, parts: parts, files: files, categories: categories, sharedCount: template.sharedCount))
    defer {
      let returned = owned
      assemblers.withLock { $0.append(returned) }
    }
    return try owned.assembler.frame(try SceneSpec.decode(document), document: document, index: index, view: view)
  }

  func failure(_ error: DocumentError, frame: Int) -> SceneError {
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
