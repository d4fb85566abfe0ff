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
  /// The files that the scene names, and those that OBJ and glTF files name in turn, as they are named, with the digests of
  /// their bytes.
  public let assets: [(path: String, digest: Digest)]
  /// With ids from 1 in their order.
  public let categories: [Category]
  /// At least 1.
  public let frameCount: Int
  /// Names of the cameras of a rig, each with a picture of every frame; empty where there is one camera.
  public let views: [String]
  public let seed: UInt64
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
  private let judge = Mutex<Judge?>(nil)
  private let assemblers = Mutex<[AssemblerBox]>([])

  /// What it takes to tell whether a frame satisfies rules.
  private struct Judge: Sendable {
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
      if rules.isEmpty, template.isAlwaysPlaced { return try sampled(frame: frame, attempt: 0).document }
      guard let judge = judge.withLock({ $0 }) else {
        if rules.isEmpty {
          return try attempt(frame) { (sample) throws(DocumentError) in
            sample.failure.map { .failure($0) } ?? .success(())
          }
          .document
        }
        throw DocumentError(.none, found: "rules and nothing to judge them with", expected: "attached assets")
      }
      return try accepted(frame, judge.assets).document
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

  /// How many pictures a frame gives.
  public var pictures: Int { max(views.count, 1) }

  // MARK: Attempts

  /// One attempt at a frame.
  struct Sample {
    var document: Node
    var attempt: Int
    /// Where a layout found no room.
    var failure: UnmetRule?
    var trace: [TracedDraw]
  }

  func sampled(frame: Int, attempt: Int, traced: Bool = false) throws(DocumentError) -> Sample {
    guard frame >= 0, frame < Int(UInt32.max) else {
      throw DocumentError(.none, found: "frame \(frame)", expected: "a frame number from 0 to 2^32 - 2")
    }
    var sampler = Sampler(
      seed: seed, frame: frame, frameCount: frameCount, attempt: attempt, lets: template.lets, traced: traced)
    let document = try template.sample(&sampler, bounds)
    return Sample(document: document, attempt: attempt, failure: sampler.failure, trace: sampler.trace ?? [])
  }

  private func accepted(
    _ frame: Int, _ assets: any AssetSource
  ) throws(DocumentError) -> (document: Node, attempt: Int, frame: Frame) {
    var result: Frame?
    let sample = try attempt(frame) { (sample) throws(DocumentError) in
      if let failure = sample.failure { return .failure(failure) }
      let frame = try assembled(sample.document, frame, assets)
      result = frame
      return try unmet(frame).map { .failure($0) } ?? .success(())
    }
    guard let result else { throw DocumentError(.none, found: "no frame", expected: "one") }
    return (sample.document, sample.attempt, result)
  }

  /// The attempt that a frame is, counted from 0.
  func acceptedAttempt(_ frame: Int, _ assets: any AssetSource) throws(DocumentError) -> Int {
    try accepted(frame, assets).attempt
  }

  private enum Outcome {
    case success(Void)
    case failure(UnmetRule)
  }

  /// The first attempt that passes.
  private func attempt(
    _ frame: Int, _ judged: (Sample) throws(DocumentError) -> Outcome
  ) throws(DocumentError) -> Sample {
    var failures: [(rule: UnmetRule, count: Int)] = []
    for k in 0..<attempts {
      let sample = try sampled(frame: frame, attempt: k)
      switch try judged(sample) {
      case .success: return sample
      case .failure(let rule):
        if let i = failures.firstIndex(where: { $0.rule.mark == rule.mark && $0.rule.name == rule.name }) {
          failures[i].count += 1
          if rule.shortfall < failures[i].rule.shortfall { failures[i].rule = rule }
        } else {
          failures.append((rule, 1))
        }
      }
    }
    // The rule that failed most often, and how near it came.
    guard let worst = failures.max(by: { $0.count < $1.count }) else {
      throw DocumentError(.none, found: "no attempt", expected: "one")
    }
    throw DocumentError(
      worst.rule.mark,
      found: "that \(worst.count) of \(attempts) attempts break it, the nearest with \(worst.rule.nearest)",
      expected: "a frame that satisfies it", path: worst.rule.name)
  }

  /// The first rule that a frame breaks; those that need no pixels first.
  private func unmet(_ frame: Frame) throws(DocumentError) -> UnmetRule? {
    guard !rules.isEmpty else { return nil }
    for (rule, verdict) in try verdicts(frame, all: false) where verdict.shortfall > 0 {
      return UnmetRule(
        name: "rule \"\(rule.name)\"", mark: rule.mark, shortfall: verdict.shortfall, nearest: verdict.nearest)
    }
    return nil
  }

  /// What the rules say of a frame, those that need no pixels first; up to the first that it breaks, or all.
  func verdicts(_ frame: Frame, all: Bool) throws(DocumentError) -> [(PlacedRule, Verdict)] {
    var judged = JudgedFrame(frame: frame, categories: categories)
    var list: [(PlacedRule, Verdict)] = []
    for rule in rules where !type(of: rule.rule).needsVisibility {
      let verdict = rule.rule.judge(judged)
      list.append((rule, verdict))
      if verdict.shortfall > 0, !all { return list }
    }
    let seeing = rules.filter { type(of: $0.rule).needsVisibility }
    guard let first = seeing.first else { return list }
    guard let pass = judge.withLock({ $0?.visibility }) else {
      throw DocumentError(
        first.mark, found: "a rule on what is seen", expected: "a program that can see", path: "rule \"\(first.name)\"")
    }
    let (instances, scale) = pass(frame)
    guard instances.count == frame.instances.count else { return list }
    (judged.visibility, judged.scale) = (instances, scale)
    for rule in seeing {
      let verdict = rule.rule.judge(judged)
      list.append((rule, verdict))
      if verdict.shortfall > 0, !all { return list }
    }
    return list
  }

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
