// Linear maps and poses, in double precision.
//
// Matrices act on column vectors from the left: `(a * b) * v == a * (b * v)`, and are stored by rows.

/// A 3x3 matrix, stored by rows.
public struct Matrix3: Hashable, Sendable {
  public var row0: Vector3
  public var row1: Vector3
  public var row2: Vector3

  @inlinable public init(_ row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
    self.row0 = row0
    self.row1 = row1
    self.row2 = row2
  }

  /// The matrix whose columns are the given vectors.
  @inlinable public init(columns c0: Vector3, _ c1: Vector3, _ c2: Vector3) {
    self.init(Vector3(c0.x, c1.x, c2.x), Vector3(c0.y, c1.y, c2.y), Vector3(c0.z, c1.z, c2.z))
  }

  @inlinable public init(diagonal d: Vector3) {
    self.init(Vector3(d.x, 0, 0), Vector3(0, d.y, 0), Vector3(0, 0, d.z))
  }

  public static let identity = Matrix3(diagonal: Vector3(1, 1, 1))

  @inlinable public var column0: Vector3 { Vector3(row0.x, row1.x, row2.x) }
  @inlinable public var column1: Vector3 { Vector3(row0.y, row1.y, row2.y) }
  @inlinable public var column2: Vector3 { Vector3(row0.z, row1.z, row2.z) }

  @inlinable public var transpose: Matrix3 { Matrix3(columns: row0, row1, row2) }
  @inlinable public var determinant: Double { dot(row0, cross(row1, row2)) }

  /// The inverse, or nil where the determinant is zero or not finite.
  @inlinable public var inverse: Matrix3? {
    let d = determinant
    guard d != 0, d.isFinite else { return nil }
    return Matrix3(columns: cross(row1, row2) / d, cross(row2, row0) / d, cross(row0, row1) / d)
  }

  @inlinable public static func * (m: Matrix3, v: Vector3) -> Vector3 {
    Vector3(dot(m.row0, v), dot(m.row1, v), dot(m.row2, v))
  }

  @inlinable public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(columns: a * b.column0, a * b.column1, a * b.column2)
  }

  @inlinable public static func * (m: Matrix3, s: Double) -> Matrix3 { Matrix3(m.row0 * s, m.row1 * s, m.row2 * s) }

  /// The largest absolute difference between `self * transpose` and the identity: 0 for an exact rotation or reflection.
  public var orthonormalityError: Double {
    let p = self * transpose
    let d = [p.row0 - Vector3(1, 0, 0), p.row1 - Vector3(0, 1, 0), p.row2 - Vector3(0, 0, 1)]
    return d.map { max(abs($0.x), max(abs($0.y), abs($0.z))) }.max() ?? 0
  }
}

/// `x -> linear * x + translation`.
public struct AffineTransform: Hashable, Sendable {
  public var linear: Matrix3
  public var translation: Vector3

  @inlinable public init(linear: Matrix3 = .identity, translation: Vector3 = Vector3()) {
    self.linear = linear
    self.translation = translation
  }

  public static let identity = AffineTransform()

  @inlinable public static func * (t: AffineTransform, p: Vector3) -> Vector3 { t.linear * p + t.translation }

  @inlinable public static func * (a: AffineTransform, b: AffineTransform) -> AffineTransform {
    AffineTransform(linear: a.linear * b.linear, translation: a.linear * b.translation + a.translation)
  }

  /// The inverse, or nil where the linear part is singular.
  @inlinable public var inverse: AffineTransform? {
    guard let i = linear.inverse else { return nil }
    return AffineTransform(linear: i, translation: -(i * translation))
  }
}
