import Geometry

/// Irradiance from all around as a polynomial of the normal: spherical harmonics of three bands, after Ramamoorthi and
/// Hanrahan, "An Efficient Representation for Irradiance Environment Maps" (SIGGRAPH 2001). The mean error over all
/// normals is about 1 % for real environments; a single distant light is worst, and belongs in a light of its own.
public struct IrradianceHarmonics: Hashable, Sendable {
  /// Linear RGB factors of 1, y, z, x, xy, yz, 3z^2 - 1, xz and x^2 - y^2, nine in all. The cosine's convolution, the
  /// harmonics' constants and a division by pi are multiplied in: what a normal makes of them is the radiance of a white
  /// Lambert surface.
  public let coefficients: [Vector3]

  /// - Parameters:
  ///   - radiance: of each direction; `directions`, of unit length, fill the solid angles `angles`.
  init(_ radiance: [SIMD4<Float>], _ directions: [Vector3], _ angles: [Double]) {
    func light(_ i: Int) -> Vector3 {
      Vector3(Double(radiance[i].x), Double(radiance[i].y), Double(radiance[i].z))
    }
    var sums = [Vector3](repeating: Vector3(), count: 9)
    for i in radiance.indices { sums[0] += light(i) * angles[i] }
    // The higher bands see deviations from the mean: what is the same from everywhere has none, to the bit.
    let mean = sums[0] / (4 * Double.pi)
    for i in radiance.indices {
      let d = directions[i]
      let light = (light(i) - mean) * angles[i]
      sums[1] += light * d.y
      sums[2] += light * d.z
      sums[3] += light * d.x
      sums[4] += light * (d.x * d.y)
      sums[5] += light * (d.y * d.z)
      sums[6] += light * (3 * d.z * d.z - 1)
      sums[7] += light * (d.x * d.z)
      sums[8] += light * (d.x * d.x - d.y * d.y)
    }
    // A_l Y^2 / pi, with A_0 = pi, A_1 = 2 pi / 3, A_2 = pi / 4 (eq. 8) and the squares of Y's constants (eq. 3):
    // 1 / (4 pi), 3 / (4 pi), 15 / (4 pi), 5 / (16 pi), 15 / (16 pi).
    let pi = Double.pi
    let factors = [
      1 / (4 * pi), 1 / (2 * pi), 1 / (2 * pi), 1 / (2 * pi), 15 / (16 * pi), 15 / (16 * pi), 5 / (64 * pi),
      15 / (16 * pi), 15 / (64 * pi),
    ]
    coefficients = zip(sums, factors).map { $0 * $1 }
  }

  /// Irradiance over pi on a surface with the unit normal `n`, never below 0.
  public func radiance(normal n: Vector3) -> Vector3 {
    let c = coefficients
    var sum = c[0] + c[1] * n.y
    sum += c[2] * n.z
    sum += c[3] * n.x
    sum += c[4] * (n.x * n.y)
    sum += c[5] * (n.y * n.z)
    sum += c[6] * (3 * n.z * n.z - 1)
    sum += c[7] * (n.x * n.z)
    sum += c[8] * (n.x * n.x - n.y * n.y)
    return pointwiseMax(sum, Vector3())
  }
}
