import Geometry
import Stage

/// Puts the mesh of a file together from surfaces of indexed triangles, each with its own material slot.
struct MeshBuilder {
  /// A piece of surface in the model's own frame (+Z up, metres).
  struct Surface {
    var positions: [Vector3f]
    /// Unit normals, one a position; empty where they are to be made.
    var normals: [Vector3f] = []
    /// One a position, or empty; v downwards.
    var uvs: [Vector2f] = []
    /// One a position, or empty.
    var tangents: [SIMD4<Float>] = []
    /// One a position, or empty; linear, 0 to 1.
    var colors: [SIMD4<Float>] = []
    /// Three indices of positions a triangle, each below their count.
    var triangles: [UInt32]
    var slot: Int
  }

  /// The most vertices and triangles of a model; some 4 GiB as a mesh.
  static let limit = 1 << 26

  let file: String
  private var vertices: [Mesh.Vertex] = []
  private var tangents: [SIMD4<Float>] = []
  private var colors: [SIMD4<Float>] = []
  private var indices: [UInt32] = []
  private var slots: [UInt16] = []
  private var hasTangents = false
  private var hasColors = false
  private(set) var notes: Notes

  init(file: String, notes: Notes) {
    self.file = file
    self.notes = notes
  }

  var triangleCount: Int { indices.count / 3 }

  mutating func note(_ what: String, line: Int?) { notes.add(what, file: file, line: line) }

  /// Puts `notes`, which continue those of the builder, in their place.
  mutating func take(_ notes: Notes) { self.notes = notes }

  mutating func add(_ surface: Surface) throws(ImportError) {
    var s = surface
    dropFlat(&s)
    guard !s.triangles.isEmpty else { return }
    if s.normals.isEmpty { makeNormals(&s) }
    guard vertices.count + s.positions.count <= MeshBuilder.limit,
      triangleCount + s.triangles.count / 3 <= MeshBuilder.limit
    else { throw ImportError(file: file, found: "more than 2^26 vertices or triangles", expected: "fewer") }
    let base = UInt32(vertices.count)
    vertices.reserveCapacity(vertices.count + s.positions.count)
    for i in s.positions.indices {
      vertices.append(
        .init(position: s.positions[i], normal: s.normals[i], uv: s.uvs.isEmpty ? Vector2f(0, 0) : s.uvs[i]))
    }
    // Once one surface has tangents or colours, all have: white, and any tangent.
    if !s.tangents.isEmpty || hasTangents {
      if !hasTangents { for v in vertices[..<Int(base)] { tangents.append(MeshBuilder.anyTangent(v.normal)) } }
      hasTangents = true
      tangents.append(contentsOf: s.tangents.isEmpty ? s.normals.map(MeshBuilder.anyTangent) : s.tangents)
    }
    if !s.colors.isEmpty || hasColors {
      let white = SIMD4<Float>(1, 1, 1, 1)
      if !hasColors { colors = Array(repeating: white, count: Int(base)) }
      hasColors = true
      colors.append(contentsOf: s.colors.isEmpty ? Array(repeating: white, count: s.positions.count) : s.colors)
    }
    if base == 0 { indices = s.triangles } else { for i in s.triangles { indices.append(base + i) } }
    slots.append(contentsOf: repeatElement(UInt16(truncatingIfNeeded: s.slot), count: s.triangles.count / 3))
  }

  /// The mesh; nil where no triangle was added.
  ///
  /// - Parameter needsTangents: whether a material of the file has a normal map, so that tangents are made where the
  ///   file has none.
  mutating func mesh(slotNames: [String], needsTangents: Bool) -> Mesh? {
    guard !indices.isEmpty else { return nil }
    let mesh = Mesh(
      vertices: vertices, indices: indices, tangents: tangents, colors: colors,
      materialSlots: slotNames.count == 1 ? [] : slots, slotNames: slotNames)
    (vertices, indices, tangents, colors, slots) = ([], [], [], [], [])
    return needsTangents && !hasTangents ? mesh.addingTangents() : mesh
  }

  /// Whether any triangle covers an area.
  var hasArea: Bool {
    stride(from: 0, to: indices.count, by: 3).contains { t in
      let a = Vector3(vertices[Int(indices[t])].position)
      let b = Vector3(vertices[Int(indices[t + 1])].position)
      return cross(b - a, Vector3(vertices[Int(indices[t + 2])].position) - a) != Vector3()
    }
  }

  private static func anyTangent(_ normal: Vector3f) -> SIMD4<Float> {
    SIMD4(Vector3f(Vector3(normal).anyPerpendicular), 1)
  }

  /// Triangles with two corners in one point are left out: they cover nothing, and their edges cancel each other.
  private mutating func dropFlat(_ s: inout Surface) {
    var kept = 0
    s.triangles.withUnsafeMutableBufferPointer { t in
      for i in stride(from: 0, to: t.count, by: 3) {
        let (p, q, r) = (s.positions[Int(t[i])], s.positions[Int(t[i + 1])], s.positions[Int(t[i + 2])])
        if p == q || q == r || r == p { continue }
        (t[kept], t[kept + 1], t[kept + 2]) = (t[i], t[i + 1], t[i + 2])
        kept += 3
      }
    }
    let dropped = (s.triangles.count - kept) / 3
    if dropped > 0 { notes.add("triangles with two corners in one point are not drawn", file: file) }
    s.triangles.removeLast(s.triangles.count - kept)
  }

  /// Makes normals that are smooth but for edges (see `SmoothNormals`), and one vertex for the corners of a position that
  /// agree in theirs.
  private mutating func makeNormals(_ s: inout Surface) {
    let corners = s.triangles.map { Int32(truncatingIfNeeded: $0) }
    let made = SmoothNormals(
      positions: s.positions, corners: corners,
      firstCorner: (0...s.triangles.count / 3).map { Int32($0 * 3) },
      smoothing: Array(repeating: .crease, count: s.triangles.count / 3)
    ).normals
    var newest = [Int32](repeating: -1, count: s.positions.count)
    var older: [Int32] = []
    var source: [UInt32] = []
    var normals: [Vector3f] = []
    source.reserveCapacity(s.positions.count)
    normals.reserveCapacity(s.positions.count)
    for c in s.triangles.indices {
      let p = Int(s.triangles[c])
      var v = newest[p]
      while v >= 0, normals[Int(v)] != made[c] { v = older[Int(v)] }
      if v < 0 {
        v = Int32(normals.count)
        older.append(newest[p])
        newest[p] = v
        source.append(UInt32(p))
        normals.append(made[c])
      }
      s.triangles[c] = UInt32(v)
    }
    s.positions = source.map { s.positions[Int($0)] }
    s.normals = normals
    if !s.uvs.isEmpty { s.uvs = source.map { s.uvs[Int($0)] } }
    if !s.colors.isEmpty { s.colors = source.map { s.colors[Int($0)] } }
    // Tangents belong to normals that are not there.
    s.tangents = []
  }
}
