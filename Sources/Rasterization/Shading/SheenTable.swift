import Geometry

/// How much of white light from all around the fibres of `SurfaceLayers` send back: a numerical integral of its formula, by the
/// cosine of the view and the roughness. Kept within 1, which the formula leaves where it is seen almost edge on.
enum SheenTable {
  private static let side = 16

  /// Nodes by rows of equal roughness from 0.1 to 1, cosines from 0 to 1. Made once, at the first use, in some milliseconds.
  private static let table: [Float] = (0..<side * side).map { k in
    let last = Double(side - 1)
    return Float(
      integral(cosine: max(Double(k % side) / last, 0.02), roughness: 0.1 + 0.9 * Double(k / side) / last))
  }

  static func albedo(cosine: Float, roughness: Float) -> Float {
    let last = Float(side - 1)
    let (x, y) = (min(max(cosine, 0), 1) * last, min(max((roughness - 0.1) / 0.9, 0), 1) * last)
    let (i, j) = (min(Int(x), side - 2), min(Int(y), side - 2))
    let (fx, fy) = (x - Float(i), y - Float(j))
    let at = j * side + i
    let top = table[at] + (table[at + 1] - table[at]) * fx
    let bottom = table[at + side] + (table[at + side + 1] - table[at + side]) * fx
    return top + (bottom - top) * fy
  }

  /// Over the directions of light, by cosine and by turn; the other half turn is the mirror image.
  private static func integral(cosine c: Double, roughness: Double) -> Double {
    let exponent = 1 / (roughness * roughness)
    let (cosines, turns) = (32, 24)
    let sine = (1 - c * c).squareRoot()
    var sum = 0.0
    for i in 0..<cosines {
      let nl = (Double(i) + 0.5) / Double(cosines)
      let sineLight = (1 - nl * nl).squareRoot()
      for j in 0..<turns {
        let across = circlePoint(2 * j + 1, of: 4 * turns).x
        // |v + l|^2 = 2 (1 + v.l)
        let half2 = 2 + 2 * (sine * sineLight * across + c * nl)
        let sine2 = max(1 - (c + nl) * (c + nl) / max(half2, 1e-9), 1e-12)
        let density = (2 + exponent) / (2 * Double.pi) * StableMath.exp2(StableMath.log2(sine2) * exponent / 2)
        sum += density / (4 * (nl + c - nl * c)) * nl
      }
    }
    return min(sum * 2 * Double.pi / Double(cosines * turns), 1)
  }
}
