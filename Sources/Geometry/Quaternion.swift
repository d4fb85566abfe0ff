/// A rotation as a unit quaternion `w + xi + yj + zk`.
public struct Quaternion: Hashable, Sendable {
  public var w, x, y, z: Double

  @inlinable public init(w: Double, x: Double, y: Double, z: Double) {
    self.w = w
    self.x = x
    self.y = y
    self.z = z
  }

  public static let identity = Quaternion(w: 1, x: 0, y: 0, z: 0)

  /// The rotation by `angle` radians about the unit vector `axis`, counter-clockwise seen against the axis.
  public init(angle: Double, axis: Vector3) {
    let s = StableMath.sin(angle / 2)
    self.init(w: StableMath.cos(angle / 2), x: axis.x * s, y: axis.y * s, z: axis.z * s)
  }

  @inlinable public var norm: Double { (w * w + x * x + y * y + z * z).squareRoot() }

  /// Unit length, or nil where the norm is zero or not finite.
  @inlinable public var normalized: Quaternion? {
    let n = norm
    guard n > 0, n.isFinite else { return nil }
    return Quaternion(w: w / n, x: x / n, y: y / n, z: z / n)
  }

  @inlinable public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
    Quaternion(
      w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z, x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
      y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x, z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w)
  }

  /// The rotation matrix of a unit quaternion.
  public var matrix: Matrix3 {
    Matrix3(
      Vector3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
      Vector3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
      Vector3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)))
  }
}
