// What to change in the scene so that its set comes nearer to the real one: one sentence a difference, the gravest first. Each
// says what is so, by how much, and which knob to turn.

import Formats
import Geometry

struct ReportAdvice: Sendable, Equatable {
  /// The statistic that it follows from.
  var key: String
  /// How grave it is: the statistic's Kolmogorov-Smirnov distance, or Jensen-Shannon where there is no order.
  var weight: Double
  var text: String
}

extension DatasetReport {
  var advice: [ReportAdvice] {
    guard let against else { return [] }
    return adviceList(labels, against.statistics, against.comparisons)
  }
}

/// Distances below this are taken for chance.
private let negligible = 0.1

func adviceList(
  _ ours: AnnotationStatistics, _ theirs: AnnotationStatistics, _ comparisons: [StatisticComparison]
) -> [ReportAdvice] {
  guard ours.all.objects > 0, theirs.all.objects > 0 else { return [] }
  var list: [ReportAdvice] = []
  for c in comparisons {
    let weight = c.distance.kolmogorovSmirnov ?? c.distance.jensenShannon
    guard weight >= negligible else { continue }
    func say(_ text: String) { list.append(ReportAdvice(key: c.key, weight: weight, text: text)) }
    switch c.key {
    case "classes": list += classAdvice(ours, theirs, weight)
    case "size": say(sizeAdvice(ours.all.size, theirs.all.size))
    case "log2_aspect":
      if let a = ours.all.aspect.quantile(0.5), let b = theirs.all.aspect.quantile(0.5), abs(a - b) > 0.1 {
        let factor = StableMath.exp2(abs(a - b))
        say(
          "Boxes are \(a < b ? "narrower" : "wider") than the real ones: median width over height "
            + "\(readable(StableMath.exp2(a))) against \(readable(StableMath.exp2(b))). Turn objects or the camera so that "
            + "they show their \(a < b ? "broad" : "narrow") side more often, or \(a < b ? "widen" : "narrow") them by about "
            + "\(readable(factor, digits: 2)).")
      } else {
        say(
          spreadAdvice(
            ours.all.aspect, theirs.all.aspect, "The aspect of boxes", "the poses of objects and the camera's elevation"
          ))
      }
    case "fill":
      if let a = ours.all.fill.quantile(0.5), let b = theirs.all.fill.quantile(0.5) {
        say(
          "Masks fill \(a < b ? "less" : "more") of their boxes than the real ones: \(percent(a)) against \(percent(b)) at the median. "
            + (a < b
              ? "Use more compact shapes, fewer diagonal poses or less occlusion."
              : "Use more slender or ragged shapes, more diagonal poses or more occlusion.")
            + (theirs.all.objects > 0 && b > 0.98
              ? " The real set may hold boxes without masks: then this says nothing." : ""))
      }
    case "x": say(placeAdvice(ours.all.x, theirs.all.x, "left", "right", "width"))
    case "y": say(placeAdvice(ours.all.y, theirs.all.y, "up", "down", "height"))
    case "objects_per_image":
      let (a, b) = (mean(ours), mean(theirs))
      if a > 0, b > 0, max(a / b, b / a) > 1.1 {
        say(
          "A frame has \(a < b ? "fewer" : "more") objects than a real picture: \(readable(a)) against \(readable(b)) on average. "
            + "Multiply the counts of populations by about \(readable(b / a, digits: 2)).")
      } else {
        let (p, q) = (spread(ours.objectsPerImage), spread(theirs.objectsPerImage))
        guard max(p, q) > 1.15 * min(p, q) else {
          say(
            "Objects in a picture have another form than the real set's, though mean and spread agree: look at the plot."
          )
          break
        }
        say(
          "As many objects as in real pictures on average, but \(p < q ? "too evenly" : "too unevenly") spread over the frames: "
            + "standard deviation \(readable(p)) against \(readable(q)). "
            + (p < q
              ? "Draw counts from a wider distribution, such as $poisson." : "Draw counts from a narrower range."))
      }
    case "classes_per_image":
      let (a, b) = (meanIndex(ours.classesPerImage), meanIndex(theirs.classesPerImage))
      guard max(a, b) > 1.02 * min(a, b) else {
        say("Classes in a picture have another form than the real set's, though their mean agrees: look at the plot.")
        break
      }
      say(
        "Frames show \(a < b ? "fewer" : "more") classes together than real pictures: \(readable(a)) against \(readable(b)) on "
          + "average. " + (a < b ? "Mix classes within a frame." : "Let a frame draw from fewer prototypes at a time."))
    default:
      if case .range(let lower, let upper) = c.bins {
        let (a, b) = (meanBin(c.ours, lower, upper), meanBin(c.theirs, lower, upper))
        say(
          "\(c.title): \(readable(a)) against \(readable(b)) on average\(c.unit.isEmpty ? "" : " (\(c.unit))").")
      }
    }
  }
  let (a, b) = (
    Double(ours.all.atBorder) / Double(ours.all.objects), Double(theirs.all.atBorder) / Double(theirs.all.objects)
  )
  if abs(a - b) >= negligible {
    list.append(
      ReportAdvice(
        key: "border", weight: abs(a - b),
        text:
          "\(a < b ? "Fewer" : "More") boxes reach the picture's border than real ones do: \(percent(a)) against \(percent(b)). "
          + (a < b
            ? "Let positions reach beyond what the camera sees, or aim it less exactly."
            : "Keep positions farther inside of what the camera sees.")))
  }
  return list.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(\.element)
}

private func sizeAdvice(_ a: Histogram, _ b: Histogram) -> String {
  guard let x = a.quantile(0.5), let y = b.quantile(0.5), x > 0, y > 0 else { return "Sizes differ." }
  let factor = max(x / y, y / x)
  guard factor > 1.1 else {
    return spreadAdvice(a, b, "The size of boxes", "distance and scale")
  }
  return
    "Objects are \(x < y ? "smaller" : "larger") than the real ones: median \(readable(x, digits: 2)) against "
    + "\(readable(y, digits: 2)) of the picture's side. Bring the camera \(x < y ? "nearer" : "farther away") or "
    + "\(x < y ? "enlarge" : "shrink") them, by about \(readable(factor, digits: 2))."
}

/// Of distributions whose middles agree.
private func spreadAdvice(_ a: Histogram, _ b: Histogram, _ what: String, _ knob: String) -> String {
  guard let p = quartileRange(a), let q = quartileRange(b) else { return "\(what) differs." }
  if max(p, q) > 1.15 * min(p, q), min(p, q) > 0 {
    return
      "\(what) varies \(p < q ? "less" : "more") than the real one: the middle half spans \(readable(p, digits: 2)) against "
      + "\(readable(q, digits: 2)). \(p < q ? "Widen" : "Narrow") the ranges of \(knob), by about "
      + "\(readable(max(p, q) / min(p, q), digits: 2))."
  }
  return
    "\(what) has another form than the real one, though middle and spread agree: look at the plot, and at the ranges of \(knob)."
}

private func placeAdvice(_ a: Histogram, _ b: Histogram, _ less: String, _ more: String, _ side: String) -> String {
  guard let x = a.quantile(0.5), let y = b.quantile(0.5), let p = quartileRange(a), let q = quartileRange(b) else {
    return "Places differ."
  }
  if abs(x - y) > 0.05 {
    return
      "Objects lie farther \(x < y ? less : more) than the real ones: the median of centres is at \(readable(x, digits: 2)) of the "
      + "\(side) against \(readable(y, digits: 2)). Move the camera's target or the objects by \(readable(abs(x - y), digits: 2)) "
      + "of the picture's \(side)."
  }
  guard max(p, q) > 1.15 * min(p, q) else {
    return "Places have another form than the real ones, though middle and spread agree: look at the plots."
  }
  return
    "Objects keep \(p < q ? "nearer to the middle of" : "farther from the middle of") the picture's \(side) than real ones: half of them "
    + "within \(readable(p, digits: 2)) against \(readable(q, digits: 2)). "
    + (p < q
      ? "Spread positions wider, or aim the camera less exactly" : "Draw positions together, or aim the camera at them")
    + ", by about \(readable(max(p, q) / max(min(p, q), 0.01), digits: 2))."
}

private func classAdvice(
  _ ours: AnnotationStatistics, _ theirs: AnnotationStatistics, _ weight: Double
) -> [ReportAdvice] {
  var list: [ReportAdvice] = []
  func share(_ s: AnnotationStatistics, _ name: String) -> Double? {
    let own = s.classes.filter { $0.name == name }
    return own.isEmpty
      ? nil : Double(own.reduce(0) { $0 + $1.shapes.objects }) / Double(max(s.all.objects, 1))
  }
  var names: [String] = []
  for c in ours.classes + theirs.classes where !names.contains(c.name) { names.append(c.name) }
  let missing = names.filter { share(ours, $0) == nil && share(theirs, $0) ?? 0 > 0 }
  let extra = names.filter { share(theirs, $0) == nil && share(ours, $0) ?? 0 > 0 }
  func quoted(_ list: [String]) -> String {
    list.prefix(8).joined(separator: ", ") + (list.count > 8 ? " and \(list.count - 8) more" : "")
  }
  if !missing.isEmpty {
    let lost = missing.reduce(0) { $0 + (share(theirs, $1) ?? 0) }
    list.append(
      ReportAdvice(
        key: "classes", weight: weight,
        text:
          "The real set has classes that the scene has not: \(quoted(missing)) (\(percent(lost)) of its objects). Add them, or map "
          + "names."))
  }
  if !extra.isEmpty {
    list.append(
      ReportAdvice(
        key: "classes", weight: weight,
        text: "The scene has classes that the real set has not: \(quoted(extra)). Leave them out, or map names."))
  }
  let off = names.compactMap { name -> (name: String, a: Double, b: Double)? in
    guard let a = share(ours, name), let b = share(theirs, name), abs(a - b) > 0.01, max(a, b) > 1.25 * min(a, b) else {
      return nil
    }
    return (name, a, b)
  }
  .sorted { abs($0.a - $0.b) > abs($1.a - $1.b) }
  for o in off.prefix(8) {
    let knob =
      o.a > 0 && o.b > 0
      ? "Multiply its weight or count by about \(readable(o.b / o.a, digits: 2))."
      : o.a > 0 ? "Leave it out." : "It never appears: see whether it is hidden or never drawn."
    list.append(
      ReportAdvice(
        key: "classes", weight: weight,
        text:
          "\(o.name) is \(o.a < o.b ? "rarer" : "more frequent") than in the real set: \(percent(o.a)) of the objects against "
          + "\(percent(o.b)). \(knob)"))
  }
  return list
}

private func quartileRange(_ h: Histogram) -> Double? {
  guard let a = h.quantile(0.25), let b = h.quantile(0.75) else { return nil }
  return b - a
}

private func mean(_ s: AnnotationStatistics) -> Double { Double(s.all.objects) / Double(max(s.images, 1)) }

private func meanIndex(_ counts: [Int]) -> Double {
  let n = counts.reduce(0, +)
  return n > 0 ? Double(counts.enumerated().reduce(0) { $0 + $1.offset * $1.element }) / Double(n) : 0
}

/// The standard deviation of counts by number.
private func spread(_ counts: [Int]) -> Double {
  let (m, n) = (meanIndex(counts), Double(max(counts.reduce(0, +), 1)))
  return
    (counts.enumerated().reduce(0.0) { $0 + (Double($1.offset) - m) * (Double($1.offset) - m) * Double($1.element) } / n)
    .squareRoot()
}

private func meanBin(_ weights: [Double], _ lower: Double, _ upper: Double) -> Double {
  let sum = weights.reduce(0, +)
  guard sum > 0 else { return 0 }
  let width = (upper - lower) / Double(weights.count)
  return weights.enumerated().reduce(0.0) { $0 + (lower + (Double($1.offset) + 0.5) * width) * $1.element } / sum
}
