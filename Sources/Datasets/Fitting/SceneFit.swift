import Annotators
import Documents
import Formats
import Sampling

/// A scene on its way to a target: what may vary in it, and the search.
struct SceneFit {
  let original: SceneEditor
  /// With the constants that were named made into distributions.
  var editor: SceneEditor
  /// Those constants, with what stands in their place.
  var freed: [FreedConstant]
  let statistics: AnnotationStatistics
  let target: FitTarget
  let options: FitOptions
  let classes: [String]
  let renderer: FitRenderer
  var axes: [FitAxis]
  var notes: [String]
  let seed: UInt64
  let size: (width: Int, height: Int)
  /// Frames of a sequence.
  let length: Int

  /// What must be left of the loss, of fresh frames: less of a gain may be the dice's.
  private static let worthwhile = 0.85
  /// Frames drawn to see whether a wider range is possible at all.
  static let trialFrames = 12
  /// In how many groups the axes are widened.
  static let groups = 3

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
    freed = try FreedConstant.freeing(options.vary, original) { text in
      // What overrides replace is to hold too.
      guard (try? CompiledScene(text: text, path: path)) != nil,
        let trial = try? CompiledScene(text: text, path: path, overrides: overrides)
      else { return false }
      return (try? renderer.pictures(trial, frames: SceneFit.trialFrames, axes: [])) != nil
    }
    editor = try FreedConstant.applying(freed, to: original)
    let found = FitAxes(editor, vary: options.vary, keep: options.keep)
    (axes, notes) = (found.axes, found.notes)
    for k in options.keep where !editor.sites.contains(where: { $0.paths.contains { FitAxes.covers(k, $0) } }) {
      let known = editor.sites.flatMap(\.paths)
      let nearest = nearestName(to: k, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      throw SceneError(
        message: "\(path): found nothing drawn at \"\(k)\" to keep, expected a path of a distribution\(nearest)")
    }
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
  func drawn(_ p: [[Double]]) -> (proposal: FitProposal, loss: Double)? {
    guard let found = try? pictures(try text(p), options.frames, seed) else { return nil }
    return (FitProposal(parameters: p, pictures: found), loss(found))
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

  func text(_ p: [[Double]]) throws(SceneError) -> String {
    try editor.applying(zip(axes, p).flatMap { $0.changes(to: $1) })
  }

  func pictures(_ text: String, _ frames: Int, _ seed: UInt64) throws(SceneError) -> [FitPicture] {
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
