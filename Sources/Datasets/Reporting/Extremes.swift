// Outliers worth a look: of each kind the few most extreme values of the set, shown only where they lie beyond Tukey's outer
// fences: more than three times the distance of the quartiles away from the nearer of them ("far out"; Tukey, "Exploratory Data
// Analysis", 1977).

import Formats

/// A value that stands out, and where.
struct Extreme: Sendable, Equatable {
  var value: Double
  var frame: Int
  /// Nil where it is about the frame as a whole.
  var instance: UInt32?
  /// Class of the instance.
  var category: Int?
}

/// The few largest or smallest of many values; of equals those that came first.
struct ExtremeList: Sendable {
  let isLargest: Bool
  private(set) var list: [Extreme] = []

  static let length = 3

  init(largest: Bool) { isLargest = largest }

  mutating func add(_ value: Double, frame: Int, instance: UInt32? = nil, category: Int? = nil) {
    if list.count == ExtremeList.length, let last = list.last, !isBefore(value, last.value) { return }
    let place = list.firstIndex { isBefore(value, $0.value) } ?? list.count
    list.insert(Extreme(value: value, frame: frame, instance: instance, category: category), at: place)
    if list.count > ExtremeList.length { list.removeLast() }
  }

  private func isBefore(_ a: Double, _ b: Double) -> Bool { isLargest ? a > b : a < b }
}

/// Values of one kind, gathered as they come.
struct OutlierWatch: Sendable {
  private var histogram = WideningHistogram()
  private var smallest = ExtremeList(largest: false)
  private var largest = ExtremeList(largest: true)

  init() {}

  mutating func add(_ value: Double, frame: Int, instance: UInt32? = nil, category: Int? = nil) {
    histogram.add(value)
    smallest.add(value, frame: frame, instance: instance, category: category)
    largest.add(value, frame: frame, instance: instance, category: category)
  }

  /// The middle value.
  var median: Double? { histogram.quantile(0.5) }

  /// Those beyond the fences, the most extreme first. A set whose middle half is of one value has no fences.
  func outliers(largest isLargest: Bool) -> [Extreme] {
    guard let a = histogram.quantile(0.25), let b = histogram.quantile(0.75), b > a, histogram.total >= 20 else {
      return []
    }
    let reach = 3 * (b - a)
    return (isLargest ? largest : smallest).list.filter { isLargest ? $0.value > b + reach : $0.value < a - reach }
  }
}
