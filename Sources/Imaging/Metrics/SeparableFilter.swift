/// Filters that are a product of one along rows and one down columns, on planes of doubles. Sums run in the order of the
/// taps, so results are the same bits everywhere.
enum SeparableFilter {
  /// Every pixel's weighted neighbourhood; beyond the border the border's pixels go on.
  ///
  /// - Parameters:
  ///   - rows: weights along a row, an odd number of them.
  ///   - columns: weights down a column, an odd number of them.
  static func extended(_ p: Plane<Double>, rows: [Double], columns: [Double]) -> Plane<Double> {
    let (w, h, radius) = (p.width, p.height, rows.count / 2)
    var across = Plane<Double>(width: w, height: h, repeating: 0)
    // A row with its border repeated on both sides, so that the loop over it asks nothing.
    var line = [Double](repeating: 0, count: w + 2 * radius)
    for y in 0..<h {
      for i in line.indices { line[i] = p[min(max(i - radius, 0), w - 1), y] }
      accumulate(line, rows, into: &across.values, at: y * w, count: w)
    }
    var out = Plane<Double>(width: w, height: h, repeating: 0)
    for y in 0..<h {
      for (k, weight) in columns.enumerated() {
        addRow(
          across.values, at: min(max(y + k - columns.count / 2, 0), h - 1) * w, weight, to: &out.values, at: y * w, w)
      }
    }
    return out
  }

  /// The weighted neighbourhoods that lie wholly inside: `count - 1` fewer columns and rows. `p` has at least `count` of
  /// each.
  static func inner(_ p: Plane<Double>, _ weights: [Double]) -> Plane<Double> {
    let (w, h) = (p.width - weights.count + 1, p.height - weights.count + 1)
    precondition(w > 0 && h > 0, "the window fits into the plane")
    var across = Plane<Double>(width: w, height: p.height, repeating: 0)
    for y in 0..<p.height {
      accumulate(Array(p.values[y * p.width..<(y + 1) * p.width]), weights, into: &across.values, at: y * w, count: w)
    }
    var out = Plane<Double>(width: w, height: h, repeating: 0)
    for y in 0..<h {
      for (k, weight) in weights.enumerated() {
        addRow(across.values, at: (y + k) * w, weight, to: &out.values, at: y * w, w)
      }
    }
    return out
  }

  private static func accumulate(
    _ line: [Double], _ weights: [Double], into out: inout [Double], at start: Int, count: Int
  ) {
    precondition(line.count >= count + weights.count - 1 && out.count >= start + count)
    line.withUnsafeBufferPointer { line in
      out.withUnsafeMutableBufferPointer { out in
        for (k, weight) in weights.enumerated() {
          for x in 0..<count { out[start + x] += line[x + k] * weight }
        }
      }
    }
  }

  private static func addRow(
    _ source: [Double], at from: Int, _ weight: Double, to out: inout [Double], at start: Int, _ count: Int
  ) {
    precondition(source.count >= from + count && out.count >= start + count)
    source.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { out in
        for x in 0..<count { out[start + x] += source[from + x] * weight }
      }
    }
  }
}
