// What the search tries beside its steps: less, once it has found something, and more than its samples hold, before each round.

import Documents
import Formats
import Sampling

extension SceneFit {
  /// Takes back changes one by one, those that the model misses least first, where what is drawn without them is as near, to
  /// within a little: of several ways to the same statistics one with few changes is left.
  mutating func withdrawn(_ found: FitProposal, _ least: Double, _ first: Double) -> FitProposal {
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
  mutating func restored(_ found: FitProposal, _ least: Double, _ first: Double) -> FitProposal {
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
    guard let editor = try? FreedConstant.applying(fit.freed, to: original) else { return nil }
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
  mutating func widened(_ p: [[Double]], _ round: Int) -> [FitProposal] {
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
}
