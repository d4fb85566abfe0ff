/// Looks for parameters under which a model's pictures are nearer to the target: one change at a time, the best of all first, with
/// steps that grow smaller, so that few numbers change and each for a reason.
struct FitSearch {
  /// What the total must gain for a number that the scene keeps so far, and for one that is changed already; and both at least as
  /// shares of the total, for far from the target small gains are those of the dice.
  static let gainOfFirst = (least: 2e-3, share: 0.003)
  static let gainOfMore = (least: 2e-4, share: 5e-4)
  /// Shares of a distribution's width.
  static let steps = [0.4, 0.2, 0.08, 0.03]
  static let changesAStep = 12

  /// The least effective share of samples that stands behind what is expected: below it, it is guessed.
  var floor: Double
  /// The axes that may change; nil for all.
  var free: Set<Int>?

  private func mayChange(_ a: Int) -> Bool { free.map { $0.contains(a) } ?? true }

  /// - Parameter model: with the parameters to start from; left with those found.
  func improve(_ model: inout FitModel) {
    var now = model.outlook()
    let base = model.parameters
    // Where the ranges have just been widened the start itself has fewer.
    let (objects, pictures) = (floor * now.objects, floor * now.pictures)
    for step in FitSearch.steps {
      for _ in 0..<FitSearch.changesAStep {
        var best: (axis: Int, parameters: [Double], outlook: FitModel.Outlook, gain: Double)?
        for (a, axis) in model.axes.enumerated() where mayChange(a) {
          let p = model.parameters[a]
          let (least, share) = p == axis.start ? FitSearch.gainOfFirst : FitSearch.gainOfMore
          var tried: Set<[Double]> = [p]
          for move in axis.family.moves(p, step: step, start: axis.start)
            + (model.weightsForClasses(a).map { [$0] } ?? [])
          {
            let q = axis.rounded(move)
            guard axis.admits(q), axis.family.keepsWidth(q, of: base[a]), tried.insert(q).inserted else { continue }
            let outlook = model.outlook((a, q))
            let gain = now.loss - outlook.loss
            guard gain > max(least, share * now.loss), outlook.objects >= objects, outlook.pictures >= pictures else {
              continue
            }
            if gain > best?.gain ?? 0 { best = (a, q, outlook, gain) }
          }
        }
        guard let best else { break }
        var all = model.parameters
        all[best.axis] = best.parameters
        model.set(all)
        now = best.outlook
      }
    }
    settleClasses(&model)
    withdraw(&model)
  }

  /// Weights that decide about classes are known in closed form; they are taken over as they are where that costs nothing.
  func settleClasses(_ model: inout FitModel) {
    for (a, axis) in model.axes.enumerated() where mayChange(a) && model.parameters[a] != axis.start {
      guard let weights = model.weightsForClasses(a) else { continue }
      let q = axis.rounded(weights)
      guard axis.admits(q), model.outlook((a, q)).loss <= model.outlook().loss + 1e-4 else { continue }
      var all = model.parameters
      all[a] = q
      model.set(all)
    }
  }

  /// Takes back changes that other changes have made needless.
  private func withdraw(_ model: inout FitModel) {
    for (a, axis) in model.axes.enumerated() where model.parameters[a] != axis.start {
      let (now, without) = (model.outlook(), model.outlook((a, axis.start)))
      guard without.loss <= now.loss + FitSearch.gainOfMore.least, without.objects >= floor * now.objects,
        without.pictures >= floor * now.pictures
      else { continue }
      var all = model.parameters
      all[a] = axis.start
      model.set(all)
    }
  }
}
