import Documents

/// Counts of values in bins of equal widths. Values beyond the ends are counted in the first and the last bin: nothing is lost.
public struct Histogram: Equatable, Sendable {
  public let lower: Double
  public let upper: Double
  public private(set) var counts: [Int]

  /// - Precondition: `lower` is below `upper` and there is at least one bin.
  public init(_ range: ClosedRange<Double>, bins: Int) {
    precondition(range.lowerBound < range.upperBound && bins > 0)
    (lower, upper, counts) = (range.lowerBound, range.upperBound, Array(repeating: 0, count: bins))
  }

  public var total: Int { counts.reduce(0, +) }

  public mutating func add(_ value: Double, times: Int = 1) { counts[bin(of: value)] += times }

  /// Where a value is counted.
  public func bin(of value: Double) -> Int {
    let place = (value - lower) / (upper - lower) * Double(counts.count)
    return place < 0 ? 0 : min(Int(min(place, 1e9)), counts.count - 1)
  }

  /// The value below which a share of all lie, linear within its bin; nil where there are none.
  public func quantile(_ share: Double) -> Double? {
    let n = total
    guard n > 0 else { return nil }
    let wanted = share * Double(n)
    var below = 0.0
    for (i, c) in counts.enumerated() where c > 0 {
      if below + Double(c) >= wanted {
        let part = (wanted - below) / Double(c)
        return lower + (Double(i) + max(0, part)) * (upper - lower) / Double(counts.count)
      }
      below += Double(c)
    }
    return upper
  }

  package func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("lower", lower)
    w.member("upper", upper)
    w.key("counts")
    w.list(counts)
    w.endObject()
  }
}
