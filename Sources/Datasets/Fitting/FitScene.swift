// Fitting a scene to a target: draw labels, find out by importance weights which parameters would come nearer, write them into
// the scene's text, draw again; until nothing is gained. See Documentation/Fitting.md.

import Annotators
import Documents
import Formats
import Sampling

/// How a scene is fitted.
public struct FitOptions: Sendable {
  /// Of each round, and of each drawing of the validation.
  public var frames = 400
  public var rounds = 12
  /// In place of the scene's.
  public var seed: UInt64?
  /// Of the pictures that are drawn; nil for the scene's, reduced to `FitOptions.side` pixels at most.
  public var width: Int?
  public var height: Int?
  /// Paths of distributions to fit beside those that decide about boxes, and of constants to make into distributions.
  public var vary: [String] = []
  /// Paths of what is to stay.
  public var keep: [String] = []
  public var threads = 1
  /// Told of every round.
  public var progress: @Sendable (String) -> Void = { _ in }

  /// Pixels of the longer side: boxes are as good on small pictures, and they are quick.
  public static let side = 256

  public init() {}
}

/// A distribution that was changed.
public struct FitChange: Equatable, Sendable {
  public var path: String
  /// The distribution's name; `variants` for weights of variants.
  public var kind: String
  /// In the old file.
  public var line: Int
  public var before: String
  public var after: String
}

/// A fitted scene.
public struct FitResult: Sendable {
  /// The scene file's new text; the old one where nothing nearer was found.
  public var text: String
  public var changes: [FitChange]
  /// Each statistic of the scene as it was (`before`) and as it is now beside the target, of frames that the fit has not seen.
  public var before: [StatisticComparison]
  public var after: [StatisticComparison]
  /// The sum of all statistics' losses after each round's drawing, the first for the scene as it was.
  public var losses: [Double]
  /// What could not be fitted, and why.
  public var notes: [String]
  public var isChanged: Bool { !changes.isEmpty }

  /// Keys of the statistics that the fit looks at.
  public static var keys: [String] { FitTarget.keys }
}

/// Fits a scene.
///
/// - Parameters:
///   - path: the scene file.
///   - target: statistics of the classes to compare, by the scene's names.
/// - Throws: `.refused` where the scene is wrong or has nothing to vary, or where the target is empty.
public func fitScene(
  path: String, to target: AnnotationStatistics, _ options: FitOptions = FitOptions()
) throws(DatasetError) -> FitResult {
  do throws(SceneError) {
    var fit = try SceneFit(path: path, target, options)
    return try fit.run()
  } catch { throw .refused(error.description) }
}

struct SceneFit {
  private let original: SceneEditor
  /// With the constants that were named made into distributions.
  private var editor: SceneEditor
  /// Those constants, with what stands in their place.
  private var freed: [FreedConstant]
  private let statistics: AnnotationStatistics
  private let target: FitTarget
  private let options: FitOptions
  private let classes: [String]
  private let renderer: FitRenderer
  private var axes: [FitAxis]
  private var notes: [String]
  private let seed: UInt64
  private let size: (width: Int, height: Int)
  /// Frames of a sequence.
  private let length: Int

  /// A constant that was made into a distribution.
  private struct FreedConstant {
    var path: String
    var change: SceneChange
  }

  /// What must be left of the loss, of fresh frames: less of a gain may be the dice's.
  private static let worthwhile = 0.85
  /// Frames drawn to see whether a wider range is possible at all.
  private static let trialFrames = 12
  /// In how many groups the axes are widened.
  private static let groups = 3

  init(path: String, _ statistics: AnnotationStatistics, _ options: FitOptions) throws(SceneError) {
    (self.statistics, self.options) = (statistics, options)
    original = try SceneEditor(path: path)
    let scene = try CompiledScene(text: original.text, path: path)
    guard statistics.all.objects > 0 else {
      throw SceneError(message: "found no object of the scene's classes in the target, expected some")
    }
    classes = statistics.classes.map(\.name)
    target = FitTarget(statistics)
    let renderer = FitRenderer(classes: classes, threads: options.threads)
    self.renderer = renderer
    seed = options.seed ?? scene.seed
    length = max(1, scene.framesPerSequence ?? 1)
    let longer = max(scene.width, scene.height)
    let factor = max(1, (longer + FitOptions.side - 1) / FitOptions.side)
    size = (options.width ?? max(scene.width / factor, 1), options.height ?? max(scene.height / factor, 1))
    let overrides = SceneOverrides(
      width: size.width, height: size.height, frames: SceneFit.trialFrames * length, seed: seed)
    freed = try SceneFit.freeing(options.vary, original) { text in
      // What overrides replace is to hold too.
      guard (try? CompiledScene(text: text, path: path)) != nil,
        let trial = try? CompiledScene(text: text, path: path, overrides: overrides)
      else { return false }
      return (try? renderer.pictures(trial, frames: SceneFit.trialFrames, axes: [])) != nil
    }
    editor = try SceneFit.applying(freed, to: original)
    let found = FitAxes(editor, vary: options.vary, keep: options.keep)
    (axes, notes) = (found.axes, found.notes)
    for k in options.keep where !editor.sites.contains(where: { $0.paths.contains { FitAxes.covers(k, $0) } }) {
      let known = editor.sites.flatMap(\.paths)
      let nearest = nearestName(to: k, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      throw SceneError(
        message: "\(path): found nothing drawn at \"\(k)\" to keep, expected a path of a distribution\(nearest)")
    }
  }

  /// Distributions for the constants at paths, a tenth to each side of what they are: of whole numbers where a field takes no
  /// others.
  ///
  /// - Parameter holds: whether a text is a scene of which frames can be drawn.
  private static func freeing(
    _ paths: [String], _ editor: SceneEditor, holds: (String) -> Bool
  ) throws(SceneError) -> [FreedConstant] {
    var freed: [FreedConstant] = []
    for name in paths where !editor.sites.contains(where: { $0.paths.contains { FitAxes.covers(name, $0) } }) {
      let found = editor.constants.filter { c in
        FitAxes.covers(name, c.path) && !freed.contains { $0.path == c.path }
      }
      guard !found.isEmpty || freed.contains(where: { FitAxes.covers(name, $0.path) }) else {
        let known = editor.sites.flatMap(\.paths) + editor.constants.map(\.path)
        let nearest = nearestName(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        throw SceneError(
          message: "\(editor.path): found no number at \"\(name)\" to vary, expected a path such as objects[ID].count"
            + nearest)
      }
      for (path, node) in found {
        let place = "\(editor.path):\(node.mark.line):\(node.mark.column): \(path): found \(node.found) to vary, "
        guard editor.isEditable(node), let x = node.number, x != 0 else {
          throw SceneError(
            message: place + "expected a number other than 0 of its own; write a distribution in its place")
        }
        var ranges: [String] = []
        if !FitAxes.isCount(path) {
          let step = DecimalStep(of: x, digits: 2)
          ranges.append("{$uniform: [\(step.text(x - 0.1 * abs(x))), \(step.text(x + 0.1 * abs(x)))]}")
        }
        if case .integer(let n) = node.content, abs(x) < 1e15 {
          let d = max(1, abs(n) / 10)
          ranges.append("{$integer: [\(n - d), \(n + d)]}")
        }
        let changes = ranges.map { SceneChange.number(node.mark, to: $0) }
        let fitting = changes.first { change in
          guard let text = try? editor.applying([change]) else { return false }
          return holds(text)
        }
        guard let fitting else {
          throw SceneError(
            message: place
              + "expected one that may be drawn from a tenth less to a tenth more; the scene does not hold with that: "
              + "write a distribution in its place")
        }
        freed.append(FreedConstant(path: path, change: fitting))
      }
    }
    return freed
  }

  /// The scene with distributions in place of constants.
  private static func applying(_ freed: [FreedConstant], to editor: SceneEditor) throws(SceneError) -> SceneEditor {
    if freed.isEmpty { return editor }
    let changed = try SceneEditor(text: try editor.applying(freed.map(\.change)), path: editor.path)
    _ = try CompiledScene(text: changed.text, path: changed.path)
    return changed
  }

  // MARK: Rounds

  mutating func run() throws(SceneError) -> FitResult {
    guard !axes.isEmpty else {
      throw SceneError(
        message:
          "\(editor.path): found nothing to vary, expected a distribution that decides where objects are, how many, or of "
          + "what class and size; --vary PATH names a constant" + notes.prefix(3).map { "\n  " + $0 }.joined())
    }
    let start = axes.map(\.start)
    var best = FitProposal(parameters: start, pictures: try pictures(editor.text, options.frames, seed))
    var losses = [loss(best.pictures)]
    options.progress("as it is: \(SceneFit.rounded(losses[0])), \(axes.count) distributions that may vary")
    // Half of the samples there are stand behind a step; after one that failed, more.
    var floor = 0.3
    var isStalled = false
    var least = losses[0]
    for round in 0..<options.rounds {
      var model = FitModel(target, axes, [best] + widened(best.parameters, round))
      FitSearch(floor: floor).improve(&model)
      guard model.parameters != best.parameters else { break }
      let expected = model.outlook().loss
      // All the way, half of it, a quarter.
      var (next, wanted) = (drawn(model.parameters), model.parameters)
      for _ in 0..<2 where (next?.loss ?? .infinity) >= least {
        wanted = between(best.parameters, wanted, 0.5)
        guard wanted != best.parameters else { break }
        next = drawn(wanted)
      }
      guard let (proposal, found) = next, found < least else {
        options.progress("round \(round + 1): no nearer (\(SceneFit.rounded(expected)) was expected)")
        floor = (1 + floor) / 2
        if floor > 0.9 { break }
        continue
      }
      var (reached, before) = ((proposal, found), best.parameters)
      // What went well goes on: twice as far, as long as it is nearer (the pattern moves of Hooke and Jeeves 1961).
      while true {
        let far = beyond(before, reached.0.parameters)
        guard far != reached.0.parameters, let further = drawn(far), further.1 < reached.1 else { break }
        (before, reached) = (reached.0.parameters, further)
      }
      best = reached.0
      options.progress(
        "round \(round + 1): \(SceneFit.rounded(reached.1)) (\(SceneFit.rounded(expected)) was expected)")
      floor = 0.3
      let hasStalled = reached.1 > 0.97 * least - 1e-3
      least = reached.1
      losses.append(least)
      if hasStalled, isStalled { break }
      isStalled = hasStalled
    }
    best = withdrawn(best, least, losses[0])
    best = restored(best, least, losses[0])
    guard !axes.isEmpty else { return try result([], losses) }
    // What is known of classes in closed form, at the end from pictures that were drawn with nothing else changed.
    var model = FitModel(target, axes, [best])
    FitSearch(floor: 1).settleClasses(&model)
    return try result(model.parameters, losses)
  }

  /// As far again with what decides how many objects there are: their number may be far off, and is seen whatever else is.
  private func beyond(_ p: [[Double]], _ q: [[Double]]) -> [[Double]] {
    axes.indices.map { a in
      guard axes[a].isCount, p[a] != q[a] else { return q[a] }
      let r = axes[a].rounded(axes[a].family.beyond(p[a], q[a]))
      return axes[a].admits(r) ? r : q[a]
    }
  }

  /// A part of the way from one set of parameters to another.
  private func between(_ p: [[Double]], _ q: [[Double]], _ share: Double) -> [[Double]] {
    axes.indices.map { a in
      guard p[a] != q[a] else { return q[a] }
      let r = axes[a].rounded(zip(p[a], q[a]).map { $0 + share * ($1 - $0) })
      return axes[a].admits(r) ? r : q[a]
    }
  }

  /// The scene with parameters, drawn, and how far it is; nil where it does not hold with them.
  private func drawn(_ p: [[Double]]) -> (proposal: FitProposal, loss: Double)? {
    guard let found = try? pictures(try text(p), options.frames, seed) else { return nil }
    return (FitProposal(parameters: p, pictures: found), loss(found))
  }

  /// Takes back changes one by one, those that the model misses least first, where what is drawn without them is as near, to
  /// within a little: of several ways to the same statistics one with few changes is left.
  private mutating func withdrawn(_ found: FitProposal, _ least: Double, _ first: Double) -> FitProposal {
    let limit = least + 1e-3 * (1 + first)
    var best = found
    let model = FitModel(target, axes, [best])
    let order = axes.indices.filter { best.parameters[$0] != axes[$0].start }
      .map { (axis: $0, loss: model.outlook(($0, axes[$0].start)).loss) }
      .sorted { ($0.loss, $0.axis) < ($1.loss, $1.axis) }
    for (a, _) in order {
      var p = best.parameters
      p[a] = axes[a].start
      if let next = drawn(p), next.loss <= limit { best = next.proposal }
    }
    return best
  }

  /// Takes constants that were made into distributions back to what they were, one by one, where what is drawn with them is as
  /// near.
  private mutating func restored(_ found: FitProposal, _ least: Double, _ first: Double) -> FitProposal {
    let limit = least + 1e-3 * (1 + first)
    var best = found
    for constant in freed {
      guard let (fit, parameters) = without(constant, best.parameters) else { continue }
      guard let next = fit.drawn(parameters), next.loss <= limit else { continue }
      self = fit
      best = next.proposal
    }
    return best
  }

  /// The fit with a constant that stays what it is, and the parameters of what else may vary.
  private func without(_ constant: FreedConstant, _ p: [[Double]]) -> (fit: SceneFit, parameters: [[Double]])? {
    var fit = self
    fit.freed.removeAll { $0.path == constant.path }
    guard let editor = try? SceneFit.applying(fit.freed, to: original) else { return nil }
    let left = axes.indices.filter { !axes[$0].site.paths.contains(constant.path) }
    var found = FitAxes(editor, vary: options.vary, keep: options.keep).axes
    guard left.map({ axes[$0].path }) == found.map(\.path), left.map({ axes[$0].start }) == found.map(\.start) else {
      return nil
    }
    for (i, a) in left.enumerated() { found[i].isFixed = axes[a].isFixed }
    (fit.editor, fit.axes) = (editor, found)
    return (fit, left.map { p[$0] })
  }

  /// The scene with groups of axes widened, drawn; what the scene does not allow stays within its ranges from here on.
  private mutating func widened(_ p: [[Double]], _ round: Int) -> [FitProposal] {
    var proposals: [FitProposal] = []
    for g in 0..<SceneFit.groups {
      func parameters() -> [[Double]] {
        axes.indices.map { a in
          guard (a + round) % SceneFit.groups == g, !axes[a].isFixed else { return p[a] }
          let wide = axes[a].rounded(axes[a].family.widened(p[a], start: axes[a].start))
          return axes[a].admits(wide) ? wide : p[a]
        }
      }
      let seed = self.seed &+ 101 &* UInt64(round + 1) &+ UInt64(g)
      let frames = max(1, options.frames / SceneFit.groups)
      var wide = parameters()
      guard wide != p else { continue }
      if let text = try? self.text(wide), let found = try? pictures(text, frames, seed) {
        proposals.append(FitProposal(parameters: wide, pictures: found))
        continue
      }
      // One of them is too wide for its field: find out which.
      for a in axes.indices where wide[a] != p[a] {
        var alone = p
        alone[a] = wide[a]
        if let text = try? self.text(alone), (try? pictures(text, SceneFit.trialFrames, seed)) != nil { continue }
        axes[a].isFixed = true
        notes.append(
          "\(axes[a].path) (line \(axes[a].site.mark.line)) is not widened: the scene does not hold with more")
      }
      wide = parameters()
      if wide != p, let text = try? self.text(wide), let found = try? pictures(text, frames, seed) {
        proposals.append(FitProposal(parameters: wide, pictures: found))
      }
    }
    return proposals
  }

  private func result(_ p: [[Double]], _ losses: [Double]) throws(SceneError) -> FitResult {
    // Frames that no round has seen.
    let fresh = seed &+ 0x5EED_F17
    let text = p == axes.map(\.start) ? editor.text : try self.text(p)
    func compared(_ s: AnnotationStatistics) -> [StatisticComparison] {
      s.compared(with: statistics).filter { FitTarget.keys.contains($0.key) }
    }
    func drawn(_ text: String, _ seed: UInt64) throws(SceneError) -> AnnotationStatistics {
      AnnotationStatistics(try pictures(text, options.frames, seed), classes: classes)
    }
    /// The scene as it was, since a frame of others cannot be made.
    func unchanged(_ s: AnnotationStatistics, _ error: SceneError) -> FitResult {
      let note = "a frame that no round has seen cannot be made, and what the rounds found is left out: \(error)"
      return FitResult(
        text: original.text, changes: [], before: compared(s), after: compared(s), losses: losses,
        notes: notes + [note])
    }
    let before: AnnotationStatistics
    do throws(SceneError) { before = try drawn(original.text, fresh) } catch {
      // What the rounds saw of it is all there is.
      return unchanged(try drawn(original.text, seed), error)
    }
    let after: AnnotationStatistics
    do throws(SceneError) { after = try drawn(text, fresh) } catch { return unchanged(before, error) }
    var result = FitResult(
      text: text, changes: [], before: compared(before), after: compared(after), losses: losses, notes: notes)
    guard loss(after) <= SceneFit.worthwhile * loss(before) else {
      result.text = original.text
      result.after = result.before
      if text != original.text {
        result.notes.append(
          "what the rounds found gains little for other frames, and is left out: more --frames may tell more")
      }
      return result
    }
    for (a, axis) in axes.enumerated() where p[a] != axis.start || editor.text != original.text && isFreed(axis) {
      result.changes.append(
        FitChange(
          path: axis.path, kind: axis.site.kind, line: Int(axis.site.mark.line), before: was(axis),
          after: axis.text(p[a])))
    }
    return result
  }

  /// Whether a constant stood there.
  private func isFreed(_ axis: FitAxis) -> Bool { constant(axis) != nil }

  private func constant(_ axis: FitAxis) -> Documents.Node? {
    guard let path = axis.site.paths.first else { return nil }
    return original.constants.first { $0.path == path }?.node
  }

  private func was(_ axis: FitAxis) -> String { constant(axis)?.found ?? axis.text(axis.start) }

  // MARK: Pictures

  private func text(_ p: [[Double]]) throws(SceneError) -> String {
    try editor.applying(zip(axes, p).flatMap { $0.changes(to: $1) })
  }

  private func pictures(_ text: String, _ frames: Int, _ seed: UInt64) throws(SceneError) -> [FitPicture] {
    let overrides = SceneOverrides(width: size.width, height: size.height, frames: frames * length, seed: seed)
    let scene = try CompiledScene(text: text, path: editor.path, overrides: overrides)
    // The marks are those of the text that is drawn.
    return try renderer.pictures(scene, frames: frames, axes: try moved(axes, text))
  }

  /// The axes where they stand in a changed text: lines may have been added.
  private func moved(_ axes: [FitAxis], _ text: String) throws(SceneError) -> [FitAxis] {
    if text == editor.text { return axes }
    let sites = try SceneEditor(text: text, path: editor.path).sites
    guard sites.count == editor.sites.count else {
      // The text as it was before constants were freed: nothing needs to be logged of it.
      return []
    }
    let index = Dictionary(editor.sites.enumerated().map { ($0.element.mark, $0.offset) }) { a, _ in a }
    return axes.map { axis in
      var copy = axis
      if let i = index[axis.site.mark] { copy.site.mark = sites[i].mark }
      return copy
    }
  }

  private func loss(_ pictures: [FitPicture]) -> Double {
    loss(AnnotationStatistics(pictures, classes: classes))
  }

  private func loss(_ s: AnnotationStatistics) -> Double { target.loss(FitTarget.Counts(s, like: target)) }

  static func rounded(_ x: Double) -> String { DecimalStep(exponent: -4).text(x) }
}

extension FitTarget.Counts {
  /// Of a drawn set, whose pictures may hold more objects than the target has bins for.
  init(_ s: AnnotationStatistics, like t: FitTarget) {
    self.init(like: t)
    classes = s.classes.map { Double($0.shapes.objects) }
    for (n, count) in s.objectsPerImage.enumerated() {
      objectsPerImage[min(n, objectsPerImage.count - 1)] += Double(count)
    }
    shapes = FitTarget.histograms.map { s.all[keyPath: $0.path].counts.map(Double.init) }
    ofClass = s.classes.map { c in [c.shapes.size, c.shapes.aspect].map { $0.counts.map(Double.init) } }
  }
}
