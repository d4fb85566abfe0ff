import Geometry
import Stage

/// Texture coordinates for a surface whose textures are projected along the object's axes: each triangle takes those of the
/// axis that its normals are nearest to. Pictures stand upright and are not mirrored, as in the renderer: seen along x and y
/// the object's z runs up the image, seen along z its y. Where the renderer blends two axes, there is a cut.
struct BoxProjection {
  let mesh: Mesh

  /// - Parameters:
  ///   - original: the mesh in the object's axes, which the projection is along.
  ///   - shown: the same mesh as it goes into the file.
  ///   - indices: of the triangles to take.
  ///   - scale: texture coordinates in a metre of the object's.
  init(_ original: Mesh, _ shown: Mesh, _ indices: [UInt32], scale: Double) {
    var vertices: [Mesh.Vertex] = []
    var tangents: [SIMD4<Float>] = []
    var colors: [SIMD4<Float>] = []
    var corners: [UInt32] = []
    // A vertex comes once for each of the six sides that its triangles look to.
    var known: [SIMD2<UInt32>: UInt32] = [:]
    for t in stride(from: 0, to: indices.count, by: 3) {
      let triangle = indices[t..<t + 3].map { original.vertices[Int($0)] }
      let n = triangle.reduce(Vector3()) { $0 + Vector3($1.normal) }
      let axis = abs(n.x) >= abs(n.y) && abs(n.x) >= abs(n.z) ? 0 : abs(n.y) >= abs(n.z) ? 1 : 2
      let side: Float = n[axis] < 0 ? -1 : 1
      for corner in indices[t..<t + 3] {
        let key = SIMD2(corner, UInt32(2 * axis + (side < 0 ? 1 : 0)))
        if let there = known[key] {
          corners.append(there)
          continue
        }
        let number = UInt32(vertices.count)
        let p = original.vertices[Int(corner)].position * Float(scale)
        let (uv, right): (Vector2f, Vector3f) =
          switch axis {
          case 0: (Vector2f(p.y * side, -p.z), Vector3f(0, side, 0))
          case 1: (Vector2f(-p.x * side, -p.z), Vector3f(-side, 0, 0))
          default: (Vector2f(p.x * side, -p.y), Vector3f(side, 0, 0))
          }
        let v = shown.vertices[Int(corner)]
        vertices.append(.init(position: v.position, normal: v.normal, uv: uv))
        let flat = right - v.normal * dot(right, v.normal)
        tangents.append(SIMD4(flat.normalized ?? right, 1))
        if !shown.colors.isEmpty { colors.append(shown.colors[Int(corner)]) }
        known[key] = number
        corners.append(number)
      }
    }
    mesh = Mesh(vertices: vertices, indices: corners, tangents: tangents, colors: colors)
  }
}
