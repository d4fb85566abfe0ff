import Documents
import Stage

/// How many objects there are.
struct CountRule: Rule {
  static let manual = Manual(
    name: "count", summary: "The number of objects of a class, or of an id, lies between two limits.",
    sample: "count: {category: car, at_least: 2}")
  static let needsVisibility = false

  var target = RuleTarget()
  var atLeast: Int?
  var atMost: Int?

  static let fields: [Field<CountRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("at_least", \.atLeast, "The least number.", in: .nonNegative),
    Field("at_most", \.atMost, "The largest number.", in: .nonNegative),
  ]

  func judge(_ frame: JudgedFrame) -> Verdict {
    let n = target.instances(frame).count
    let shortfall = max((atLeast ?? 0) - n, n - (atMost ?? Int.max), 0)
    return Verdict(shortfall: Double(shortfall), nearest: "\(n) of \(target.described)")
  }
}

/// How many objects are seen.
struct VisibleRule: Rule {
  static let manual = Manual(
    name: "visible", summary: "At least so many objects are seen, each by a share of itself and a number of pixels.",
    sample: "visible: {category: domino, at_least: 5, fraction: 0.3, pixels: 100}")
  static let needsVisibility = true

  var target = RuleTarget()
  var atLeast = 1
  var fraction = 0.0
  var pixels = 1

  static let fields: [Field<VisibleRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("at_least", \.atLeast, "The least number of objects seen. Default: 1.", in: .nonNegative),
    Field("fraction", \.fraction, "The share of its pixels by which an object counts as seen. Default: 0.", in: .unit),
    Field("pixels", \.pixels, "The pixels by which an object counts as seen. Default: 1.", in: .nonNegative),
  ]

  func judge(_ frame: JudgedFrame) -> Verdict {
    guard let seen = frame.visibility else { return .holds }
    let n = target.instances(frame).filter {
      Double(seen[$0].visiblePixels) * frame.scale >= Double(pixels) && seen[$0].fraction >= fraction
    }.count
    return Verdict(shortfall: Double(max(atLeast - n, 0)), nearest: "\(n) of \(target.described) seen")
  }
}

/// How much every object is seen.
struct EachVisibleRule: Rule {
  static let manual = Manual(
    name: "each_visible", summary: "Every object of a class, or of an id, is seen by at least a share of itself.",
    sample: "each_visible: {objects: hero, fraction: 0.6}")
  static let needsVisibility = true

  var target = RuleTarget()
  var fraction = 0.0

  static let fields: [Field<EachVisibleRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("fraction", \.fraction, "The least visible share.", required: true, in: .unit),
  ]

  func judge(_ frame: JudgedFrame) -> Verdict {
    guard let seen = frame.visibility else { return .holds }
    var worst = (shortfall: 0.0, text: "")
    for i in target.instances(frame) where fraction - seen[i].fraction > worst.shortfall {
      worst = (
        fraction - seen[i].fraction, "\(frame.frame.instances[i].name) visible by \(percent(seen[i].fraction))"
      )
    }
    return Verdict(shortfall: worst.shortfall, nearest: worst.text)
  }
}

/// How large every object is in the picture.
struct SizeRule: Rule {
  static let manual = Manual(
    name: "size", summary: "The visible pixels of every object of a class, or of an id, lie between two limits.",
    sample: "size: {category: sign, at_least: 64, at_most: 40000}")
  static let needsVisibility = true

  var target = RuleTarget()
  var atLeast: Int?
  var atMost: Int?

  static let fields: [Field<SizeRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("at_least", \.atLeast, "The least number of pixels.", in: .nonNegative),
    Field("at_most", \.atMost, "The largest number of pixels.", in: .nonNegative),
  ]

  func judge(_ frame: JudgedFrame) -> Verdict {
    guard let seen = frame.visibility else { return .holds }
    var worst = (shortfall: 0.0, text: "")
    for i in target.instances(frame) {
      let n = Double(seen[i].visiblePixels) * frame.scale
      let shortfall = max(Double(atLeast ?? 0) - n, n - Double(atMost ?? Int.max), 0)
      if shortfall > worst.shortfall {
        worst = (shortfall, "\(frame.frame.instances[i].name) with \(Int(n.rounded())) pixels")
      }
    }
    return Verdict(shortfall: worst.shortfall, nearest: worst.text)
  }
}

/// A share as a percentage with one decimal.
func percent(_ x: Double) -> String { "\((x * 1000).rounded() / 10) %" }
