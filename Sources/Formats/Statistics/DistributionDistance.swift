// How far two distributions lie apart, from their counts in the same bins.

import Geometry

/// Distances of two distributions. 0 where they are alike.
public struct DistributionDistance: Equatable, Sendable {
  /// Jensen-Shannon distance: the square root of the divergence with logarithms to base 2 (Lin 1991; Endres and Schindelin
  /// 2003), from 0 to 1. As `scipy.spatial.distance.jensenshannon(p, q, 2)`.
  public var jensenShannon: Double
  /// Kolmogorov-Smirnov: the largest difference of the shares below a value, from 0 to 1, taken at the bins' edges; nil where
  /// the bins have no order (classes).
  public var kolmogorovSmirnov: Double?
  /// Wasserstein, the earth mover's, of the first order, in the values' unit: with each bin's share in its middle, as
  /// `scipy.stats.wasserstein_distance(middles, middles, p, q)`; nil where the bins have no order.
  public var wasserstein: Double?

  public init(jensenShannon: Double, kolmogorovSmirnov: Double? = nil, wasserstein: Double? = nil) {
    (self.jensenShannon, self.kolmogorovSmirnov) = (jensenShannon, kolmogorovSmirnov)
    self.wasserstein = wasserstein
  }

  /// Between weights of the same bins, which need not sum to 1. An empty side lies as far as can be: Jensen-Shannon and
  /// Kolmogorov-Smirnov are 1, Wasserstein is the range's width; two empty sides are alike.
  ///
  /// - Parameters:
  ///   - p: weights of the bins, none below 0.
  ///   - q: likewise, as many.
  ///   - binWidth: of bins in order; nil for bins without.
  /// - Precondition: as many of one as of the other.
  public init(_ p: [Double], _ q: [Double], binWidth: Double?) {
    precondition(p.count == q.count, "the same bins")
    let (sumP, sumQ) = (p.reduce(0, +), q.reduce(0, +))
    guard sumP > 0, sumQ > 0 else {
      let isSame = sumP == sumQ
      jensenShannon = isSame ? 0 : 1
      kolmogorovSmirnov = binWidth.map { _ in isSame ? 0 : 1 }
      wasserstein = binWidth.map { isSame ? 0 : $0 * Double(p.count) }
      return
    }
    var divergence = 0.0
    var (below, largest, area) = (0.0, 0.0, 0.0)
    for (a, b) in zip(p, q) {
      let (a, b) = (a / sumP, b / sumQ)
      let middle = (a + b) / 2
      if a > 0 { divergence += a / 2 * StableMath.log2(a / middle) }
      if b > 0 { divergence += b / 2 * StableMath.log2(b / middle) }
      below += a - b
      largest = max(largest, abs(below))
      area += abs(below)
    }
    jensenShannon = max(0, min(1, divergence)).squareRoot()
    kolmogorovSmirnov = binWidth.map { _ in min(1, largest) }
    // Of the last bin nothing is left but rounding.
    wasserstein = binWidth.map { $0 * max(0, area - abs(below)) }
  }
}

extension Histogram {
  /// - Precondition: both have the same bins.
  public func distance(to other: Histogram) -> DistributionDistance {
    precondition(lower == other.lower && upper == other.upper, "the same bins")
    return DistributionDistance(
      counts.map(Double.init), other.counts.map(Double.init), binWidth: (upper - lower) / Double(counts.count))
  }
}
