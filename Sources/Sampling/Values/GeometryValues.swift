import Documents
import Geometry

/// One factor for all axes, or one an axis; none is 0.
struct ScaleValue: DocumentValue, Hashable {
  var factors: Vector3

  static var grammar: Grammar { .anyOf([.number(.any), .list(.number(.any), count: 3)]) }

  static func decode(_ node: Node) throws(DocumentError) -> ScaleValue {
    let v: Vector3
    if node.number != nil {
      let s = try Double.decode(node)
      v = Vector3(s, s, s)
    } else {
      guard case .sequence = node.content else {
        throw DocumentError(node, expected: "a factor, or one for each of x, y, z")
      }
      v = try Vector3.decode(node)
    }
    guard v.x != 0, v.y != 0, v.z != 0 else { throw DocumentError(node, expected: "a scale other than 0") }
    return ScaleValue(factors: v)
  }
}

/// One factor for both axes of a texture, or one for u and one for v.
struct Scale2Value: DocumentValue, Hashable {
  var factors: Vector2

  static var grammar: Grammar { .anyOf([.number(.any), .list(.number(.any), count: 2)]) }

  static func decode(_ node: Node) throws(DocumentError) -> Scale2Value {
    if node.number != nil {
      let s = try Double.decode(node)
      return Scale2Value(factors: Vector2(s, s))
    }
    guard case .sequence = node.content else {
      throw DocumentError(node, expected: "a factor, or one for each of u, v")
    }
    return Scale2Value(factors: try Vector2.decode(node))
  }
}

/// An affine map as three rows of four numbers, or four rows of which the last is 0 0 0 1; kept to the bit.
struct MatrixValue: DocumentValue, Hashable {
  var transform: AffineTransform

  static var grammar: Grammar {
    let row = Grammar.list(.number(.any), count: 4)
    return .anyOf([.list(row, count: 3), .list(row, count: 4)])
  }

  static func decode(_ node: Node) throws(DocumentError) -> MatrixValue {
    guard case .sequence(let rows) = node.content, rows.count == 3 || rows.count == 4 else {
      throw DocumentError(node, expected: "three or four rows of four numbers")
    }
    var r: [[Double]] = []
    for (i, row) in rows.enumerated() {
      do { r.append(try numbers(row, 4, "a row of four numbers")) } catch { throw error.inside(index: i) }
    }
    guard r.count == 3 || r[3] == [0, 0, 0, 1] else {
      throw DocumentError(rows[3], expected: "the last row 0, 0, 0, 1")
    }
    func linear(_ k: Int) -> Vector3 { Vector3(r[k][0], r[k][1], r[k][2]) }
    return MatrixValue(
      transform: AffineTransform(
        linear: Matrix3(linear(0), linear(1), linear(2)), translation: Vector3(r[0][3], r[1][3], r[2][3])))
  }
}

/// A unit vector: three numbers of any length above 0, or an azimuth and an elevation in degrees.
struct DirectionValue: DocumentValue, Hashable {
  var unit: Vector3

  static var grammar: Grammar { .anyOf([.list(.number(.any), count: 3), Angles.grammar]) }

  static func decode(_ node: Node) throws(DocumentError) -> DirectionValue {
    if case .mapping = node.content {
      let a = try Angles.decodeFields(node)
      return DirectionValue(unit: direction(azimuth: a.azimuth, elevation: a.elevation))
    }
    guard case .sequence = node.content else {
      throw DocumentError(node, expected: "a direction: [x, y, z] or {azimuth, elevation} in degrees")
    }
    let v = try Vector3.decode(node)
    // A vector that is of unit length to rounding is kept to the bit, so that a direction can be said exactly.
    if abs(dot(v, v) - 1) <= 4e-16 { return DirectionValue(unit: v) }
    guard let unit = v.normalized else { throw DocumentError(node, expected: "a direction of length above 0") }
    return DirectionValue(unit: unit)
  }

  private struct Angles: DocumentRecord {
    var azimuth = 0.0
    var elevation = 0.0
    static let fields: [Field<Angles>] = [
      Field("azimuth", \.azimuth, "Degrees from +X towards +Y.", required: true),
      Field("elevation", \.elevation, "Degrees above the horizon.", required: true, in: .closed(-90, 90)),
    ]
  }
}

/// The unit vector at `azimuth` degrees from +X towards +Y and `elevation` degrees above the plane of x and y.
func direction(azimuth: Double, elevation: Double) -> Vector3 {
  let (sa, ca) = StableMath.sincos(azimuth.degreesInRadians)
  let (se, ce) = StableMath.sincos(elevation.degreesInRadians)
  return Vector3(ca * ce, sa * ce, se)
}
