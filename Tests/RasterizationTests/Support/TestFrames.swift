import Geometry
import Imaging
import Stage

extension Mesh {
  /// Triangles from their corners, three a triangle, each a piece of its own with its own normal.
  static func soup(_ corners: [Vector3]) -> Mesh {
    var vertices: [Vertex] = []
    for t in stride(from: 0, to: corners.count, by: 3) {
      let (a, b, c) = (corners[t], corners[t + 1], corners[t + 2])
      let normal = Vector3f(cross(b - a, c - a).normalized ?? Vector3(0, 0, 1))
      for (p, uv) in [(a, Vector2f(0, 0)), (b, Vector2f(1, 0)), (c, Vector2f(0, 1))] {
        vertices.append(Vertex(position: Vector3f(p), normal: normal, uv: uv))
      }
    }
    return Mesh(vertices: vertices, indices: Array(0..<UInt32(corners.count)))
  }

  /// The same surface with its winding and normals turned round.
  var insideOut: Mesh {
    var turned: [UInt32] = []
    for t in stride(from: 0, to: indices.count, by: 3) {
      turned.append(indices[t])
      turned.append(indices[t + 2])
      turned.append(indices[t + 1])
    }
    return Mesh(
      vertices: vertices.map { Vertex(position: $0.position, normal: -$0.normal, uv: $0.uv) }, indices: turned)
  }
}

extension Camera {
  /// A camera at the origin that looks along world +z with its axes along the world's, f pixels of focal length.
  static func straight(_ width: Int, _ height: Int, f: Double, near: Double = 0.01) -> Camera {
    Camera(
      fx: f, fy: f, cx: Double(width) / 2, cy: Double(height) / 2, rotation: .identity, translation: Vector3(),
      near: near)
  }

  /// A camera at `eye` that looks at `target`, world +z up (+y where it looks straight up or down).
  static func looking(
    from eye: Vector3, at target: Vector3 = Vector3(), _ width: Int, _ height: Int, f: Double, near: Double = 0.01
  ) -> Camera {
    let r =
      lookAt(eye: eye, target: target, up: Vector3(0, 0, 1)) ?? lookAt(eye: eye, target: target, up: Vector3(0, 1, 0))
      ?? .identity
    return Camera(
      fx: f, fy: f, cx: Double(width) / 2, cy: Double(height) / 2, rotation: r, translation: -(r * eye), near: near)
  }
}

extension Instance {
  /// Number `k` of a frame, from 0.
  init(
    _ k: Int, _ mesh: Mesh, at position: Vector3 = Vector3(), _ linear: Matrix3 = .identity,
    material: Material = Material()
  ) {
    self.init(
      id: UInt32(k + 1), category: 1, name: "object[\(k)]", mesh: mesh,
      objectToWorld: AffineTransform(linear: linear, translation: position), materials: [material])
  }
}

extension RasterImage {
  /// The 8-bit codes of a pixel.
  func codes(_ x: Int, _ y: Int) -> SIMD3<Int> {
    guard case .eight(let s) = samples else { return SIMD3() }
    let k = (y * width + x) * channels
    return SIMD3(Int(s[k]), Int(s[k + 1]), Int(s[k + 2]))
  }

  /// Linear light of a pixel's green.
  func linear(_ x: Int, _ y: Int) -> Double { SRGB.linear(fromSRGB8: UInt8(codes(x, y).y)) }
}

extension Digest {
  /// Of 8-bit samples.
  init(samplesOf image: RasterImage) {
    guard case .eight(let s) = image.samples else {
      self.init(high: 0, low: 0)
      return
    }
    self.init(of: s)
  }
}
