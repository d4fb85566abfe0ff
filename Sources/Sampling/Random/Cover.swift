import Geometry

/// A way to spread the uniform numbers of a parameter evenly over the N frames of a dataset. The number of a frame is a
/// pure function of the frame's index and N, so that shards need not know of each other.
///
/// Where a frame is drawn again because it broke a rule, its number stays in the same N-th part of the unit interval, so
/// that the evenness survives.
enum Cover: Sendable, Hashable {
  /// One number in each N-th part of the interval, every dimension in an order of its own: a Latin hypercube.
  case latin
  /// All dimensions together: the unit cube of the first `dimensions` is cut into cells, each of which is met equally
  /// often to within one frame, and the rest of the frames fall anywhere.
  case stratified(dimensions: Int)
  /// The scrambled Sobol sequence.
  case sobol
  /// The middles of `steps` equal parts, the first dimension fastest.
  case grid(steps: [Int])

  func value(frame: Int, frameCount: Int, dimension: Int, key: UInt64, own: Double, isFirst: Bool) -> Double {
    let n = max(frameCount, 1)
    let i = frame % n
    switch self {
    case .latin:
      let place = IndexPermutation(count: n, key: PathHash(bits: key).element(dimension).bits)(i)
      return min((Double(place) + own) / Double(n), 1 - 0x1p-53)
    case .stratified(let dimensions):
      guard dimension < dimensions else { return own }
      // The largest number of parts a side whose cells are no more than the frames.
      var side = max(Int(StableMath.pow(Double(n), 1 / Double(dimensions)).rounded(.down)), 1)
      func cells(_ s: Int) -> Int { (0..<dimensions).reduce(1) { p, _ in p > n ? p : p * s } }
      while cells(side + 1) <= n { side += 1 }
      while side > 1, cells(side) > n { side -= 1 }
      let all = cells(side)
      let place = IndexPermutation(count: n, key: key)(i)
      guard place < n / all * all else { return own }
      var cell = place % all
      for _ in 0..<dimension { cell /= side }
      return min((Double(cell % side) + own) / Double(side), 1 - 0x1p-53)
    case .sobol:
      let value = Sobol.value(index: UInt32(truncatingIfNeeded: i), dimension: dimension, key: key)
      if isFirst { return value }
      return min(((value * Double(n)).rounded(.down) + own) / Double(n), 1 - 0x1p-53)
    case .grid(let steps):
      guard dimension < steps.count else { return own }
      var cell = frame
      for s in steps[..<dimension] { cell /= s }
      return (Double(cell % steps[dimension]) + 0.5) / Double(steps[dimension])
    }
  }
}
