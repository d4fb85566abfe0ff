import Geometry

extension Matrix3 {
  /// The turn, the scale along the own axes and what is left of a linear map: `turn * (diagonal(scale) + rest)`. Columns are
  /// made perpendicular from the first on (Gram and Schmidt), so for a map of turn and scale alone `rest` is 0 but for
  /// rounding. The turn has determinant +1; where the map mirrors, the scale of x is negative.
  var rigidParts: (turn: Matrix3, scale: Vector3, isSheared: Bool)? {
    let (c0, c1, c2) = (column0, column1, column2)
    guard var x = c0.normalized, let y = (c1 - x * dot(x, c1)).normalized else { return nil }
    let z = cross(x, y)
    let handed = dot(z, c2) < 0 ? -z : z
    var scale = Vector3(c0.length, dot(y, c1), dot(handed, c2))
    guard scale.y > 0, scale.z > 0 else { return nil }
    if dot(z, c2) < 0 {
      x = -x
      scale.x = -scale.x
    }
    let turn = Matrix3(columns: x, y, handed)
    let parts = turn.transpose * self
    let rest = [parts.row0.y, parts.row0.z, parts.row1.x, parts.row1.z, parts.row2.x, parts.row2.y]
    let size = max(abs(scale.x), max(scale.y, scale.z))
    return (turn, scale, rest.contains { abs($0) > 1e-9 * size })
  }
}
