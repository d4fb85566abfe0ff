// Counts of values whose range nobody knows beforehand, in little memory.

import Geometry

/// A histogram that widens its bins as values come. Bins are `[k w, (k + 1) w)` with w a power of two: the least with which
/// all values lie in `capacity` neighbouring bins. So the counts follow from the values alone, whatever their order, and two
/// histograms can be put together.
public struct WideningHistogram: Equatable, Sendable {
  /// The most bins.
  public static let capacity = 256
  /// Exponents of the narrowest and of the widest bins. Values beyond 2^60 count as 2^60.
  private static let exponents = -40...55

  private var exponent = WideningHistogram.exponents.lowerBound
  /// The number k of the first bin.
  private var first = 0
  private var counts: [Int] = []
  /// Of all values.
  public private(set) var total = 0
  public private(set) var least = Double.infinity
  public private(set) var greatest = -Double.infinity
  private var sum = 0.0

  public init() {}

  /// Nil where there is no value.
  public var mean: Double? { total > 0 ? sum / Double(total) : nil }
  /// Of a bin.
  public var width: Double { StableMath.exp2(Double(exponent)) }

  /// Values that are no numbers are left out.
  public mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    let x = min(max(value, -0x1p60), 0x1p60)
    total += 1
    sum += x
    (least, greatest) = (min(least, x), max(greatest, x))
    include(least, greatest)
    counts[bin(x) - first] += 1
  }

  /// Takes another's values in.
  public mutating func add(_ other: WideningHistogram) {
    guard other.total > 0 else { return }
    var other = other
    (least, greatest) = (min(least, other.least), max(greatest, other.greatest))
    include(least, greatest)
    other.include(least, greatest)
    total += other.total
    sum += other.sum
    for i in counts.indices { counts[i] += other.counts[i] }
  }

  /// The value below which a share of all lie, linear within its bin and never beyond what came; nil where none came.
  public func quantile(_ share: Double) -> Double? {
    guard total > 0 else { return nil }
    let wanted = share * Double(total)
    var below = 0.0
    for (i, c) in counts.enumerated() where c > 0 {
      if below + Double(c) >= wanted {
        let x = (Double(first + i) + max(0, (wanted - below) / Double(c))) * width
        return min(max(x, least), greatest)
      }
      below += Double(c)
    }
    return greatest
  }

  /// The values in bins over a range, those beyond its ends in its first and last bins; a bin of this one that lies over an
  /// edge goes where its middle is.
  ///
  /// - Precondition: the range has a width, and there is at least one bin.
  public func histogram(_ range: ClosedRange<Double>, bins: Int) -> Histogram {
    var h = Histogram(range, bins: bins)
    for (i, c) in counts.enumerated() where c > 0 {
      // A single value lies where it is; a bin of several in its middle.
      let middle = (Double(first + i) + 0.5) * width
      h.add(min(max(middle, least), greatest), times: c)
    }
    return h
  }

  private func bin(_ x: Double) -> Int { Int((x / width).rounded(.down)) }

  /// Widens until both lie in it, and makes room for them.
  private mutating func include(_ low: Double, _ high: Double) {
    while exponent < WideningHistogram.exponents.upperBound {
      let (a, b) = ((low / width).rounded(.down), (high / width).rounded(.down))
      if b - a < Double(WideningHistogram.capacity), abs(a) < 0x1p60, abs(b) < 0x1p60 { break }
      widen()
    }
    let (a, b) = (bin(low), bin(high))
    if counts.isEmpty {
      first = a
      counts = Array(repeating: 0, count: b - a + 1)
      return
    }
    if a < first {
      counts.insert(contentsOf: repeatElement(0, count: first - a), at: 0)
      first = a
    }
    if b >= first + counts.count { counts += repeatElement(0, count: b - first - counts.count + 1) }
  }

  /// Bins twice as wide.
  private mutating func widen() {
    exponent += 1
    guard !counts.isEmpty else { return }
    let start = first >> 1
    var wider = [Int](repeating: 0, count: ((first + counts.count - 1) >> 1) - start + 1)
    for (i, c) in counts.enumerated() { wider[((first + i) >> 1) - start] += c }
    (first, counts) = (start, wider)
  }
}
