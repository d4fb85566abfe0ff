import Formats
import Geometry

/// What pictures are to look like, as shares of the bins that `AnnotationStatistics` counts in.
struct FitTarget: Sendable {
  /// One distribution.
  struct Shares: Sendable {
    var shares: [Double]
    /// Of a bin; nil where the bins have no order.
    var width: Double?
    /// The standard deviation, at least the width of a bin: what is far is measured by it.
    var spread: Double

    /// - Parameter wide: whether half the mean is taken where the deviation is less: counts far off are to be told apart.
    init(_ counts: [Double], width: Double?, wide: Bool = false) {
      let sum = counts.reduce(0, +)
      shares = counts.map { sum > 0 ? $0 / sum : 0 }
      self.width = width
      var (mean, square) = (0.0, 0.0)
      for (i, s) in shares.enumerated() { (mean, square) = (mean + s * Double(i), square + s * Double(i) * Double(i)) }
      spread = max(max(square - mean * mean, 0).squareRoot(), 1, wide ? mean / 2 : 0) * (width ?? 1)
    }

    init(_ h: Histogram) {
      self.init(h.counts.map(Double.init), width: (h.upper - h.lower) / Double(h.counts.count))
    }

    /// How far other counts lie: the Jensen-Shannon divergence, which is quadratic near 0 but the same for all that have nothing
    /// in common, and the square of w / (w + spread) with the Wasserstein distance w, which then still says which way is nearer.
    /// From 0 to 2.
    func loss(_ counts: [Double]) -> Double {
      let d = DistributionDistance(counts, shares, binWidth: width)
      let far = d.wasserstein.map { $0 / ($0 + spread) } ?? 0
      return d.jensenShannon * d.jensenShannon + far * far
    }
  }

  var classes: Shares
  var objectsPerImage: Shares
  /// Size, aspect, x, y and overlap of all objects, in the order of `FitTarget.histograms`.
  var shapes: [Shares]
  /// Size and aspect of each class.
  var ofClass: [[Shares]]

  /// Of each statistic of boxes: its key in comparisons, and its part in the whole.
  static let histograms:
    [(key: String, path: any KeyPath<AnnotationStatistics.Shapes, Histogram> & Sendable, weight: Double)] = [
      ("size", \.size, 1), ("log2_aspect", \.aspect, 1), ("x", \.x, 0.7), ("y", \.y, 0.7), ("overlap", \.overlap, 0.5),
    ]
  /// Sizes and aspects of single classes count as half a statistic each over all classes: they tell apart what the sum does not.
  static let classWeight = 0.5

  /// The statistics that are fitted.
  static let keys = ["classes", "objects_per_image"] + histograms.map(\.key)

  init(_ s: AnnotationStatistics) {
    classes = Shares(s.classes.map { Double($0.shapes.objects) }, width: nil)
    // Room for more objects than the fullest picture has.
    let counts = s.objectsPerImage.map(Double.init)
    objectsPerImage = Shares(counts + Array(repeating: 0, count: counts.count + 16), width: 1, wide: true)
    shapes = FitTarget.histograms.map { Shares(s.all[keyPath: $0.path]) }
    ofClass = s.classes.map { c in [Shares(c.shapes.size), Shares(c.shapes.aspect)] }
  }

  /// Counts in the target's bins.
  struct Counts {
    var classes: [Double]
    var objectsPerImage: [Double]
    var shapes: [[Double]]
    var ofClass: [[[Double]]]

    init(like t: FitTarget) {
      classes = Array(repeating: 0, count: t.classes.shares.count)
      objectsPerImage = Array(repeating: 0, count: t.objectsPerImage.shares.count)
      shapes = t.shapes.map { Array(repeating: 0, count: $0.shares.count) }
      ofClass = t.ofClass.map { $0.map { Array(repeating: 0, count: $0.shares.count) } }
    }
  }

  /// The sum of all statistics' losses.
  func loss(_ c: Counts) -> Double {
    var sum = classes.loss(c.classes) + objectsPerImage.loss(c.objectsPerImage)
    for (i, h) in FitTarget.histograms.enumerated() { sum += h.weight * shapes[i].loss(c.shapes[i]) }
    guard classes.shares.count > 1 else { return sum }
    for (k, share) in classes.shares.enumerated() where share > 0 && c.classes[k] > 0 {
      for (i, s) in ofClass[k].enumerated() { sum += FitTarget.classWeight * share * s.loss(c.ofClass[k][i]) }
    }
    return sum
  }
}

extension FitTarget.Counts {
  /// Of a drawn set, whose pictures may hold more objects than the target has bins for.
  init(_ s: AnnotationStatistics, like t: FitTarget) {
    self.init(like: t)
    classes = s.classes.map { Double($0.shapes.objects) }
    for (n, count) in s.objectsPerImage.enumerated() {
      objectsPerImage[min(n, objectsPerImage.count - 1)] += Double(count)
    }
    shapes = FitTarget.histograms.map { s.all[keyPath: $0.path].counts.map(Double.init) }
    ofClass = s.classes.map { c in [c.shapes.size, c.shapes.aspect].map { $0.counts.map(Double.init) } }
  }
}
