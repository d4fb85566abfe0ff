import Geometry
import Imaging
import Stage

/// Makes a mesh of an OBJ document: normals where there are none, triangles of polygons, one vertex for corners that
/// agree in position, normal and texture coordinates.
struct OBJMeshBuilder {
  private let document: OBJDocument
  private let file: String
  private var vertices: [Mesh.Vertex] = []
  /// For each position its latest vertex, and for each vertex the one of the same position before it; -1 ends the chain.
  private var newest: [Int32]
  private var older: [Int32] = []
  private var indices: [UInt32] = []
  private var slots: [UInt16] = []
  private(set) var notes: Notes

  static func build(_ document: OBJDocument, file: String) throws(ImportError) -> (mesh: Mesh, notes: Notes) {
    guard document.slots.count <= Int(UInt16.max) else {
      throw ImportError(
        file: file, line: document.slots[Int(UInt16.max)].line, found: "\(document.slots.count) materials",
        expected: "at most \(UInt16.max)")
    }
    var builder = OBJMeshBuilder(document, file)
    builder.addFaces()
    guard builder.hasArea else {
      throw ImportError(file: file, found: "no face that covers an area", expected: "at least one")
    }
    let isOne = document.slots.count == 1
    let mesh = Mesh(
      vertices: builder.vertices, indices: builder.indices, materialSlots: isOne ? [] : builder.slots,
      slotNames: document.slots.map { $0.name ?? "default" })
    return (mesh, builder.notes)
  }

  private init(_ document: OBJDocument, _ file: String) {
    self.document = document
    self.file = file
    notes = document.notes
    newest = [Int32](repeating: -1, count: document.positions.count)
    vertices.reserveCapacity(document.positions.count)
    indices.reserveCapacity(3 * (document.corners.count - 2 * document.faces.count))
  }

  private mutating func addFaces() {
    let given = document.normals.map { Vector3($0).normalized.map(Vector3f.init) }
    let isComplete = document.corners.allSatisfy { $0.normal >= 0 && given[Int($0.normal)] != nil }
    let made = isComplete ? [] : madeNormals()
    var corners: [UInt32] = []
    for f in document.faces.indices {
      corners.removeAll(keepingCapacity: true)
      let range = document.corners(of: f)
      for c in range {
        let corner = document.corners[c]
        var normal = corner.normal >= 0 ? given[Int(corner.normal)] : nil
        if normal == nil {
          normal = made[c]
          if corner.normal >= 0 {
            notes.add("a normal of length 0 is replaced", file: file, line: Int(document.faces[f].line))
          }
        }
        corners.append(vertex(corner, normal ?? Vector3f(0, 0, 1)))
      }
      if range.count == 3 {
        addTriangle(f, corners[0], corners[1], corners[2])
      } else {
        let triangulation = Triangulation(range.map { Vector3(document.positions[Int(document.corners[$0].position)]) })
        if !triangulation.isExact {
          notes.add(
            "a polygon that crosses itself or is too intricate is drawn as a fan", file: file,
            line: Int(document.faces[f].line))
        }
        for (a, b, c) in triangulation.triangles { addTriangle(f, corners[a], corners[b], corners[c]) }
      }
    }
  }

  private func madeNormals() -> [Vector3f] {
    SmoothNormals(
      positions: document.positions, corners: document.corners.map(\.position),
      firstCorner: document.faces.map(\.firstCorner) + [Int32(document.corners.count)],
      smoothing: document.faces.map(\.smoothing)
    ).normals
  }

  /// The vertex of a corner; a new one where no earlier corner agrees with it.
  private mutating func vertex(_ corner: OBJDocument.Corner, _ normal: Vector3f) -> UInt32 {
    let p = Int(corner.position)
    let new = Mesh.Vertex(
      position: document.positions[p], normal: normal,
      uv: corner.uv >= 0 ? document.uvs[Int(corner.uv)] : Vector2f(0, 0))
    var v = newest[p]
    while v >= 0 {
      if vertices[Int(v)] == new { return UInt32(v) }
      v = older[Int(v)]
    }
    older.append(newest[p])
    newest[p] = Int32(vertices.count)
    vertices.append(new)
    return UInt32(vertices.count - 1)
  }

  /// Triangles with two corners in one point are left out: they cover nothing, and their edges cancel each other.
  private mutating func addTriangle(_ face: Int, _ a: UInt32, _ b: UInt32, _ c: UInt32) {
    let (p, q, r) = (vertices[Int(a)].position, vertices[Int(b)].position, vertices[Int(c)].position)
    if p == q || q == r || r == p {
      notes.add(
        "a triangle with two corners in one point is not drawn", file: file, line: Int(document.faces[face].line))
      return
    }
    indices.append(a)
    indices.append(b)
    indices.append(c)
    slots.append(UInt16(truncatingIfNeeded: document.faces[face].slot))
  }

  private var hasArea: Bool {
    stride(from: 0, to: indices.count, by: 3).contains { t in
      let a = Vector3(vertices[Int(indices[t])].position)
      let b = Vector3(vertices[Int(indices[t + 1])].position)
      return cross(b - a, Vector3(vertices[Int(indices[t + 2])].position) - a) != Vector3()
    }
  }
}
