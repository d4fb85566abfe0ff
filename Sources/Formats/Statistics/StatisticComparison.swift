// Two sets beside each other, one statistic after the other.

/// One statistic of two sets.
public struct StatisticComparison: Equatable, Sendable {
  /// What the bins are.
  public enum Bins: Equatable, Sendable {
    /// Of equal widths over a range.
    case range(lower: Double, upper: Double)
    /// Names without an order.
    case names([String])
  }

  /// As it stands in JSON and in `--require`: "size", "classes".
  public var key: String
  /// For people: "size of boxes".
  public var title: String
  /// Of the values; empty for shares and counts.
  public var unit: String
  public var bins: Bins
  /// Counts of the one set and of the other.
  public var ours: [Double]
  public var theirs: [Double]
  public var distance: DistributionDistance

  public init(
    key: String, title: String, unit: String = "", bins: Bins, ours: [Double], theirs: [Double]
  ) {
    (self.key, self.title, self.unit, self.bins, self.ours, self.theirs) = (key, title, unit, bins, ours, theirs)
    var width: Double?
    if case .range(let lower, let upper) = bins { width = (upper - lower) / Double(max(ours.count, 1)) }
    distance = DistributionDistance(ours, theirs, binWidth: width)
  }
}

extension AnnotationStatistics {
  /// Each statistic of these beside the other set's. Classes are the same where their names are; a class that only one has
  /// counts with 0 for the other.
  public func compared(with other: AnnotationStatistics) -> [StatisticComparison] {
    var list = [classComparison(with: other)]
    let histograms: [(String, String, String, KeyPath<Shapes, Histogram>)] = [
      ("size", "size of boxes", "square root of the picture's share", \.size),
      ("log2_aspect", "aspect of boxes", "log2 of width over height", \.aspect),
      ("fill", "share of the box that the mask fills", "", \.fill),
      ("x", "place from left to right", "share of the width", \.x),
      ("y", "place from top to bottom", "share of the height", \.y),
      ("overlap", "share of the box under another box", "", \.overlap),
    ]
    for (key, title, unit, path) in histograms {
      let (a, b) = (all[keyPath: path], other.all[keyPath: path])
      list.append(
        StatisticComparison(
          key: key, title: title, unit: unit, bins: .range(lower: a.lower, upper: a.upper),
          ours: a.counts.map(Double.init), theirs: b.counts.map(Double.init)))
    }
    list.append(
      AnnotationStatistics.compare(
        key: "objects_per_image", title: "objects in a picture", objectsPerImage, other.objectsPerImage))
    list.append(
      AnnotationStatistics.compare(
        key: "classes_per_image", title: "classes in a picture", classesPerImage, other.classesPerImage))
    return list
  }

  private func classComparison(with other: AnnotationStatistics) -> StatisticComparison {
    var names: [String] = []
    var place: [String: Int] = [:]
    for c in classes + other.classes where place[c.name] == nil {
      place[c.name] = names.count
      names.append(c.name)
    }
    func counts(_ s: AnnotationStatistics) -> [Double] {
      var list = [Double](repeating: 0, count: names.count)
      for c in s.classes { list[place[c.name]!] += Double(c.shapes.objects) }
      return list
    }
    return StatisticComparison(
      key: "classes", title: "objects of each class", bins: .names(names), ours: counts(self), theirs: counts(other))
  }

  /// Counts of pictures by a whole number from 0: a bin around each.
  private static func compare(key: String, title: String, _ a: [Int], _ b: [Int]) -> StatisticComparison {
    let n = max(a.count, b.count, 1)
    func padded(_ list: [Int]) -> [Double] {
      list.map(Double.init) + Array(repeating: 0, count: n - list.count)
    }
    return StatisticComparison(
      key: key, title: title, bins: .range(lower: -0.5, upper: Double(n) - 0.5), ours: padded(a), theirs: padded(b))
  }
}
