import Geometry
import Stage

/// Meshes made of several, kept as long as they are in use.
struct CompoundMeshes {
  struct Piece {
    var mesh: Mesh
    var transform: AffineTransform
  }

  private struct Key: Hashable {
    var mesh: ObjectIdentifier
    var transform: AffineTransform
  }

  /// A compound and the meshes that its key names, which must not go away before it.
  private struct Made {
    var mesh: Mesh
    var pieces: [Piece]
  }

  private var made: [[Key]: Made] = [:]
  /// Compounds kept; beyond that all are made anew.
  private static let limit = 512

  mutating func mesh(_ pieces: [Piece]) -> Mesh {
    let key = pieces.map { Key(mesh: ObjectIdentifier($0.mesh), transform: $0.transform) }
    if let known = made[key] { return known.mesh }
    if made.count >= CompoundMeshes.limit { made.removeAll() }
    let mesh = CompoundMeshes.merged(pieces)
    made[key] = Made(mesh: mesh, pieces: pieces)
    return mesh
  }

  private static func merged(_ pieces: [Piece]) -> Mesh {
    var vertices: [Mesh.Vertex] = []
    var indices: [UInt32] = []
    var slots: [UInt16] = []
    var names: [String] = []
    // Where one piece has tangents or colours, all have: any tangent, and white.
    let hasTangents = pieces.contains { !$0.mesh.tangents.isEmpty }
    let hasColors = pieces.contains { !$0.mesh.colors.isEmpty }
    var tangents: [SIMD4<Float>] = []
    var colors: [SIMD4<Float>] = []
    for (k, piece) in pieces.enumerated() {
      let mesh = piece.mesh
      let base = UInt32(vertices.count)
      let linear = piece.transform.linear
      // Normals go with the inverse transpose; a mirroring turns the winding round.
      let normals = linear.inverse?.transpose ?? linear
      let isMirrored = linear.determinant < 0
      for v in mesh.vertices {
        let n = (normals * Vector3(v.normal)).normalized ?? Vector3(v.normal)
        vertices.append(
          Mesh.Vertex(
            position: Vector3f(piece.transform * Vector3(v.position)), normal: Vector3f(n), uv: v.uv))
      }
      if hasTangents {
        for (i, v) in mesh.vertices.enumerated() {
          guard !mesh.tangents.isEmpty else {
            tangents.append(SIMD4(Vector3f(Vector3(vertices[Int(base) + i].normal).anyPerpendicular), 1))
            continue
          }
          let t = mesh.tangents[i]
          let along = (linear * Vector3(Vector3f(t.x, t.y, t.z))).normalized ?? Vector3(v.normal).anyPerpendicular
          tangents.append(SIMD4(Vector3f(along), isMirrored ? -t.w : t.w))
        }
      }
      if hasColors {
        colors.append(
          contentsOf: mesh.colors.isEmpty
            ? Array(repeating: SIMD4(1, 1, 1, 1), count: mesh.vertices.count) : mesh.colors)
      }
      for t in 0..<mesh.triangleCount {
        let (a, b, c) = (mesh.indices[t * 3], mesh.indices[t * 3 + 1], mesh.indices[t * 3 + 2])
        indices.append(base + a)
        indices.append(base + (isMirrored ? c : b))
        indices.append(base + (isMirrored ? b : c))
        slots.append(UInt16(names.count) + (mesh.materialSlots.isEmpty ? 0 : mesh.materialSlots[t]))
      }
      names.append(contentsOf: mesh.slotNames.map { "\(k).\($0)" })
    }
    return Mesh(
      vertices: vertices, indices: indices, tangents: tangents, colors: colors, materialSlots: slots, slotNames: names)
  }
}
