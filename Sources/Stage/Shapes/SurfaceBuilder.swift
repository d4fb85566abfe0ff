import Geometry

/// Collects the triangles of a shape, in double precision until they are stored.
///
/// Watertightness is by construction: corners that meet are computed by the same expression from the same values, so
/// that they are equal to the bit, and a triangle of which two corners coincide (at a pole, on a side of length 0) is
/// left out. Smooth surface shares its vertices; hard edges and texture seams are separate vertices.
struct SurfaceBuilder {
  private var vertices: [Mesh.Vertex] = []
  private var indices: [UInt32] = []
  /// Positions are multiplied by it, normals divided and made unit again (the inverse transpose of a scaling).
  private let scale: Vector3

  init(scale: Vector3 = Vector3(1, 1, 1)) { self.scale = scale }

  /// - Parameters:
  ///   - normal: of any length but 0.
  ///   - uv: (0, 0) is the upper left corner of the texture image, v runs downwards.
  mutating func vertex(_ position: Vector3, normal: Vector3, uv: Vector2) -> UInt32 {
    // Adding 0 turns -0 into 0: equal positions have equal bits.
    let p = position * scale + 0
    let n = ((normal / scale).normalized ?? Vector3(0, 0, 1)) + 0
    vertices.append(Mesh.Vertex(position: Vector3f(p), normal: Vector3f(n), uv: Vector2f(uv)))
    return UInt32(vertices.count - 1)
  }

  /// A triangle, counter-clockwise seen from outside.
  mutating func triangle(_ a: UInt32, _ b: UInt32, _ c: UInt32) {
    let (p, q, r) = (vertices[Int(a)].position, vertices[Int(b)].position, vertices[Int(c)].position)
    guard p != q, q != r, r != p else { return }
    indices.append(a)
    indices.append(b)
    indices.append(c)
  }

  /// Two triangles, counter-clockwise seen from outside.
  mutating func quad(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) {
    triangle(a, b, c)
    triangle(a, c, d)
  }

  /// The mesh, without the vertices that only triangles left out had.
  func mesh() -> Mesh {
    var number = [UInt32](repeating: .max, count: vertices.count)
    for i in indices { number[Int(i)] = 0 }
    guard number.contains(.max) else { return Mesh(vertices: vertices, indices: indices) }
    var used: [Mesh.Vertex] = []
    used.reserveCapacity(vertices.count)
    for i in vertices.indices where number[i] == 0 {
      number[i] = UInt32(used.count)
      used.append(vertices[i])
    }
    return Mesh(vertices: used, indices: indices.map { number[Int($0)] })
  }
}

// MARK: - Pieces of surface that several shapes are made of

extension SurfaceBuilder {
  /// A point of an outline that is turned about the z axis.
  struct ProfilePoint {
    /// Distance from the axis; 0 makes a tip.
    var radius: Double
    var z: Double
    /// Outward normal in the plane of the outline, (away from the axis, up); of any length but 0.
    var normal: Vector2
    /// Texture coordinate v.
    var v: Double
  }

  /// Turns an outline about the z axis. With the axis on the left, the outline runs clockwise around the solid: downwards
  /// on its outer side. u runs once around, counter-clockwise seen from +z, and starts at +x.
  mutating func revolve(_ profile: [ProfilePoint], segments n: Int) {
    let around = (0...n).map { circlePoint($0, of: n) }
    let rows = profile.map { point -> [UInt32] in
      guard point.radius > 0 else {
        // A tip has a vertex a segment, for each segment sees it with its own normal and u.
        return (0..<n).map { k in
          let middle = circlePoint(2 * k + 1, of: 2 * n)
          return vertex(
            Vector3(0, 0, point.z), normal: Vector3(middle * point.normal.x, point.normal.y),
            uv: Vector2((Double(k) + 0.5) / Double(n), point.v))
        }
      }
      return (0...n).map { k in
        vertex(
          Vector3(around[k] * point.radius, point.z), normal: Vector3(around[k] * point.normal.x, point.normal.y),
          uv: Vector2(Double(k) / Double(n), point.v))
      }
    }
    for (upper, lower) in zip(rows, rows.dropFirst()) {
      for k in 0..<n {
        switch (upper.count > n, lower.count > n) {
        case (true, true): quad(upper[k], lower[k], lower[k + 1], upper[k + 1])
        case (false, true): triangle(upper[k], lower[k], lower[k + 1])
        case (true, false): triangle(upper[k], lower[k], upper[k + 1])
        case (false, false): break
        }
      }
    }
  }

  /// A flat disc at height `z` that faces up or down. The texture is laid on flat, upright seen from outside with +x to
  /// the right.
  mutating func disc(radius: Double, z: Double, segments n: Int, facingUp: Bool) {
    let normal = Vector3(0, 0, facingUp ? 1 : -1)
    let centre = vertex(Vector3(0, 0, z), normal: normal, uv: Vector2(0.5, 0.5))
    let rim = (0..<n).map { k -> UInt32 in
      let c = circlePoint(k, of: n)
      return vertex(
        Vector3(c * radius, z), normal: normal, uv: Vector2(0.5 + 0.5 * c.x, 0.5 + (facingUp ? -0.5 : 0.5) * c.y))
    }
    for k in 0..<n {
      let (a, b) = (rim[k], rim[(k + 1) % n])
      if facingUp { triangle(centre, a, b) } else { triangle(centre, b, a) }
    }
  }

  /// A sphere of radius 1 of `rings` bands from pole to pole. v runs from 0 at +z to 1 at -z, by angle.
  mutating func unitSphere(segments: Int, rings: Int) {
    revolve(
      (0...rings).map { i in
        let p = circlePoint(i, of: 2 * rings)
        return ProfilePoint(radius: p.y, z: p.x, normal: Vector2(p.y, p.x), v: Double(i) / Double(rings))
      }, segments: segments)
  }
}

/// One of the six directions that a box's faces look in, with the axes of the picture on it: upright, with +z up on the
/// four sides, and not mirrored, seen from outside.
struct BoxFace {
  let normal: Vector3
  let right: Vector3
  var up: Vector3 { cross(normal, right) }

  static let all = [
    BoxFace(normal: Vector3(1, 0, 0), right: Vector3(0, 1, 0)),
    BoxFace(normal: Vector3(-1, 0, 0), right: Vector3(0, -1, 0)),
    BoxFace(normal: Vector3(0, 1, 0), right: Vector3(-1, 0, 0)),
    BoxFace(normal: Vector3(0, -1, 0), right: Vector3(1, 0, 0)),
    BoxFace(normal: Vector3(0, 0, 1), right: Vector3(1, 0, 0)),
    BoxFace(normal: Vector3(0, 0, -1), right: Vector3(1, 0, 0)),
  ]
}
