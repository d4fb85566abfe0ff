// Ways to write a rotation: axis and angle, Euler angles, matrix.
//
// Euler angles are about the fixed axes of the parent frame, x first, then y, then z: R = Rz * Ry * Rx, which is also
// yaw, pitch, roll about the turning axes z, y', x'', and Blender's "XYZ Euler".

extension Quaternion {
  /// The inverse of a unit quaternion.
  @inlinable public var conjugate: Quaternion { Quaternion(w: w, x: -x, y: -y, z: -z) }

  /// Turns `v` by a unit quaternion.
  @inlinable public func rotate(_ v: Vector3) -> Vector3 {
    // v + 2 w (q x v) + 2 q x (q x v)
    let q = Vector3(x, y, z)
    let t = cross(q, v) * 2
    return v + t * w + cross(q, t)
  }

  /// Rotations about the parent's x, then y, then z axis by the three angles in radians.
  public init(euler angles: Vector3) {
    let (sx, cx) = StableMath.sincos(angles.x / 2)
    let (sy, cy) = StableMath.sincos(angles.y / 2)
    let (sz, cz) = StableMath.sincos(angles.z / 2)
    self.init(
      w: cz * cy * cx + sz * sy * sx, x: cz * cy * sx - sz * sy * cx,
      y: cz * sy * cx + sz * cy * sx, z: sz * cy * cx - cz * sy * sx)
  }

  /// The unit quaternion with w >= 0 of a rotation matrix (orthonormal, determinant +1): Shepperd 1978, which divides by
  /// the largest of the four components and so loses no digits near half turns.
  public init(rotation m: Matrix3) {
    let (a, b, c) = (m.row0.x, m.row1.y, m.row2.z)
    // Four times the squares of w, x, y, z.
    let squares = [1 + a + b + c, 1 + a - b - c, 1 - a + b - c, 1 - a - b + c]
    var largest = 0
    for i in 1..<4 where squares[i] > squares[largest] { largest = i }
    let root = squares[largest].squareRoot()
    let s = 0.5 / root
    let (wx, wy, wz) = (m.row2.y - m.row1.z, m.row0.z - m.row2.x, m.row1.x - m.row0.y)
    let (xy, xz, yz) = (m.row0.y + m.row1.x, m.row0.z + m.row2.x, m.row1.z + m.row2.y)
    let q =
      switch largest {
      case 0: Quaternion(w: root / 2, x: wx * s, y: wy * s, z: wz * s)
      case 1: Quaternion(w: wx * s, x: root / 2, y: xy * s, z: xz * s)
      case 2: Quaternion(w: wy * s, x: xy * s, y: root / 2, z: yz * s)
      default: Quaternion(w: wz * s, x: xz * s, y: yz * s, z: root / 2)
      }
    self = q.w < 0 ? Quaternion(w: -q.w, x: -q.x, y: -q.y, z: -q.z) : q
  }

  /// The angle in radians, in [0, pi], and the unit axis of a unit quaternion; the axis of no rotation is +z.
  public var angleAndAxis: (angle: Double, axis: Vector3) {
    let v = w < 0 ? Vector3(-x, -y, -z) : Vector3(x, y, z)
    guard let axis = v.normalized else { return (0, Vector3(0, 0, 1)) }
    return (2 * StableMath.atan2(v.length, abs(w)), axis)
  }
}

extension Matrix3 {
  /// The angles in radians for which `Quaternion(euler:).matrix` is this rotation: y in [-pi/2, pi/2], x and z in
  /// (-pi, pi]. Looking straight along z (y = +-pi/2), where only a sum of x and z is fixed, x is 0.
  public var eulerAngles: Vector3 {
    // R = Rz Ry Rx has row2 = (-sin y, cos y sin x, cos y cos x) and column0 = (cos z cos y, sin z cos y, -sin y).
    let cosY = (row0.x * row0.x + row1.x * row1.x).squareRoot()
    let y = StableMath.atan2(-row2.x, cosY)
    // Below this the other entries are rounding errors of a rotation's.
    guard cosY > 1e-12 else { return Vector3(0, y, StableMath.atan2(-row0.y, row1.y)) }
    return Vector3(StableMath.atan2(row2.y, row2.z), y, StableMath.atan2(row1.x, row0.x))
  }
}
