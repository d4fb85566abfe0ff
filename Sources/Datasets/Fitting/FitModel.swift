// What pictures would look like under other parameters, without drawing them: importance weights.
//
// Every object carries what was drawn for it. Under parameters p it counts with the weight density(draws; p) / density(draws as
// they were made), so that weighted counts stand for the statistics under p. As objects were drawn by several proposals (the scene
// as it is and, so that what lies beyond its ranges is seen, scenes with some ranges widened), the lower density is that of their
// mixture, the balance heuristic (Veach and Guibas 1995). Weights of objects leave out what others do to them: hiding is seen only
// when the new scene is drawn. A choice's density is the share that its options really had, which takes the noise of the draw out
// of what is learnt of them.

import Formats
import Geometry
import Sampling

/// Pictures that were drawn with known parameters.
struct FitProposal: Sendable {
  /// Of each axis.
  var parameters: [[Double]]
  var pictures: [FitPicture]
}

struct FitModel {
  let target: FitTarget
  let axes: [FitAxis]

  private struct Object {
    var category: Int
    var bins: [Int]
  }
  private var objects: [Object] = []
  private var objectCounts: [Int] = []
  /// For each axis the objects, and the pictures, that it was drawn for, with the number.
  private var objectDraws: [[(unit: Int, value: Double)]]
  private var pictureDraws: [[(unit: Int, value: Double)]]
  /// The mixture's densities.
  private var objectMixture: [Double] = []
  private var pictureMixture: [Double] = []
  /// The parameters that the weights below belong to.
  private(set) var parameters: [[Double]]
  private var objectState = Weights()
  private var pictureState = Weights()

  /// Products of densities, the factors of 0 apart so that one axis can be taken out of them.
  private struct Weights {
    var product: [Double] = []
    var zeros: [Int] = []

    func value(_ i: Int) -> Double { zeros[i] == 0 ? product[i] : 0 }
  }

  /// About so many objects are looked at.
  static let objectLimit = 8000

  /// - Parameter proposals: the first with the parameters to start from.
  init(_ target: FitTarget, _ axes: [FitAxis], _ proposals: [FitProposal]) {
    (self.target, self.axes) = (target, axes)
    objectDraws = Array(repeating: [], count: axes.count)
    pictureDraws = Array(repeating: [], count: axes.count)
    parameters = proposals[0].parameters
    let shapes = AnnotationStatistics.Shapes()
    let histograms = FitTarget.histograms.map { shapes[keyPath: $0.path] }
    let all = proposals.reduce(0) { $0 + $1.pictures.reduce(0) { $0 + $1.objects.count } }
    // Of very many objects every so many-th, another in each picture.
    let stride = max(1, (all + FitModel.objectLimit - 1) / FitModel.objectLimit)
    for p in proposals.lazy.flatMap(\.pictures) {
      for d in p.draws { pictureDraws[d.axis].append((objectCounts.count, d.value)) }
      let overlaps = FitModel.overlaps(p.objects)
      for (k, (o, overlap)) in zip(p.objects, overlaps).enumerated() where (k + objectCounts.count) % stride == 0 {
        for d in o.draws { objectDraws[d.axis].append((objects.count, d.value)) }
        let (w, h) = (Double(p.width), Double(p.height))
        let values = [
          (o.box.width * o.box.height / (w * h)).squareRoot(), StableMath.log2(o.box.width / o.box.height),
          (o.box.x + o.box.width / 2) / w, (o.box.y + o.box.height / 2) / h, overlap,
        ]
        objects.append(Object(category: o.category, bins: zip(histograms, values).map { $0.bin(of: $1) }))
      }
      objectCounts.append(p.objects.count)
    }
    // Of the mixture: each proposal with its share of the pictures.
    objectMixture = Array(repeating: 0, count: objects.count)
    pictureMixture = Array(repeating: 0, count: objectCounts.count)
    let pictures = Double(objectCounts.count)
    for proposal in proposals {
      let share = Double(proposal.pictures.count) / pictures
      let p = axes.indices.map { a in
        axes[a].family == .options ? FitModel.frequencies(proposal, a, axes[a]) : proposal.parameters[a]
      }
      let (o, f) = (
        FitModel.weights(objects.count, axes, objectDraws, p),
        FitModel.weights(objectCounts.count, axes, pictureDraws, p)
      )
      for i in objects.indices { objectMixture[i] += share * o.value(i) }
      for i in objectCounts.indices { pictureMixture[i] += share * f.value(i) }
    }
    set(parameters)
  }

  /// How often each option was picked.
  private static func frequencies(_ p: FitProposal, _ axis: Int, _ a: FitAxis) -> [Double] {
    var counts = [Double](repeating: 0, count: a.start.count)
    for d in p.pictures.lazy.flatMap(\.picks) where d.axis == axis { counts[d.option] += 1 }
    return counts.contains { $0 > 0 } ? counts : p.parameters[axis]
  }

  private static func weights(
    _ count: Int, _ axes: [FitAxis], _ draws: [[(unit: Int, value: Double)]], _ p: [[Double]]
  ) -> Weights {
    var w = Weights(product: Array(repeating: 1, count: count), zeros: Array(repeating: 0, count: count))
    for (a, axis) in axes.enumerated() {
      for d in draws[a] {
        let density = axis.family.density(d.value, p[a])
        if density > 0 { w.product[d.unit] *= density } else { w.zeros[d.unit] += 1 }
      }
    }
    return w
  }

  /// The largest share of each box that another covers.
  private static func overlaps(_ objects: [FitPicture.Object]) -> [Double] {
    var largest = [Double](repeating: 0, count: objects.count)
    for i in objects.indices {
      let a = objects[i].box
      for j in objects.indices.dropFirst(i + 1) {
        let b = objects[j].box
        let w = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
        let h = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
        guard w > 0, h > 0 else { continue }
        largest[i] = max(largest[i], w * h / (a.width * a.height))
        largest[j] = max(largest[j], w * h / (b.width * b.height))
      }
    }
    return largest
  }

  // MARK: Parameters

  /// Goes over to other parameters.
  mutating func set(_ p: [[Double]]) {
    parameters = p
    objectState = FitModel.weights(objects.count, axes, objectDraws, p)
    pictureState = FitModel.weights(objectCounts.count, axes, pictureDraws, p)
  }

  /// What is expected under some parameters, and how many samples stand behind it.
  struct Outlook {
    var loss: Double
    /// Effective numbers of objects and of pictures as shares of those there are: (sum of w)^2 / (n sum of w^2) (Kong 1992).
    var objects: Double
    var pictures: Double
  }

  /// - Parameter change: an axis with other parameters than those set.
  func outlook(_ change: (axis: Int, parameters: [Double])? = nil) -> Outlook {
    let (o, f) = (
      values(objectState, objectMixture, objectDraws, change),
      values(pictureState, pictureMixture, pictureDraws, change)
    )
    var counts = FitTarget.Counts(like: target)
    for (i, object) in objects.enumerated() where o[i] > 0 {
      counts.classes[object.category] += o[i]
      for (k, bin) in object.bins.enumerated() { counts.shapes[k][bin] += o[i] }
      counts.ofClass[object.category][0][object.bins[0]] += o[i]
      counts.ofClass[object.category][1][object.bins[1]] += o[i]
    }
    for (i, n) in objectCounts.enumerated() {
      counts.objectsPerImage[min(n, counts.objectsPerImage.count - 1)] += f[i]
    }
    return Outlook(loss: target.loss(counts), objects: FitModel.effective(o), pictures: FitModel.effective(f))
  }

  private static func effective(_ w: [Double]) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for x in w { (sum, squares) = (sum + x, squares + x * x) }
    return squares > 0 ? sum * sum / squares / Double(w.count) : 0
  }

  private func values(
    _ state: Weights, _ mixture: [Double], _ draws: [[(unit: Int, value: Double)]],
    _ change: (axis: Int, parameters: [Double])?
  ) -> [Double] {
    var state = state
    if let (a, new) = change {
      let (family, old) = (axes[a].family, parameters[a])
      for d in draws[a] {
        let (before, after) = (family.density(d.value, old), family.density(d.value, new))
        if before > 0 { state.product[d.unit] /= before } else { state.zeros[d.unit] -= 1 }
        if after > 0 { state.product[d.unit] *= after } else { state.zeros[d.unit] += 1 }
      }
    }
    return mixture.indices.map { mixture[$0] > 0 ? state.value($0) / mixture[$0] : 0 }
  }

  // MARK: Classes

  /// Weights of a choice's options that give the target's shares of classes, all else as it is: the maximum of the likelihood
  /// of the target's classes over the weights, by multiplicative steps (Richardson 1972; Lucy 1974). What is hidden or out of the
  /// picture is accounted for, since only what is seen counts. Nil where the options do not decide about classes.
  func weightsForClasses(_ a: Int) -> [Double]? {
    let (axis, p) = (axes[a], parameters[a])
    guard axis.family == .options else { return nil }
    let weights = values(objectState, objectMixture, objectDraws, nil)
    let sum = p.reduce(0, +)
    let n = target.classes.shares.count
    // Seen objects of each class for a unit of an option's share, and those that do not stand under this choice.
    var seen = [[Double]](repeating: Array(repeating: 0, count: n), count: p.count)
    var others = [Double](repeating: 0, count: n)
    for (i, o) in objects.enumerated() { others[o.category] += weights[i] }
    for d in objectDraws[a] {
      let (option, category) = (Int(d.value), objects[d.unit].category)
      guard p.indices.contains(option), p[option] > 0 else { continue }
      seen[option][category] += weights[d.unit] / (p[option] / sum)
      others[category] -= weights[d.unit]
    }
    for k in others.indices { others[k] = max(0, others[k]) }
    let totals = seen.map { $0.reduce(0, +) }
    // Options whose objects are of the same classes do not decide about them.
    var isDeciding = false
    let first = totals.firstIndex { $0 > 0 }
    for i in p.indices where totals[i] > 0 {
      guard let first else { break }
      let apart = (0..<n).reduce(0) { $0 + abs(seen[i][$1] / totals[i] - seen[first][$1] / totals[first]) }
      if apart > 0.2 { isDeciding = true }
    }
    guard isDeciding else { return nil }
    var q = p.map { $0 / sum }
    for _ in 0..<400 {
      var s = others
      for i in q.indices { for k in 0..<n { s[k] += q[i] * seen[i][k] } }
      let all = s.reduce(0, +)
      guard all > 0 else { return nil }
      for i in q.indices where totals[i] > 0 {
        var up = 0.0
        for k in 0..<n where s[k] > 0 { up += seen[i][k] * target.classes.shares[k] / s[k] }
        q[i] *= up * all / totals[i]
      }
      let total = q.reduce(0, +)
      guard total > 0 else { return nil }
      q = q.map { $0 / total }
    }
    return q.map { $0 * sum }
  }
}
