/// A polynomial in one unknown: `coefficients[k]` goes with the power k.
public struct Polynomial: Hashable, Sendable {
  public var coefficients: [Double]

  public init(_ coefficients: [Double]) { self.coefficients = coefficients }

  /// By Horner's scheme.
  public func callAsFunction(_ x: Double) -> Double {
    var value = 0.0
    for c in coefficients.reversed() { value = value * x + c }
    return value
  }

  public var derivative: Polynomial {
    Polynomial(coefficients.enumerated().dropFirst().map { Double($0.offset) * $0.element })
  }

  public static func + (a: Polynomial, b: Polynomial) -> Polynomial { combine(a, b, 1) }
  public static func - (a: Polynomial, b: Polynomial) -> Polynomial { combine(a, b, -1) }

  private static func combine(_ a: Polynomial, _ b: Polynomial, _ factor: Double) -> Polynomial {
    let count = max(a.coefficients.count, b.coefficients.count)
    return Polynomial(
      (0..<count).map { k in
        (k < a.coefficients.count ? a.coefficients[k] : 0)
          + factor * (k < b.coefficients.count ? b.coefficients[k] : 0)
      })
  }

  public static func * (a: Polynomial, b: Polynomial) -> Polynomial {
    guard !a.coefficients.isEmpty, !b.coefficients.isEmpty else { return Polynomial([]) }
    var product = [Double](repeating: 0, count: a.coefficients.count + b.coefficients.count - 1)
    for (i, x) in a.coefficients.enumerated() {
      for (j, y) in b.coefficients.enumerated() { product[i + j] += x * y }
    }
    return Polynomial(product)
  }

  /// The places in (low, high] where the sign changes, in rising order, each to the last bit that bisection can tell.
  ///
  /// Between two neighbouring extremes a polynomial is monotone and has one change of sign at most; the extremes are the
  /// changes of sign of the derivative, which has one degree less. A root that is only touched is none of these.
  public func signChanges(from low: Double, to high: Double) -> [Double] {
    guard coefficients.contains(where: { $0 != 0 }), coefficients.count > 1 else { return [] }
    var places: [Double] = []
    var a = low
    for b in derivative.signChanges(from: low, to: high) + [high] {
      if let root = signChange(between: a, b) { places.append(root) }
      a = b
    }
    return places
  }

  private func signChange(between a: Double, _ b: Double) -> Double? {
    let (atA, atB) = (self(a), self(b))
    guard (atA < 0) != (atB < 0) else { return nil }
    var (low, high) = (a, b)
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return high }
      if (self(middle) < 0) == (atA < 0) { low = middle } else { high = middle }
    }
  }
}
