// The figures that CI can require of a dataset, each with a name: `--require "balance>0.8"`.

import Documents
import Formats
import Sampling

/// A figure of a report.
public struct ReportMetric: Sendable {
  public var name: String
  /// What it is, with unit and range.
  public var meaning: String
  /// Why it is not known where its value is nil.
  var need: String
  let value: @Sendable (DatasetReport) -> Double?

  init(
    _ name: String, _ meaning: String, need: String = "", _ value: @escaping @Sendable (DatasetReport) -> Double?
  ) {
    (self.name, self.meaning, self.need, self.value) = (name, meaning, need, value)
  }

  /// All of them, in the order of the documentation.
  public static let all: [ReportMetric] = plain + distances

  private static let plain: [ReportMetric] = [
    ReportMetric("frames", "frames of the dataset") { Double($0.frames) },
    ReportMetric("objects", "labels: instances that at least one pixel sees") { Double($0.objects) },
    ReportMetric("hidden_objects", "share of the listed instances that no pixel sees, 0 to 1") { r in
      share(r.records.all.listed - r.records.all.seen, r.records.all.listed)
    },
    ReportMetric("classes", "classes with at least one label") { r in Double(r.classCounts.count { $0 > 0 }) },
    ReportMetric("missing_classes", "classes of the dataset without a label") { r in
      Double(r.classCounts.count { $0 == 0 })
    },
    ReportMetric("balance", "class balance: normalized entropy of the labels' classes, 0 (one class) to 1 (all alike)")
    {
      $0.balance
    },
    ReportMetric("rarest_class", "share of the labels that the rarest class has, 0 to 1") { r in
      share(r.classCounts.min() ?? 0, r.classCounts.reduce(0, +))
    },
    ReportMetric("objects_per_frame", "labels of a frame, on average") { r in
      Double(r.objects) / Double(max(r.frames, 1))
    },
    ReportMetric("empty_frames", "share of the frames without a label, 0 to 1") { r in share(r.labels.empty, r.frames)
    },
    ReportMetric("size_median", "median size of boxes: square root of the picture's share, 0 to 1", need: noLabels) {
      $0.labels.all.size.quantile(0.5)
    },
    ReportMetric(
      "small_objects", "share of the labels of fewer than 32 x 32 pixels (COCO's small), 0 to 1", need: noLabels
    ) {
      r in share(r.labels.all.small, r.labels.all.objects)
    },
    ReportMetric("tiny_boxes", "share of the boxes with a side under 4 pixels, 0 to 1", need: noLabels) { r in
      share(r.records.all.tiny, r.objects)
    },
    ReportMetric("border_objects", "share of the boxes that reach the picture's border, 0 to 1", need: noLabels) { r in
      share(r.labels.all.atBorder, r.labels.all.objects)
    },
    ReportMetric(
      "centred", "share of the boxes whose centre lies in the middle ninth of the picture, 0 to 1", need: noLabels
    ) {
      r in share(r.records.centred, r.objects)
    },
    ReportMetric(
      "position_spread", "normalized entropy of the boxes' centres over 16 x 16 cells, 0 to 1", need: noLabels
    ) {
      r in r.objects > 0 ? normalizedEntropy(r.labels.centres) : nil
    },
    ReportMetric("visibility_mean", "mean visibility of labels, 0 to 1", need: noVisibility) { r in
      r.records.all.known > 0 ? r.records.all.visibility / Double(r.records.all.known) : nil
    },
    ReportMetric("occluded_objects", "share of the labels less than 99 % visible, 0 to 1", need: noVisibility) { r in
      share(r.records.all.known - r.records.all.wholly, r.records.all.known)
    },
    ReportMetric(
      "viewpoint_spread", "normalized entropy of viewpoints over azimuths of 10 degrees, 0 to 1", need: noLabels
    ) {
      r in r.objects > 0 ? normalizedEntropy(r.records.azimuth.counts) : nil
    },
    ReportMetric("brightness", "mean luma of the pictures that were read, 0 to 255", need: noPictures) { r in
      mean(r) { $0.brightness }
    },
    ReportMetric("contrast", "mean RMS contrast of the pictures that were read, 0 to 128", need: noPictures) { r in
      mean(r) { $0.contrast }
    },
    ReportMetric("saturation", "mean saturation of the pictures that were read, 0 to 1", need: noPictures) { r in
      mean(r) { $0.saturation }
    },
    ReportMetric("degenerate_pictures", "pictures of one colour, of those that were read", need: noPictures) { r in
      r.read.isEmpty ? nil : Double(r.degenerate.count)
    },
    ReportMetric("missing_pictures", "pictures whose file is missing, of those that were to be read") { r in
      Double(r.missing.count)
    },
    ReportMetric("equal_pictures", "share of all frames whose picture an earlier frame has, to the pixel, 0 to 1") {
      r in
      share(r.equals.repeats, r.frames)
    },
    ReportMetric(
      "near_duplicates", "share of the frames read that resemble an earlier one in picture and labels, 0 to 1",
      need: noPictures
    ) {
      r in share(r.nearDuplicateFrames, r.read.count)
    },
    ReportMetric(
      "leaks", "sequences, pictures, near duplicates and group values that lie in two parts of the split",
      need: "the dataset was not split"
    ) {
      r in r.partNames.isEmpty ? nil : Double(r.leaks.count)
    },
    ReportMetric(
      "parameter_coverage",
      "the least share of its asked range, or of its options, that a parameter came out in, 0 to 1",
      need: "it takes the scene: --scene or --assets"
    ) {
      r in r.drawn?.parameters.flatMap(\.evenCoverage).min()
    },
    ReportMetric("warnings", "warnings of the report, notes not counted") { r in
      Double(r.warnings.count { $0.severity == .warning })
    },
  ]

  /// `size.js`, `size.ks`, `size.wasserstein` and so on: of every statistic that two sets share.
  private static let distances: [ReportMetric] = {
    let none = AnnotationStatistics(classes: [])
    var list: [ReportMetric] = []
    for c in none.compared(with: none) {
      let key = c.key
      let need = "it takes --against"
      list.append(
        ReportMetric("\(key).js", "\(c.title): Jensen-Shannon distance to the real set, 0 to 1", need: need) {
          r in r.against?.comparisons.first { $0.key == key }?.distance.jensenShannon
        })
      guard case .range = c.bins else { continue }
      list.append(
        ReportMetric("\(key).ks", "\(c.title): Kolmogorov-Smirnov distance, 0 to 1", need: need) { r in
          r.against?.comparisons.first { $0.key == key }?.distance.kolmogorovSmirnov
        })
      list.append(
        ReportMetric("\(key).wasserstein", "\(c.title): Wasserstein distance, in the values' unit", need: need) { r in
          r.against?.comparisons.first { $0.key == key }?.distance.wasserstein
        })
    }
    return list
  }()

  /// Whether it speaks of the set given by `--against`.
  public var isDistance: Bool { name.contains(".") }

  private static let noLabels = "the dataset has no label"
  private static let noVisibility = "the dataset has no visibility: render it with --annotations visibility"
  private static let noPictures = "no picture was read"

  private static func share(_ n: Int, _ all: Int) -> Double? { all > 0 ? Double(n) / Double(all) : nil }

  private static func mean(_ r: DatasetReport, _ value: (PictureSummary) -> Double) -> Double? {
    let list = r.kept.compactMap { $0.picture.map(value) }
    return list.isEmpty ? nil : list.reduce(0, +) / Double(list.count)
  }
}

extension ParameterStatistics {
  /// Coverage of ranges that are to be met as a whole, and of options; only where enough was drawn to tell.
  var evenCoverage: [Double] {
    switch asked {
    case .numbers(_, let isEven): return isEven && values.values >= ParameterStatistics.enough ? coverage : []
    case .options(_, let shares):
      // Each option is to be expected five times at least.
      return Double(values.values) * (shares.filter { $0 > 0 }.min() ?? 0) >= 5 ? coverage : []
    case .spread, nil: return []
    }
  }

  /// Of so many uniform draws the range between the least and the greatest is below 0.9 in one of 10,000 cases.
  static let enough = 100
}

/// `balance>0.8`: what a dataset has to satisfy.
public struct ReportRequirement: Sendable, Equatable {
  public enum Relation: String, Sendable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case equal = "=="
    case above = ">"
    case below = "<"
  }

  public var metric: String
  public var relation: Relation
  public var bound: Double
  /// As it was written.
  public var text: String

  /// - Throws: what is wrong with it, in words; an unknown metric names the nearest.
  public init(_ text: String) throws(ReportRequirementError) {
    self.text = text
    let plain = text.filter { $0 != " " }
    guard let place = plain.firstIndex(where: { "<>=".contains($0) }) else {
      throw ReportRequirementError(
        "found \"\(text)\", expected a metric, one of >= <= == > <, and a number, such as balance>0.8")
    }
    let name = String(plain[..<place])
    var rest = plain[place...]
    guard let relation = Relation.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      throw ReportRequirementError("found \"\(text)\", expected one of >= <= == > < between metric and number")
    }
    rest = rest.dropFirst(relation.rawValue.count)
    // Divided rather than multiplied by 0.01: 35 % is 0.35 to the bit.
    var divisor = 1.0
    if rest.hasSuffix("%") {
      rest = rest.dropLast()
      divisor = 100
    }
    guard let x = Double(rest), x.isFinite else {
      throw ReportRequirementError("found \"\(text)\", expected a number behind \(relation.rawValue)")
    }
    let names = ReportMetric.all.map(\.name)
    guard names.contains(name) else {
      let hint =
        nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" }
        ?? ": one of \(names.joined(separator: ", "))"
      throw ReportRequirementError("found the metric \"\(name)\", expected one that there is\(hint)")
    }
    (metric, self.relation, bound) = (name, relation, x / divisor)
  }

  func holds(_ x: Double) -> Bool {
    switch relation {
    case .atLeast: x >= bound
    case .atMost: x <= bound
    case .equal: x == bound
    case .above: x > bound
    case .below: x < bound
    }
  }
}

public struct ReportRequirementError: Error, CustomStringConvertible {
  public var description: String
  init(_ description: String) { self.description = description }
}

/// A requirement and what came of it.
public struct RequirementOutcome: Sendable {
  public var requirement: ReportRequirement
  /// Nil where it is not known.
  public var value: Double?
  public var isMet: Bool
  /// One line: "balance>0.8: found 0.62".
  public var description: String
}

extension DatasetReport {
  public func outcomes(of requirements: [ReportRequirement]) -> [RequirementOutcome] {
    requirements.map { r in
      let metric = ReportMetric.all.first { $0.name == r.metric }
      guard let value = metric?.value(self) else {
        return RequirementOutcome(
          requirement: r, value: nil, isMet: false,
          description: "\(r.text): not known: \(metric?.need ?? "no such metric")")
      }
      let isMet = r.holds(value)
      return RequirementOutcome(
        requirement: r, value: value, isMet: isMet, description: "\(r.text): found \(readable(value, digits: 4))")
    }
  }
}
