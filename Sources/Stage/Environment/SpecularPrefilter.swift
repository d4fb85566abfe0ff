import Geometry

/// Blurs an environment by the GGX lobe: the first factor of the split sum (Karis, "Real Shading in Unreal Engine 4",
/// 2013), with view, normal and mirrored direction taken as one.
///
/// Each direction gathers a fixed set of samples, drawn by the lobe's density and looked up in a mip level as coarse as
/// the sample is sparse (Krivanek and Colbert, "Real-time Shading with Filtered Importance Sampling", 2008): no noise
/// and no fireflies, however bright a spot is. Weights are divided by their sum, so that a constant stays what it is.
struct SpecularPrefilter {
  private struct Sample {
    /// In the lobe's own axes, z along it.
    var x: Float
    var y: Float
    var z: Float
    var weight: Float
    var mip: Int
  }

  private let samples: [Sample]

  /// Whether the lobe is so narrow that a bilinear lookup in a map of this side blurs as much.
  ///
  /// Half of the lobe's height is reached where tan^2 of the half vector's angle is alpha^2 (sqrt 2 - 1); the mirrored
  /// direction turns by twice that angle.
  static func isSharp(roughness: Double, side: Int) -> Bool {
    2 * 0.6436 * roughness * roughness < 0.6 * (4 * Double.pi).squareRoot() / Double(side)
  }

  /// - Parameters:
  ///   - roughness: perceptual; GGX alpha is its square.
  ///   - count: of samples.
  ///   - side: of the source's finest level, of `mips` levels.
  init(roughness: Double, count: Int, side: Int, mips: Int) {
    let alpha = roughness * roughness
    let a2 = alpha * alpha
    let texel = (4 * Double.pi).squareRoot() / Double(side)
    var list: [Sample] = []
    var total = 0.0
    for i in 0..<count {
      let xi = (Double(i) + 0.5) / Double(count)
      let cos2 = (1 - xi) / (1 + (a2 - 1) * xi)
      let z = 2 * cos2 - 1
      guard z > 0 else { continue }
      let radius = (max(1 - z * z, 0)).squareRoot()
      // Golden angles: no two samples lie on one ray.
      let (s, c) = StableMath.sincos(Double(i) * 2.399_963_229_728_653)
      // The density of the mirrored direction is D / 4 where view and normal are one.
      let q = cos2 * (a2 - 1) + 1
      let density = a2 / (4 * Double.pi * q * q)
      // Samples may overlap: half a level more than their share of the sphere.
      let lod = 0.5 * StableMath.log2(1 / (Double(count) * density * texel * texel)) + 0.5
      let mip = min(max(Int(lod.rounded(.toNearestOrEven)), 0), mips - 1)
      list.append(Sample(x: Float(radius * c), y: Float(radius * s), z: Float(z), weight: Float(z), mip: mip))
      total += z
    }
    for i in list.indices { list[i].weight = Float(Double(list[i].weight) / total) }
    samples = list
  }

  /// The lobe's mean around every texel of a map of `side` x `side`.
  func filtered(_ source: OctahedralPyramid, side: Int) -> [SIMD4<Float>] {
    let directions = Octahedron.directions(side: side)
    return source.texels.withUnsafeBufferPointer { texels in
      source.levels.withUnsafeBufferPointer { levels in
        samples.withUnsafeBufferPointer { samples in
          guard let base = texels.baseAddress else { return [] }
          return directions.map { d in
            SpecularPrefilter.gather(SIMD3<Float>(d), samples, base, levels)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func gather(
    _ n: SIMD3<Float>, _ samples: UnsafeBufferPointer<Sample>, _ texels: UnsafePointer<SIMD4<Float>>,
    _ levels: UnsafeBufferPointer<Environment.Level>
  ) -> SIMD4<Float> {
    // Two perpendiculars without a pole (Duff et al., "Building an Orthonormal Basis, Revisited", 2017).
    let sign: Float = n.z < 0 ? -1 : 1
    let a = -1 / (sign + n.z)
    let b = n.x * n.y * a
    let t = SIMD3<Float>(1 + sign * n.x * n.x * a, sign * b, -sign * n.x)
    let s = SIMD3<Float>(b, sign + n.y * n.y * a, -n.y)
    // Deviations from the first sample are summed: a constant is kept to the bit.
    var reference = SIMD4<Float>(repeating: 0)
    var sum = SIMD4<Float>(repeating: 0)
    for i in 0..<samples.count {
      let p = samples[i]
      let d = t * p.x + s * p.y + n * p.z
      let (u, v) = OctahedralPyramid.coordinates(d)
      let value = OctahedralPyramid.bilinear(texels, levels[p.mip], u, v)
      if i == 0 { reference = value }
      sum += (value - reference) * p.weight
    }
    return reference + sum
  }
}
