import Documents
import Sampling

/// One number that a scene draws, or one choice that it makes, whose distribution may be changed.
struct FitAxis: Sendable {
  /// How the number follows from what the distribution gave.
  enum Reading: Equatable, Sendable {
    case component(Int)
    /// The distance from a point, over the first so many components.
    case distance([Double])
    case option
  }

  /// Where a parameter stands.
  enum Slot: Equatable, Sendable {
    case number(Mark)
    /// A weight that is not written yet.
    case implied
  }

  var site: DistributionSite
  var family: FitFamily
  var reading: Reading
  var slots: [Slot]
  /// What the scene says.
  var start: [Double]
  var steps: [DecimalStep]
  /// Which of several numbers, as in `position[0]`; empty where there is one.
  var part = ""
  /// Whether it decides how many objects there are.
  var isCount: Bool
  /// Whether nothing may lie beyond what the scene says: there the scene's own fields end.
  var isFixed = false

  var path: String { (site.paths.first ?? "") + part }

  /// The number; nil where the draw gives none.
  func value(of draw: LoggedDraw) -> Double? {
    if case .option(let i) = draw.outcome { return reading == .option ? Double(i) : nil }
    let numbers = draw.numbers
    switch reading {
    case .component(let i): return i < numbers.count ? numbers[i] : nil
    case .distance(let point):
      guard numbers.count >= point.count else { return nil }
      var square = 0.0
      for (x, y) in zip(numbers, point) { square += (x - y) * (x - y) }
      return square.squareRoot()
    case .option: return nil
    }
  }

  /// The nearest parameters that can be written. Weights keep the sum that they have in the scene.
  func rounded(_ p: [Double]) -> [Double] {
    var p = p
    if family == .options {
      let (sum, wanted) = (p.reduce(0, +), start.reduce(0, +))
      if sum > 0 { p = p.map { $0 * wanted / sum } }
    }
    return zip(p, steps).map { $1.rounded($0) }
  }

  func text(_ p: [Double]) -> String {
    let numbers = zip(p, steps).map { $1.text($0) }
    return numbers.count == 1 ? numbers[0] : "[" + numbers.joined(separator: ", ") + "]"
  }

  func admits(_ p: [Double]) -> Bool { family.admits(p, start: start, isFixed: isFixed) }

  /// What to change in the text.
  func changes(to p: [Double]) -> [SceneChange] {
    var list: [SceneChange] = []
    var implied = [String?](repeating: nil, count: p.count)
    for (i, slot) in slots.enumerated() {
      switch slot {
      case .number(let mark): if p[i] != start[i] { list.append(.number(mark, to: steps[i].text(p[i]))) }
      case .implied: if site.kind != "variants" || start[i] > 0 { implied[i] = steps[i].text(p[i]) }
      }
    }
    guard p != start, implied.contains(where: { $0 != nil }) else { return list }
    if site.kind == "variants" { return list + [.variantWeights(site.mark, implied)] }
    return list + [.weights(site.mark, name: site.kind == "quota" ? "shares" : "weights", implied.compactMap { $0 })]
  }
}

extension LoggedDraw {
  /// What was drawn as numbers: one, those of a list or of a mapping, or 0 and 1 for false and true.
  fileprivate var numbers: [Double] {
    guard case .value(let node) = outcome else { return [] }
    if let x = node.number { return [x] }
    var list: [Double] = []
    if case .sequence(let items) = node.content {
      for item in items { if let x = item.number { list.append(x) } }
    } else if case .mapping(let members) = node.content {
      for m in members { if let x = m.value.number { list.append(x) } }
    } else if case .boolean(let b) = node.content {
      list.append(b ? 1 : 0)
    }
    return list
  }
}
