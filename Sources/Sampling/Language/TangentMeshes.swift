import Stage

/// Meshes to which tangents were added, kept as long as they are in use.
struct TangentMeshes {
  /// A mesh with tangents and the one that it was made of, which must not go away before it.
  private struct Made {
    var source: Mesh
    var mesh: Mesh
  }

  private var made: [ObjectIdentifier: Made] = [:]
  /// Meshes kept; beyond that all are made anew.
  private static let limit = 512

  mutating func mesh(_ source: Mesh) -> Mesh {
    if let known = made[ObjectIdentifier(source)] { return known.mesh }
    if made.count >= TangentMeshes.limit { made.removeAll() }
    let mesh = source.addingTangents()
    made[ObjectIdentifier(source)] = Made(source: source, mesh: mesh)
    return mesh
  }
}
