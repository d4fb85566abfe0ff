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
  /// The attempt that a sequence is, of those found last; what is forgotten is found again.
  private let foundAttempts = Mutex<[Int: Int]>([:])
  /// Threads that are after the same sequence's attempt wait for the one that looks for it; by the sequence's number modulo
  /// their count.
  private let searches = (0..<64).map { _ in Search() }
  private let judge = Mutex<Judge?>(nil)
  private let assemblers = Mutex<[AssemblerBox]>([])

  private final class Search: Sendable {
    let turn = Mutex<Void>(())
  }

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
    let moment = clock.moment(frame, of: frameCount)
    var sample = try sampled(moment, attempt: attempt, traced: traced)
    if clock.hasTime, sample.failure == nil { try addShutterMotion(to: &sample.document, at: moment, attempt: attempt) }
    // The objects stay last, as they do when what is printed is read and sampled again.
    if let place = clock.place(frame), let objects = sample.document["objects"] {
      sample.document.remove("objects")
      sample.document.set("sequence", to: SequenceSpec.node(place))
      sample.document.set("objects", to: objects)
    }
    return sample
  }

  /// The document of one moment, which may lie between two frames; without its `sequence`.
  func sampled(_ moment: Moment, attempt: Int, traced: Bool = false) throws(DocumentError) -> Sample {
    func sampler(_ moment: Moment) -> Sampler {
      Sampler(seed: seed, moment: moment, attempt: attempt, lets: template.lets, traced: traced)
    }
    var first = sampler(moment.start)
    if clock.hasTime, !template.isAlwaysPlaced, moment.seconds != 0 {
      // Layouts decide at the sequence's beginning.
      let document = try template.sample(&first, bounds)
      if let failure = first.failure {
        return Sample(document: document, attempt: attempt, failure: failure, trace: first.trace ?? [])
      }
    }
    var own = sampler(moment)
    if clock.hasTime, moment.seconds != 0 { own.placements = first.placements.kept }
    let document = try template.sample(&own, bounds)
    return Sample(document: document, attempt: attempt, failure: own.failure, trace: own.trace ?? [])
  }

  private func accepted(
    _ frame: Int, _ assets: any AssetSource
  ) throws(DocumentError) -> (document: Node, attempt: Int, frame: Frame) {
    var result: Frame?
    let sample = try attempt(frame) { (number, sample) throws(DocumentError) in
      if let failure = sample.failure { return .failure(failure) }
      // Where there is nothing to judge, only the frame itself is made.
      if number != frame, rules.isEmpty { return .success(()) }
      let made = try assembled(sample.document, number, assets)
      if number == frame { result = made }
      return try unmet(made).map { .failure($0) } ?? .success(())
    }
    if let result { return (sample.document, sample.attempt, result) }
    return (sample.document, sample.attempt, try assembled(sample.document, frame, assets))
  }

  /// The attempt that a frame is, with what there is to judge it.
  private func acceptedSample(_ frame: Int) throws(DocumentError) -> Sample {
    if rules.isEmpty, template.isAlwaysPlaced { return try sampled(frame: frame, attempt: 0) }
    guard let judge = judge.withLock({ $0 }) else {
      if rules.isEmpty {
        return try attempt(frame) { (_, sample) throws(DocumentError) in
          sample.failure.map { .failure($0) } ?? .success(())
        }
      }
      throw DocumentError(.none, found: "rules and nothing to judge them with", expected: "attached assets")
    }
    return try sampled(frame: frame, attempt: try accepted(frame, judge.assets).attempt)
  }

  /// The attempt that a frame is, counted from 0.
  func acceptedAttempt(_ frame: Int, _ assets: any AssetSource) throws(DocumentError) -> Int {
    try accepted(frame, assets).attempt
  }

  private enum Outcome {
    case success(Void)
    case failure(UnmetRule)
  }

  /// The first attempt that passes: of a sequence, the first of which all frames do, so that nothing jumps within it. A
  /// sequence of n frames costs up to n samples and judgements an attempt, once for all its frames that this process makes:
  /// what one thread finds the others take.
  private func attempt(
    _ frame: Int, _ judged: (Int, Sample) throws(DocumentError) -> Outcome
  ) throws(DocumentError) -> Sample {
    let isFree = rules.isEmpty && template.isAlwaysPlaced
    guard clock.hasTime, !isFree else { return try search(frame, judged) }
    let sequence = clock.sequence(of: frame)
    func known() -> Int? { foundAttempts.withLock { $0[sequence.lowerBound] } }
    if let number = known() { return try sampled(frame: frame, attempt: number) }
    let search = searches[sequence.lowerBound / sequence.count % searches.count]
    var found: Sample?
    try search.turn.withLock { (_) throws(DocumentError) in
      if known() == nil { found = try self.search(frame, judged) }
    }
    if let found { return found }
    guard let number = known() else { return try self.search(frame, judged) }
    return try sampled(frame: frame, attempt: number)
  }

  /// The same, looked for.
  private func search(
    _ frame: Int, _ judged: (Int, Sample) throws(DocumentError) -> Outcome
  ) throws(DocumentError) -> Sample {
    var failures: [(rule: UnmetRule, count: Int)] = []
    let isFree = rules.isEmpty && template.isAlwaysPlaced
    let sequence = clock.sequence(of: frame)
    if sequence.count > 1, isFree { return try sampled(frame: frame, attempt: 0) }
    for k in 0..<attempts {
      var own: Sample?
      var outcome = Outcome.success(())
      for number in sequence {
        let sample = try sampled(frame: number, attempt: k)
        if number == frame { own = sample }
        outcome = try judged(number, sample)
        if case .failure = outcome { break }
      }
      switch outcome {
      case .success:
        guard let own else { break }
        if clock.hasTime {
          foundAttempts.withLock { found in
            if found.count >= 1024 { found.removeAll() }
            found[sequence.lowerBound] = k
          }
        }
        return own
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
