import Geometry

/// The fisheye of Kannala & Brandt (2006) in OpenCV's form: a ray at the angle t from the optical axis meets the picture
/// at the radius
///
///     d(t) = t (1 + k1 t^2 + k2 t^4 + k3 t^6 + k4 t^8)
///
/// times the focal length; all zero is the equidistant lens. Angles beyond 90 degrees, rays that come from behind, are as
/// good as any other. As with all such polynomials d stops growing somewhere; the lens shows nothing beyond that.
public struct KannalaBrandt: Hashable, Sendable {
  public let k: [Double]
  /// Half the field of view in radians: up to where d grows, and not beyond what the lens is said to show; at most pi.
  public let maximumAngle: Double

  /// - Parameters:
  ///   - k: up to four coefficients; those left out are 0.
  ///   - limit: half the angle of the cone that the lens shows; radians.
  public init(k: [Double] = [], limit: Double = .pi) {
    precondition(k.count <= 4, "four coefficients at most")
    self.k = k + Array(repeating: 0, count: 4 - k.count)
    let slope = Polynomial([1, 3 * self.k[0], 5 * self.k[1], 7 * self.k[2], 9 * self.k[3]])
    let fold = slope.signChanges(from: 0, to: Double.pi * Double.pi).first
    maximumAngle = min(fold.map { $0.squareRoot() * (1 - 1e-6) } ?? .pi, limit)
  }

  /// d(t) and its derivative.
  private func radius(_ t: Double) -> (d: Double, slope: Double) {
    let s = t * t
    let d = t * (1 + s * (k[0] + s * (k[1] + s * (k[2] + s * k[3]))))
    let slope = 1 + s * (3 * k[0] + s * (5 * k[1] + s * (7 * k[2] + s * 9 * k[3])))
    return (d, slope)
  }

  /// The radius in focal lengths at which a ray at `angle` radians from the axis meets the picture, or nil beyond the
  /// lens's field of view.
  public func radius(ofAngle angle: Double) -> Double? {
    angle >= 0 && angle <= maximumAngle ? radius(angle).d : nil
  }

  /// The angle whose rays meet the picture at `d` focal lengths, to the last few bits, or nil.
  public func angle(ofRadius d: Double) -> Double? {
    guard d >= 0, d <= radius(maximumAngle).d else { return nil }
    var (low, high) = (0.0, maximumAngle)
    var t = min(d, high)
    for _ in 0..<200 {
      let (value, slope) = radius(t)
      let excess = value - d
      if excess == 0 { break }
      if excess > 0 { high = t } else { low = t }
      var next = t - excess / slope
      if !(next >= low && next <= high) { next = low + (high - low) / 2 }
      if abs(next - t) <= 1e-16 * t { return next }
      t = next
    }
    return t
  }

  /// Where the lens puts a point in camera axes, in focal lengths from the principal point.
  public func distort(_ p: Vector3) -> Vector2? {
    let across = (p.x * p.x + p.y * p.y).squareRoot()
    guard across > 0 || p.z > 0 else { return nil }
    guard let d = radius(ofAngle: StableMath.atan2(across, p.z)) else { return nil }
    return across > 0 ? Vector2(p.x, p.y) * (d / across) : Vector2(0, 0)
  }

  /// The unit vector of the ray that the lens puts at `q`.
  public func undistort(_ q: Vector2) -> Vector3? {
    let d = dot(q, q).squareRoot()
    guard let t = angle(ofRadius: d) else { return nil }
    let (s, c) = StableMath.sincos(t)
    return d > 0 ? Vector3(q.x / d * s, q.y / d * s, c) : Vector3(0, 0, 1)
  }
}
