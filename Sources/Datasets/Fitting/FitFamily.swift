import Geometry

/// A kind of distribution of one number, as far as fitting knows it: its density, and how its parameters may move.
///
/// Parameters are the numbers that stand in the scene file, in the order that each case names.
enum FitFamily: Equatable, Sendable {
  /// [low, high], both ends with equal density between.
  case range
  /// [low, high] of a number whose logarithm is uniform.
  case logRange
  /// [low, high] of whole numbers, both included.
  case wholeRange
  /// [extent], or [extent, middle], of a number uniform around a middle, which is `middle` where no parameter says it.
  case extent(middle: Double)
  /// [radius] of a point uniform over a disc (2) or a ball (3), from `inner` on; the number is its distance from the middle.
  case radius(dimensions: Int, inner: Double)
  /// [mean, deviation].
  case normal
  /// [mean, deviation] of the uncut curve.
  case truncatedNormal(low: Double, high: Double)
  /// [mean].
  case poisson
  /// [probability] of 1 against 0.
  case coin
  /// A weight for each option; the number is the option's.
  case options

  /// The density of a number, or its probability where it is one of few; 0 beyond the ends.
  func density(_ x: Double, _ p: [Double]) -> Double {
    switch self {
    case .range: return FitFamily.within(x, p[0], p[1]) ? 1 / (p[1] - p[0]) : 0
    case .logRange:
      return FitFamily.within(x, p[0], p[1]) ? 1 / (x * (StableMath.log(p[1]) - StableMath.log(p[0]))) : 0
    case .wholeRange: return x >= p[0] && x <= p[1] ? 1 / (p[1] - p[0] + 1) : 0
    case .extent(let middle):
      let m = p.count > 1 ? p[1] : middle
      return FitFamily.within(x, m - p[0] / 2, m + p[0] / 2) ? 1 / p[0] : 0
    case .radius(let n, let inner):
      guard FitFamily.within(x, inner, p[0]) else { return 0 }
      return n == 2
        ? 2 * x / (p[0] * p[0] - inner * inner) : 3 * x * x / (p[0] * p[0] * p[0] - inner * inner * inner)
    case .normal:
      let z = (x - p[0]) / p[1]
      return StableMath.exp(-z * z / 2) / p[1]
    case .truncatedNormal(let low, let high):
      guard FitFamily.within(x, low, high) else { return 0 }
      let z = (x - p[0]) / p[1]
      return StableMath.exp(-z * z / 2) / (p[1] * FitFamily.share(low, high, p))
    case .poisson:
      guard x >= 0 else { return 0 }
      var q = StableMath.exp(-p[0])
      for k in stride(from: 1, through: min(x, 2000), by: 1) { q *= p[0] / k }
      return q
    case .coin: return x > 0.5 ? p[0] : 1 - p[0]
    case .options:
      let i = Int(x)
      return p.indices.contains(i) ? p[i] / p.reduce(0, +) : 0
    }
  }

  /// With some room for the rounding of what was drawn.
  private static func within(_ x: Double, _ low: Double, _ high: Double) -> Bool {
    let room = 1e-9 * max(abs(low), abs(high))
    return x >= low - room && x <= high + room && high > low
  }

  /// What the uncut curve has between two ends, times the root of 2 pi and over the deviation: by Simpson's rule over 64 parts,
  /// which is far better than what is learnt from samples.
  private static func share(_ low: Double, _ high: Double, _ p: [Double]) -> Double {
    let (a, b) = (max((low - p[0]) / p[1], -9), min((high - p[0]) / p[1], 9))
    guard b > a else { return 1e-30 }
    let h = (b - a) / 64
    var sum = 0.0
    for i in 0...64 {
      let z = a + h * Double(i)
      sum += (i == 0 || i == 64 ? 1 : i % 2 == 1 ? 4 : 2) * StableMath.exp(-z * z / 2)
    }
    return max(sum * h / 3, 1e-30)
  }

  /// Parameters to try beside `p`.
  ///
  /// - Parameters:
  ///   - step: as a share of the distribution's width, or of a quarter of the width that it began with, if that is more: a range
  ///     that has become narrow can still go on.
  ///   - start: what the scene says.
  func moves(_ p: [Double], step: Double, start: [Double]) -> [[Double]] {
    let factor = 1 + step
    switch self {
    case .range, .logRange, .wholeRange:
      let width = max(p[1] - p[0], (start[1] - start[0]) / 4)
      let d = self == .wholeRange ? max(1, (step * width).rounded()) : step * width
      var list = [
        [p[0] + d, p[1] + d], [p[0] - d, p[1] - d], [p[0] + d, p[1]], [p[0] - d, p[1]], [p[0], p[1] + d],
        [p[0], p[1] - d], [p[0] - d / 2, p[1] + d / 2], [p[0] + d / 2, p[1] - d / 2],
      ]
      if p[0] > 0, self != .wholeRange {
        list += [[p[0] * factor, p[1] * factor], [p[0] / factor, p[1] / factor]]
      }
      return self == .wholeRange ? list.map { $0.map { $0.rounded() } } : list
    case .extent:
      guard p.count > 1 else { return [[p[0] * factor], [p[0] / factor]] }
      let d = step * p[0]
      return [[p[0] * factor, p[1]], [p[0] / factor, p[1]], [p[0], p[1] + d], [p[0], p[1] - d]]
    case .radius, .poisson: return [[p[0] * factor], [p[0] / factor]]
    case .normal, .truncatedNormal:
      let d = 2 * step * p[1]
      return [[p[0] + d, p[1]], [p[0] - d, p[1]], [p[0], p[1] * factor], [p[0], p[1] / factor]]
    case .coin:
      let odds = p[0] / (1 - p[0])
      return [odds * factor, odds / factor].map { [$0 / (1 + $0)] }
    case .options:
      return p.indices.filter { p[$0] > 0 }.flatMap { i in
        [factor, 1 / factor].map { f in
          var q = p
          q[i] *= f
          return q
        }
      }
    }
  }

  /// Whether a distribution is not much narrower than another: samples of a narrow one say little of wider ones, so that a step too
  /// far would be final.
  func keepsWidth(_ p: [Double], of base: [Double]) -> Bool {
    switch self {
    case .range, .logRange: p[1] - p[0] >= 0.6 * (base[1] - base[0])
    case .wholeRange: p[1] - p[0] + 1 >= 0.6 * (base[1] - base[0] + 1)
    case .normal, .truncatedNormal: p[1] >= 0.6 * base[1]
    case .extent, .radius: p[0] >= 0.6 * base[0]
    case .poisson, .coin, .options: true
    }
  }

  /// Parameters as far beyond `q` as it is from `p`, but no narrower: only the middle goes on.
  func beyond(_ p: [Double], _ q: [Double]) -> [Double] {
    switch self {
    case .range, .logRange, .wholeRange:
      let shift = (q[0] + q[1] - p[0] - p[1]) / 2
      return self == .wholeRange ? q.map { ($0 + shift).rounded() } : q.map { $0 + shift }
    case .extent: return q.count > 1 ? [q[0], 2 * q[1] - p[1]] : q
    case .normal, .truncatedNormal: return [2 * q[0] - p[0], q[1]]
    case .poisson: return [q[0] * q[0] / p[0]]
    case .radius, .coin, .options: return q
    }
  }

  /// Parameters of a wider distribution, so that what lies beyond is seen too.
  ///
  /// - Parameter start: what the scene says.
  func widened(_ p: [Double], start: [Double]) -> [Double] {
    switch self {
    case .range, .logRange:
      let d = max(0.3 * (p[1] - p[0]), 0.15 * (start[1] - start[0]))
      return [p[0] > 0 ? max(p[0] - d, p[0] * 0.6) : p[0] - d, p[1] + d]
    case .wholeRange:
      let d = max(2, (0.3 * (p[1] - p[0])).rounded())
      return [p[0] >= 0 ? max(0, p[0] - d) : p[0] - d, p[1] + d]
    case .extent: return [p[0] * 1.5] + p.dropFirst()
    case .radius: return [p[0] * 1.3]
    case .normal, .truncatedNormal: return [p[0], p[1] * 1.5]
    case .poisson: return [p[0] * 1.35]
    case .coin: return [(p[0] + 0.5) / 2]
    case .options:
      let alike = p.reduce(0, +) / Double(max(1, p.count { $0 > 0 }))
      return p.map { $0 > 0 ? ($0 + alike) / 2 : 0 }
    }
  }

  /// Whether parameters are ones that the kind can have, of the sign that they began with.
  ///
  /// - Parameters:
  ///   - start: what the scene said.
  ///   - isFixed: whether nothing may lie beyond what the scene said.
  func admits(_ p: [Double], start: [Double], isFixed: Bool) -> Bool {
    guard p.allSatisfy({ $0.isFinite && abs($0) < 1e12 }) else { return false }
    switch self {
    case .range, .logRange:
      // Not narrower than a hundredth of what it was: that would be a constant.
      guard p[1] - p[0] >= 0.01 * (start[1] - start[0]) else { return false }
      if start[0] > 0, p[0] <= 0 { return false }
      if start[0] >= 0, p[0] < 0 { return false }
      if start[1] <= 0, p[1] > 0 { return false }
      return !isFixed || p[0] >= start[0] && p[1] <= start[1]
    case .wholeRange:
      guard p[0] <= p[1] else { return false }
      if start[0] >= 0, p[0] < 0 { return false }
      return !isFixed || p[0] >= start[0] && p[1] <= start[1]
    case .extent:
      guard p[0] >= 0.01 * start[0] else { return false }
      let shift = p.count > 1 ? abs(p[1] - start[1]) : 0
      return !isFixed || 2 * shift <= start[0] - p[0]
    case .radius(_, let inner): return p[0] > inner && p[0] >= 0.01 * start[0] && (!isFixed || p[0] <= start[0])
    case .normal: return p[1] >= 0.01 * start[1] && p[1] > 0 && (!isFixed || p[1] <= start[1])
    case .truncatedNormal(let low, let high):
      return p[1] >= 0.01 * start[1] && p[1] > 0 && (low - p[0]) / p[1] < 8 && (high - p[0]) / p[1] > -8
    case .poisson: return p[0] >= 0.01 && p[0] <= 500
    case .coin: return p[0] >= 0.001 && p[0] <= 0.999
    case .options: return p.allSatisfy { $0 >= 0 } && p.reduce(0, +) > 0
    }
  }
}
