import Geometry

/// The octahedral map of the sphere to the unit square (Praun and Hoppe, "Spherical Parametrization and Remeshing", 2003;
/// Engelhardt and Dachsbacher, "Octahedron Environment Maps", 2008).
///
/// +Z is the middle of the square, the horizon the diamond through the middles of its sides, and -Z its four corners.
/// Unlike a map by longitude and latitude it has no poles: texels differ in solid angle by a factor of 5.2 at most, and a
/// lookup takes no trigonometry.
public enum Octahedron {
  /// The place of a direction of any length but 0; both coordinates are from 0 to 1.
  public static func coordinates(_ d: Vector3) -> Vector2 {
    let scale = 1 / (abs(d.x) + abs(d.y) + abs(d.z))
    let (x, y) = (d.x * scale, d.y * scale)
    guard d.z < 0 else { return Vector2(0.5 + 0.5 * x, 0.5 + 0.5 * y) }
    let (fx, fy) = ((1 - abs(y)) * (x < 0 ? -1 : 1), (1 - abs(x)) * (y < 0 ? -1 : 1))
    return Vector2(0.5 + 0.5 * fx, 0.5 + 0.5 * fy)
  }

  /// The point of the octahedron |x| + |y| + |z| = 1 at coordinates from 0 to 1.
  static func point(_ uv: Vector2) -> Vector3 {
    let (x, y) = (2 * uv.x - 1, 2 * uv.y - 1)
    let z = 1 - abs(x) - abs(y)
    guard z < 0 else { return Vector3(x, y, z) }
    return Vector3((1 - abs(y)) * (x < 0 ? -1 : 1), (1 - abs(x)) * (y < 0 ? -1 : 1), z)
  }

  /// The unit vector at coordinates from 0 to 1.
  public static func direction(_ uv: Vector2) -> Vector3 {
    let p = point(uv)
    return p / p.length
  }

  /// The middles of the texels of a map of `side` x `side`, row by row.
  static func directions(side: Int) -> [Vector3] { side == skySide ? skyDirections : makeDirections(side: side) }

  /// The side of procedural skies, of which a scene may make one a frame: its tables are kept.
  static let skySide = 256
  private static let skyDirections = makeDirections(side: skySide)
  private static let skySolidAngles = makeSolidAngles(side: skySide)

  private static func makeDirections(side: Int) -> [Vector3] {
    var list: [Vector3] = []
    list.reserveCapacity(side * side)
    let step = 1 / Double(side)
    for y in 0..<side {
      for x in 0..<side { list.append(direction(Vector2((Double(x) + 0.5) * step, (Double(y) + 0.5) * step))) }
    }
    return list
  }

  /// The solid angles of the texels of a map of `side` x `side`, row by row; their sum is 4 pi.
  ///
  /// A small piece of a plane at distance r, seen at an angle whose cosine is h / r, where h is the plane's distance,
  /// fills a solid angle of its area times h / r^3; the faces of the octahedron all have the same h.
  static func solidAngles(side: Int) -> [Double] { side == skySide ? skySolidAngles : makeSolidAngles(side: side) }

  private static func makeSolidAngles(side: Int) -> [Double] {
    var list: [Double] = []
    list.reserveCapacity(side * side)
    let step = 1 / Double(side)
    var sum = 0.0
    for y in 0..<side {
      for x in 0..<side {
        let p = point(Vector2((Double(x) + 0.5) * step, (Double(y) + 0.5) * step))
        let r2 = dot(p, p)
        let angle = 1 / (r2 * r2.squareRoot())
        sum += angle
        list.append(angle)
      }
    }
    let scale = 4 * Double.pi / sum
    for i in list.indices { list[i] *= scale }
    return list
  }
}
