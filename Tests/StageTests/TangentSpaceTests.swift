import Geometry
import Stage
import Testing

@Suite struct TangentSpaceTests {
  /// A mesh in the plane z = 0 whose texture coordinates are a map of the positions.
  private func flat(_ points: [Vector2f], _ indices: [UInt32], uv: (Vector2f) -> Vector2f) -> Mesh {
    Mesh(
      vertices: points.map {
        .init(position: Vector3f($0.x, $0.y, 0), normal: Vector3f(0, 0, 1), uv: uv($0))
      }, indices: indices)
  }

  private let square: [Vector2f] = [.init(0, 0), .init(1, 0), .init(1, 1), .init(0, 1)]
  private let two: [UInt32] = [0, 1, 2, 0, 2, 3]

  @Test func anUprightImageHasItsAxes() {
    // v runs downwards: the image's lower edge is at y = 0.
    let m = flat(square, two) { Vector2f($0.x, 1 - $0.y) }.addingTangents()
    #expect(m.vertices.count == 4)
    #expect(m.tangents == Array(repeating: SIMD4(1, 0, 0, 1), count: 4))
  }

  /// Over any triangle, the position is affine in (u, v): moving by du along the tangent's triangle changes u, and the
  /// bitangent w * cross(n, t) points to where v falls.
  @Test func tangentsPointAlongUAndBitangentsAgainstV() {
    let map: [(Float, Float, Float, Float)] = [(2, 1, 0.5, -1), (0.3, -2, 1, 1), (-1, 0.2, 0.1, 1), (-3, 1, 2, -2)]
    for (a, b, c, d) in map {
      let m = flat(square, two) { Vector2f(a * $0.x + b * $0.y, c * $0.x + d * $0.y) }.addingTangents()
      for (v, t) in zip(m.vertices, m.tangents) {
        let along = Vector3f(t.x, t.y, t.z)
        #expect(abs(along.length - 1) < 1e-6 && abs(dot(along, v.normal)) < 1e-6)
        // The direction in which u grows and v stays.
        #expect(a * along.x + b * along.y > 0 && abs(c * along.x + d * along.y) < 1e-5)
        let up = cross(v.normal, along) * t.w
        #expect(c * up.x + d * up.y < 0)
      }
    }
  }

  @Test func mirroredHalvesSplitTheirSeam() {
    // The left half shows the image, the right one its mirror image: u rises, then falls.
    let points: [Vector2f] = [.init(-1, 0), .init(0, 0), .init(0, 1), .init(-1, 1), .init(1, 0), .init(1, 1)]
    let m = flat(points, [0, 1, 2, 0, 2, 3, 1, 4, 5, 1, 5, 2]) { Vector2f(1 - abs($0.x), 1 - $0.y) }.addingTangents()
    #expect(m.vertices.count == 8)
    for (i, v) in m.indices.enumerated() {
      #expect(m.tangents[Int(v)] == (i < 6 ? SIMD4(1, 0, 0, 1) : SIMD4(-1, 0, 0, -1)))
    }
  }

  @Test func trianglesWithoutCoordinatesTakeANeighboursOrAnyTangent() {
    let points = square + [.init(0, 2)]
    let m = flat(points, [0, 1, 2, 3, 2, 4]) {
      $0.y <= 1 && $0.x + 1 - $0.y >= 1 ? Vector2f($0.y, 0.5) : Vector2f(0, 0)
    }
    .addingTangents()
    #expect(m.tangents.allSatisfy { abs(Vector3f($0.x, $0.y, $0.z).length - 1) < 1e-6 && abs($0.z) < 1e-6 })
    #expect(m.tangents.allSatisfy { abs($0.w) == 1 })
  }

  @Test func smoothSurfacesShareTheirTangents() {
    let sphere = Sphere().makeMesh()
    let m = sphere.addingTangents()
    #expect(m.triangleCount == sphere.triangleCount && m.isClosed == sphere.isClosed)
    for i in m.indices.indices {
      #expect(m.vertices[Int(m.indices[i])] == sphere.vertices[Int(sphere.indices[i])])
    }
    // On a sphere with u along the circles of latitude the tangent lies level, away from the poles.
    for (v, t) in zip(m.vertices, m.tangents) where abs(v.normal.z) < 0.9 {
      #expect(abs(t.z) < 0.05)
      let n = v.normal
      #expect(dot(Vector3f(t.x, t.y, t.z), Vector3f(-n.y, n.x, 0)) * t.w > 0)
    }
  }

  @Test func tangentsAndColoursCountInTheDigest() {
    let m = flat(square, two) { $0 }
    let t = m.addingTangents()
    #expect(m.digest != t.digest)
    func colored(_ c: [SIMD4<Float>]) -> Mesh { Mesh(vertices: m.vertices, indices: m.indices, colors: c) }
    let white = Array(repeating: SIMD4<Float>(1, 1, 1, 1), count: 4)
    #expect(colored(white).digest != m.digest && colored([]).digest == m.digest)
    #expect(colored(white).digest != Mesh(vertices: m.vertices, indices: m.indices, tangents: white).digest)
  }
}
