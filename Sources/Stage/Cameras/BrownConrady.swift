import Geometry

/// Lens distortion after Brown (1966) and Conrady (1919), with OpenCV's rational form of the radial part. A point (x, y)
/// of the plane z = 1 goes to
///
///     x' = x g + 2 p1 x y + p2 (r2 + 2 x x)
///     y' = y g + p1 (r2 + 2 y y) + 2 p2 x y
///     g  = (1 + k1 r2 + k2 r2^2 + k3 r2^3) / (1 + k4 r2 + k5 r2^2 + k6 r2^3),  r2 = x x + y y
///
/// The polynomials are fitted over the picture and fold back beyond it: r g(r) stops growing at some radius, and what lies
/// outside would be drawn a second time. `maximumRadius` is found from the coefficients, and there is no image beyond it.
public struct BrownConrady: Hashable, Sendable {
  /// Radial: k1 to k3 above, k4 to k6 below the line.
  public let k: [Double]
  /// Tangential.
  public let p1: Double
  public let p2: Double
  /// The radius on the plane z = 1 up to which r g(r) grows, less a millionth; at most `BrownConrady.widest`.
  public let maximumRadius: Double

  /// tan 89.94 degrees: a plane cannot hold more.
  public static let widest = 1000.0

  /// - Parameter k: up to six coefficients; those left out are 0.
  public init(k: [Double] = [], p1: Double = 0, p2: Double = 0) {
    precondition(k.count <= 6, "six radial coefficients at most")
    self.k = k + Array(repeating: 0, count: 6 - k.count)
    self.p1 = p1
    self.p2 = p2
    // With s = r2, N above and D below: (r N/D)' has the sign of (N + 2 s N') D - 2 s N D'.
    let n = Polynomial([1, self.k[0], self.k[1], self.k[2]])
    let d = Polynomial([1, self.k[3], self.k[4], self.k[5]])
    let twice = Polynomial([0, 2])
    let slope = (n + twice * n.derivative) * d - twice * n * d.derivative
    let far = BrownConrady.widest * BrownConrady.widest
    let fold = [slope, d].compactMap { $0.signChanges(from: 0, to: far).first }.min()
    maximumRadius = fold.map { $0.squareRoot() * (1 - 1e-6) } ?? BrownConrady.widest
  }

  public var isIdentity: Bool { p1 == 0 && p2 == 0 && k.allSatisfy { $0 == 0 } }

  /// The factor g, and its derivative by r2.
  private func radial(_ r2: Double) -> (g: Double, slope: Double) {
    let n = 1 + r2 * (k[0] + r2 * (k[1] + r2 * k[2]))
    let d = 1 + r2 * (k[3] + r2 * (k[4] + r2 * k[5]))
    let dn = k[0] + r2 * (2 * k[1] + r2 * 3 * k[2])
    let dd = k[3] + r2 * (2 * k[4] + r2 * 3 * k[5])
    return (n / d, (dn * d - n * dd) / (d * d))
  }

  /// The distorted point and the derivatives of x' and y' by x and y.
  private func mapped(_ p: Vector2) -> (point: Vector2, dx: Vector2, dy: Vector2) {
    let (x, y) = (p.x, p.y)
    let r2 = x * x + y * y
    let (g, slope) = radial(r2)
    let point = Vector2(
      x * g + 2 * p1 * x * y + p2 * (r2 + 2 * x * x), y * g + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y)
    let cross = 2 * slope * x * y + 2 * p1 * x + 2 * p2 * y
    let dx = Vector2(g + 2 * slope * x * x + 2 * p1 * y + 6 * p2 * x, cross)
    let dy = Vector2(cross, g + 2 * slope * y * y + 6 * p1 * y + 2 * p2 * x)
    return (point, dx, dy)
  }

  /// Where the lens puts a point of the plane z = 1, or nil where it shows none.
  public func distort(_ p: Vector2) -> Vector2? {
    guard dot(p, p) <= maximumRadius * maximumRadius else { return nil }
    let (point, dx, dy) = mapped(p)
    guard dx.x * dy.y - dx.y * dy.x > 0 else { return nil }
    return point
  }

  /// The point that the lens puts at `q`, to the last few bits, or nil where there is none.
  ///
  /// The radial part is a growing function of one number and is inverted by Newton's method held in a bracket; from there
  /// Newton's method in the plane accounts for the tangential part.
  public func undistort(_ q: Vector2) -> Vector2? {
    let target = dot(q, q).squareRoot()
    guard target.isFinite else { return nil }
    if target == 0 && p1 == 0 && p2 == 0 { return q }
    var (low, high) = (0.0, maximumRadius)
    var r = min(target, high)
    for _ in 0..<200 {
      let (g, slope) = radial(r * r)
      let excess = r * g - target
      if excess == 0 { break }
      if excess > 0 { high = min(high, r) } else { low = max(low, r) }
      var next = r - excess / (g + 2 * r * r * slope)
      if !(next >= low && next <= high) { next = low + (high - low) / 2 }
      if abs(next - r) <= 1e-16 * r {
        r = next
        break
      }
      r = next
    }
    var p = target > 0 ? q * (r / target) : q
    if p1 == 0 && p2 == 0 {
      // Beyond the fold the bracket's end is not the point asked for.
      return abs(r * radial(r * r).g - target) <= 1e-12 * (1 + target) ? p : nil
    }
    for _ in 0..<50 {
      let (point, dx, dy) = mapped(p)
      let e = point - q
      let determinant = dx.x * dy.y - dx.y * dy.x
      guard determinant != 0, determinant.isFinite else { return nil }
      let step = Vector2(e.x * dy.y - e.y * dy.x, e.y * dx.x - e.x * dx.y) / determinant
      p -= step
      if max(abs(step.x), abs(step.y)) <= 1e-16 * (1 + max(abs(p.x), abs(p.y))) { break }
    }
    guard let again = distort(p) else { return nil }
    let e = again - q
    return max(abs(e.x), abs(e.y)) <= 1e-12 * (1 + target) ? p : nil
  }
}
