// Vectors of two and three components.
//
// Positions, directions and poses are `Double` until they reach the rasterizer, which works in `Float` relative to the
// camera. Sums are written out in a fixed order: `SIMD.sum()` leaves the order to the compiler, and a pixel may not
// depend on that.

public typealias Vector2 = SIMD2<Double>
public typealias Vector3 = SIMD3<Double>
public typealias Vector2f = SIMD2<Float>
public typealias Vector3f = SIMD3<Float>

@inlinable public func dot(_ a: Vector3, _ b: Vector3) -> Double { a.x * b.x + a.y * b.y + a.z * b.z }
@inlinable public func dot(_ a: Vector3f, _ b: Vector3f) -> Float { a.x * b.x + a.y * b.y + a.z * b.z }
@inlinable public func dot(_ a: Vector2, _ b: Vector2) -> Double { a.x * b.x + a.y * b.y }

@inlinable public func cross(_ a: Vector3, _ b: Vector3) -> Vector3 {
  Vector3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
@inlinable public func cross(_ a: Vector3f, _ b: Vector3f) -> Vector3f {
  Vector3f(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

extension Vector3 {
  /// Euclidean length.
  @inlinable public var length: Double { dot(self, self).squareRoot() }

  /// The unit vector along `self`, or nil where the length is zero, infinite or NaN.
  @inlinable public var normalized: Vector3? {
    let l = length
    return l > 0 && l.isFinite ? self / l : nil
  }

  /// A unit vector perpendicular to `self`, which must be of unit length. The choice is a fixed function of `self`.
  @inlinable public var anyPerpendicular: Vector3 {
    let helper: Vector3 = abs(x) < 0.6 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
    let c = cross(self, helper)
    return c / c.length
  }

  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

extension Vector3f {
  @inlinable public var length: Float { dot(self, self).squareRoot() }

  /// The unit vector along `self`, or nil where the length is zero, infinite or NaN.
  @inlinable public var normalized: Vector3f? {
    let l = length
    return l > 0 && l.isFinite ? self / l : nil
  }

  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
