import Geometry

/// The second factor of the split sum (Karis, "Real Shading in Unreal Engine 4", 2013): of white light from all around, a
/// GGX surface with reflectance f0 at normal incidence mirrors f0 * A + B, by the cosine of the view's angle and the
/// roughness. A + B is what a perfect mirror's microfacets return in one bounce; the rest of 1 is what later bounces
/// would bring, which a shader can put back (Turquin, "Practical multiple scattering compensation", 2019).
public enum SplitSum {
  /// Nodes along each side of the table.
  public static let side = 32

  /// (A, B) at index `j * side + i`: cosine i / (side - 1), perceptual roughness j / (side - 1). Nodes lie on the
  /// borders of the range: a bilinear lookup never leaves the table. Made once, at the first use, in some 10 ms.
  public static let table: [SIMD2<Float>] = (0..<side * side).map { k in
    let (i, j) = (k % side, k / side)
    let ab = integrate(
      cosine: max(Double(i) / Double(side - 1), 1e-3), roughness: max(Double(j) / Double(side - 1), 1e-2))
    return SIMD2(Float(ab.x), Float(ab.y))
  }

  /// Bilinear lookup, for cosine and roughness from 0 to 1.
  public static func factors(cosine: Double, roughness: Double) -> Vector2 {
    let last = Double(side - 1)
    let (x, y) = (min(max(cosine, 0), 1) * last, min(max(roughness, 0), 1) * last)
    let (i, j) = (min(Int(x), side - 2), min(Int(y), side - 2))
    let (fx, fy) = (Float(x - Double(i)), Float(y - Double(j)))
    let at = j * side + i
    let top = table[at] + (table[at + 1] - table[at]) * fx
    let bottom = table[at + side] + (table[at + side + 1] - table[at + side]) * fx
    return Vector2(top + (bottom - top) * fy)
  }

  private static let radialSteps = 32
  private static let turnSteps = 16
  /// The middles of steps over half a turn; the other half is its mirror image.
  private static let turns = (0..<turnSteps).map { circlePoint(2 * $0 + 1, of: 4 * turnSteps) }

  /// Half vectors by the density of visible normals (Heitz, "Sampling the GGX distribution of visible normals", 2018) at the
  /// middles of a grid: what is left to average is Fresnel's term and how much of the light Smith's height-correlated
  /// masking (Heitz 2014, eq. 99) lets through, both smooth even at grazing angles.
  private static func integrate(cosine nv: Double, roughness: Double) -> Vector2 {
    let alpha = roughness * roughness
    let sine = (max(1 - nv * nv, 0)).squareRoot()
    // The view where the surface is stretched until it is a hemisphere, and the axis across the plane of incidence's normal.
    let stretched = (alpha * alpha * sine * sine + nv * nv).squareRoot()
    let (vx, vz) = (alpha * sine / stretched, nv / stretched)
    let half = 0.5 * (1 + vz)
    func hidden(_ cosine: Double) -> Double {
      ((1 + alpha * alpha * (1 / (cosine * cosine) - 1)).squareRoot() - 1) / 2
    }
    let towardsView = 1 + hidden(nv)
    var sum = Vector2()
    for i in 0..<radialSteps {
      let radius = ((Double(i) + 0.5) / Double(radialSteps)).squareRoot()
      for turn in turns {
        let across = radius * turn.y
        let bound = (max(1 - across * across, 0)).squareRoot()
        let along = (1 - half) * bound + half * radius * turn.x
        let up = (max(1 - across * across - along * along, 0)).squareRoot()
        // Back from the hemisphere.
        let hx = alpha * (up * vx - along * vz)
        let hy = alpha * across
        let hz = max(along * vx + up * vz, 1e-12)
        let length = (hx * hx + hy * hy + hz * hz).squareRoot()
        let vh = min((sine * hx + nv * hz) / length, 1)
        let nl = 2 * vh * hz / length - nv
        guard nl > 0, vh > 0 else { continue }
        let share = towardsView / (towardsView + hidden(nl))
        let m = 1 - vh
        let m2 = m * m
        let fresnel = m2 * m2 * m
        sum += Vector2((1 - fresnel) * share, fresnel * share)
      }
    }
    return sum / Double(radialSteps * turnSteps)
  }
}
