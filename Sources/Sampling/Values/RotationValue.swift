import Documents
import Geometry

/// A rotation of a scene: a list of three Euler angles, of four quaternion components or of three matrix rows, or a
/// mapping that says which it is.
struct RotationValue: DocumentValue, Hashable {
  /// Column vectors of the rotated axes; a matrix is kept to the bit, everything else is a rotation to rounding.
  var matrix: Matrix3

  init(_ matrix: Matrix3) { self.matrix = matrix }

  /// Largest deviation of `R transpose(R)` from the identity that counts as a rotation.
  static let tolerance = 1e-6

  static var grammar: Grammar {
    let angles = Grammar.list(.number(.any), count: 3)
    return .anyOf([angles, .list(.number(.any), count: 4), .list(angles, count: 3), RotationForms.grammar])
  }

  static func decode(_ node: Node) throws(DocumentError) -> RotationValue {
    switch node.content {
    case .sequence(let s) where s.count == 3 && s[0].number != nil: return try euler(node)
    case .sequence(let s) where s.count == 4: return try quaternion(node)
    case .sequence(let s) where s.count == 3: return try rows(node)
    case .mapping(let m):
      guard m.count == 1 || (m.count == 2 && node["axis"] != nil && node["angle"] != nil) else {
        throw DocumentError(node, expected: "one of euler, quaternion, matrix, yaw, or axis with angle")
      }
      let forms = try RotationForms.decodeFields(node)
      return try forms.rotation(node)
    default:
      throw DocumentError(
        node, expected: "a rotation: [x, y, z] Euler degrees, [w, x, y, z], three rows, or {euler, quaternion, ...}")
    }
  }

  /// Degrees about the fixed axes x, then y, then z: `Rz * Ry * Rx`.
  static func euler(_ node: Node) throws(DocumentError) -> RotationValue {
    let a = try Vector3.decode(node)
    let x = Quaternion(angle: a.x.degreesInRadians, axis: Vector3(1, 0, 0))
    let y = Quaternion(angle: a.y.degreesInRadians, axis: Vector3(0, 1, 0))
    let z = Quaternion(angle: a.z.degreesInRadians, axis: Vector3(0, 0, 1))
    return RotationValue((z * y * x).matrix)
  }

  static func quaternion(_ node: Node) throws(DocumentError) -> RotationValue {
    let v = try numbers(node, 4, "a quaternion [w, x, y, z]")
    guard let q = Quaternion(w: v[0], x: v[1], y: v[2], z: v[3]).normalized else {
      throw DocumentError(node, expected: "a quaternion of length above 0")
    }
    return RotationValue(q.matrix)
  }

  static func rows(_ node: Node) throws(DocumentError) -> RotationValue {
    let m = try matrix3(node)
    guard m.orthonormalityError <= tolerance, m.determinant > 0 else {
      throw DocumentError(node, expected: "a rotation matrix: orthonormal rows, determinant +1")
    }
    return RotationValue(m)
  }
}

/// Three rows of three numbers.
func matrix3(_ node: Node) throws(DocumentError) -> Matrix3 {
  guard case .sequence(let rows) = node.content, rows.count == 3 else {
    throw DocumentError(node, expected: "three rows of three numbers")
  }
  var r: [Vector3] = []
  for (i, row) in rows.enumerated() { do { r.append(try Vector3.decode(row)) } catch { throw error.inside(index: i) } }
  return Matrix3(r[0], r[1], r[2])
}

/// A list of exactly `count` numbers.
func numbers(_ node: Node, _ count: Int, _ what: String) throws(DocumentError) -> [Double] {
  guard case .sequence(let items) = node.content, items.count == count else {
    throw DocumentError(node, expected: what)
  }
  var values: [Double] = []
  values.reserveCapacity(count)
  for (i, item) in items.enumerated() {
    do { values.append(try Double.decode(item)) } catch { throw error.inside(index: i) }
  }
  return values
}

/// The named forms of a rotation.
private struct RotationForms: DocumentRecord {
  var euler: Verbatim?
  var quaternion: Verbatim?
  var matrix: Verbatim?
  var yaw: Double?
  var axis: Vector3?
  var angle = 0.0

  static let fields: [Field<RotationForms>] = [
    Field("euler", \.euler, "Degrees about the fixed axes x, then y, then z."),
    Field("quaternion", \.quaternion, "w, x, y, z; of any length above 0."),
    Field("matrix", \.matrix, "Three rows of a rotation matrix; used to the bit."),
    Field("yaw", \.yaw, "Degrees about the z axis."),
    Field("axis", \.axis, "The axis to turn about, of any length above 0; goes with `angle`."),
    Field("angle", \.angle, "Degrees about `axis`, counter-clockwise seen against it."),
  ]

  static var grammar: Grammar {
    .record("Rotation") {
      let row = Grammar.list(.number(.any), count: 3)
      let forms = ["euler": row, "quaternion": Grammar.list(.number(.any), count: 4), "matrix": .list(row, count: 3)]
      return fieldGrammars.map {
        FieldGrammar(
          name: $0.name, summary: $0.summary, isRequired: $0.isRequired, grammar: forms[$0.name] ?? $0.grammar)
      }
    }
  }

  func rotation(_ node: Node) throws(DocumentError) -> RotationValue {
    do {
      if let euler { return try RotationValue.euler(euler.node) }
    } catch { throw error.inside("euler") }
    do {
      if let quaternion { return try RotationValue.quaternion(quaternion.node) }
    } catch { throw error.inside("quaternion") }
    do {
      if let matrix { return try RotationValue.rows(matrix.node) }
    } catch { throw error.inside("matrix") }
    let z = Vector3(0, 0, 1)
    if let yaw { return RotationValue(Quaternion(angle: yaw.degreesInRadians, axis: z).matrix) }
    guard let axis = axis?.normalized else {
      throw DocumentError(node, expected: "an axis of length above 0 with its angle")
    }
    return RotationValue(Quaternion(angle: angle.degreesInRadians, axis: axis).matrix)
  }
}
