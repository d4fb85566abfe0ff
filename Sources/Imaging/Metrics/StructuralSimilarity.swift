import Geometry

/// Structural similarity after Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error Visibility to
/// Structural Similarity" (2004): 1 for equal images, less the more their local means, contrasts and patterns differ.
///
/// The paper's own weights: a Gaussian of 1.5 pixels cut to 11 x 11, K1 = 0.01, K2 = 0.03, population variances; windows that
/// lie wholly inside the image; channels one by one, then their mean. scikit-image says the same with
/// `structural_similarity(a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255,
/// channel_axis=-1)`.
public enum StructuralSimilarity {
  /// Of a window, in pixels.
  public static let side = 11

  /// The mean over windows and channels; nil for an image smaller than a window.
  public static func mean(_ a: RasterImage, _ b: RasterImage) throws(ImageDifference.Mismatch) -> Double? {
    guard a.width == b.width, a.height == b.height, a.channels == b.channels, a.bitDepth == b.bitDepth else {
      throw ImageDifference.Mismatch(a, b)
    }
    guard a.width >= side, a.height >= side else { return nil }
    let whitest = a.bitDepth == 8 ? 255.0 : 65535.0
    let (c1, c2) = (0.01 * whitest * 0.01 * whitest, 0.03 * whitest * 0.03 * whitest)
    var sum = 0.0
    for c in 0..<a.channels { sum += channel(a.plane(ofChannel: c), b.plane(ofChannel: c), c1, c2) }
    return sum / Double(a.channels)
  }

  private static let weights: [Double] = {
    let raw = (-side / 2...side / 2).map { StableMath.exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }()

  private static func channel(_ a: Plane<Double>, _ b: Plane<Double>, _ c1: Double, _ c2: Double) -> Double {
    func product(_ p: Plane<Double>, _ q: Plane<Double>) -> Plane<Double> {
      Plane(width: p.width, height: p.height, values: zip(p.values, q.values).map { $0 * $1 })
    }
    let (ma, mb) = (SeparableFilter.inner(a, weights), SeparableFilter.inner(b, weights))
    let aa = SeparableFilter.inner(product(a, a), weights)
    let bb = SeparableFilter.inner(product(b, b), weights)
    let ab = SeparableFilter.inner(product(a, b), weights)
    var sum = 0.0
    for i in ma.values.indices {
      let (x, y) = (ma.values[i], mb.values[i])
      let (vx, vy, vxy) = (aa.values[i] - x * x, bb.values[i] - y * y, ab.values[i] - x * y)
      // Equation 13.
      sum += (2 * x * y + c1) * (2 * vxy + c2) / ((x * x + y * y + c1) * (vx + vy + c2))
    }
    return sum / Double(ma.values.count)
  }
}

extension RasterImage {
  /// The codes of one channel.
  func plane(ofChannel c: Int) -> Plane<Double> {
    let values =
      switch samples {
      case .eight(let s): stride(from: c, to: s.count, by: channels).map { Double(s[$0]) }
      case .sixteen(let s): stride(from: c, to: s.count, by: channels).map { Double(s[$0]) }
      }
    return Plane(width: width, height: height, values: values)
  }
}
