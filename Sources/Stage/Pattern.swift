import Documents

/// A procedural texture: a value from 0 to 1 over the unit square that tiles in both directions; the scene's two colours
/// are mixed by it. A pattern is one file in `Patterns/`, one line in `patternRegistry` and one test that calls
/// `checkPattern`.
public protocol Pattern: DocumentPart, Hashable {
  /// The pattern at texture coordinates `u`, `v`, which runs downwards: 0 is the first colour, 1 the second. It has period
  /// 1 in both, and holds for |u|, |v| up to 16. Only arithmetic of `StableMath`.
  func value(u: Double, v: Double) -> Double

  /// How many samples along each side of a texel are averaged into it: 4 where the pattern has sharp edges, 1 where it
  /// changes slowly over a texel.
  var samplesAcrossTexel: Int { get }

  /// Adds a row of samples to `sums`: `values[i]` at u = (i + 0.5) / (sums.count * across) goes to `sums[i / across]`.
  ///
  /// This is what baking calls, so that it crosses from `any Pattern` to the pattern once a row; the default does it
  /// with `value` and need not be replaced.
  func addRow(v: Double, across: Int, to sums: inout [Double])
}

extension Pattern {
  public var samplesAcrossTexel: Int { 4 }

  public func addRow(v: Double, across: Int, to sums: inout [Double]) {
    let step = 1 / Double(sums.count * across)
    for x in 0..<sums.count {
      var sum = 0.0
      for i in 0..<across { sum += value(u: (Double(x * across + i) + 0.5) * step, v: v) }
      sums[x] += sum
    }
  }
}
