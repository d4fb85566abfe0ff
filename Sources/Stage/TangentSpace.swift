// Tangents from texture coordinates, by the convention of MikkTSpace (Mikkelsen 2008, "Simulation of Wrinkled Surfaces
// Revisited", section 6 of the thesis), in which normal maps are baked: so a baked map looks as it did to its author.
//
// - A triangle's tangent is the direction in which u grows over it. A vertex's is the mean over the triangles around it,
//   each projected into the vertex's tangent plane, made unit length, and weighted by its angle there.
// - The mean runs over triangles that share the vertex (position, normal and texture coordinates), hang together by edges
//   and have the same handedness: where a texture is mirrored the vertex is split.
// - Triangles whose texture coordinates cover no area have no tangent; their corners take that of a neighbour at the same
//   vertex, or any direction perpendicular to the normal.
//
// Written from the published description; not the reference code, so the last bits differ from it.

import Geometry

extension Mesh {
  /// The mesh with tangents; vertices whose corners have different ones are split. Takes time and memory linear in the
  /// mesh's size but for the sorting of edges.
  public func addingTangents() -> Mesh {
    let space = TangentSpace(self)
    var newVertices: [Vertex] = []
    var newTangents: [SIMD4<Float>] = []
    var newColors: [SIMD4<Float>] = []
    newVertices.reserveCapacity(vertices.count)
    newTangents.reserveCapacity(vertices.count)
    // For each vertex its latest copy, and for each copy the one before it.
    var newest = [Int32](repeating: -1, count: vertices.count)
    var older: [Int32] = []
    var newIndices: [UInt32] = []
    newIndices.reserveCapacity(indices.count)
    for (corner, v) in indices.enumerated() {
      let tangent = space.tangents[corner]
      var copy = newest[Int(v)]
      while copy >= 0, newTangents[Int(copy)] != tangent { copy = older[Int(copy)] }
      if copy < 0 {
        copy = Int32(newVertices.count)
        older.append(newest[Int(v)])
        newest[Int(v)] = copy
        newVertices.append(vertices[Int(v)])
        newTangents.append(tangent)
        if !colors.isEmpty { newColors.append(colors[Int(v)]) }
      }
      newIndices.append(UInt32(copy))
    }
    return Mesh(
      vertices: newVertices, indices: newIndices, tangents: newTangents, colors: newColors,
      materialSlots: materialSlots, slotNames: slotNames)
  }
}

struct TangentSpace {
  /// One a corner: xyz and handedness, as `Mesh.tangents` has them.
  private(set) var tangents: [SIMD4<Float>]

  init(_ mesh: Mesh) {
    let corners = mesh.indices.count
    let triangles = mesh.triangleCount
    func vertex(_ c: Int) -> Mesh.Vertex { mesh.vertices[Int(mesh.indices[c])] }
    // For each triangle the direction of u and its handedness: 1, -1, or 0 where the coordinates cover no area.
    var directions = [Vector3](repeating: Vector3(), count: triangles)
    var hands = [Int8](repeating: 0, count: triangles)
    for t in 0..<triangles {
      let (a, b, c) = (vertex(3 * t), vertex(3 * t + 1), vertex(3 * t + 2))
      let (p, q) = (Vector3(b.position) - Vector3(a.position), Vector3(c.position) - Vector3(a.position))
      let (s, r) = (Vector2(b.uv) - Vector2(a.uv), Vector2(c.uv) - Vector2(a.uv))
      // v runs downwards: upwards, the area is the negative.
      let area = s.y * r.x - s.x * r.y
      guard area != 0, area.isFinite, let u = ((p * r.y - q * s.y) * (area > 0 ? -1 : 1)).normalized else { continue }
      directions[t] = u
      hands[t] = area > 0 ? 1 : -1
    }

    // Corners whose triangles meet at an edge and have one handedness share their tangent at its ends.
    var group = DisjointSets(count: corners)
    let number = TangentSpace.vertexNumbers(mesh)
    var edges: [(key: UInt64, corner: Int32)] = []
    edges.reserveCapacity(corners)
    for c in 0..<corners where hands[c / 3] != 0 {
      let (a, b) = (number[Int(mesh.indices[c])], number[Int(mesh.indices[c % 3 == 2 ? c - 2 : c + 1])])
      if a != b { edges.append((UInt64(min(a, b)) << 32 | UInt64(max(a, b)), Int32(c))) }
    }
    edges.sort { ($0.key, $0.corner) < ($1.key, $1.corner) }
    func next(_ c: Int) -> Int { c % 3 == 2 ? c - 2 : c + 1 }
    for i in edges.indices.dropLast() where edges[i].key == edges[i + 1].key {
      let (c, d) = (Int(edges[i].corner), Int(edges[i + 1].corner))
      guard hands[c / 3] == hands[d / 3] else { continue }
      let isSameWay = number[Int(mesh.indices[c])] == number[Int(mesh.indices[d])]
      group.join(c, isSameWay ? d : next(d))
      group.join(next(c), isSameWay ? next(d) : d)
    }

    var sums = [Vector3](repeating: Vector3(), count: corners)
    for c in 0..<corners where hands[c / 3] != 0 {
      let v = vertex(c)
      let n = Vector3(v.normal)
      func flat(_ x: Vector3) -> Vector3 { x - n * dot(n, x) }
      guard let u = flat(directions[c / 3]).normalized else { continue }
      let after = flat(Vector3(vertex(next(c)).position) - Vector3(v.position))
      let before = flat(Vector3(vertex(next(next(c))).position) - Vector3(v.position))
      sums[group.root(c)] += u * StableMath.atan2(cross(after, before).length, dot(after, before))
    }
    tangents = [SIMD4<Float>](repeating: SIMD4(0, 0, 0, 0), count: corners)
    // For each distinct vertex the first corner with a tangent of its own.
    var known = [Int32](repeating: -1, count: mesh.vertices.count)
    for c in 0..<corners where hands[c / 3] != 0 {
      guard let u = sums[group.root(c)].normalized else { continue }
      tangents[c] = SIMD4(Vector3f(u), Float(hands[c / 3]))
      let v = Int(number[Int(mesh.indices[c])])
      if known[v] < 0 { known[v] = Int32(c) }
    }
    for c in 0..<corners where tangents[c].w == 0 {
      let v = Int(number[Int(mesh.indices[c])])
      tangents[c] =
        known[v] >= 0
        ? tangents[Int(known[v])] : SIMD4(Vector3f(Vector3(vertex(c).normal).anyPerpendicular), 1)
    }
  }

  /// For each vertex the first one that is equal to it.
  private static func vertexNumbers(_ mesh: Mesh) -> [UInt32] {
    let (position, count) = MeshTopology.positions(of: mesh.vertices)
    var newest = [Int32](repeating: -1, count: count)
    var older = [Int32](repeating: -1, count: mesh.vertices.count)
    return mesh.vertices.indices.map { i in
      let p = Int(position[i])
      var v = newest[p]
      while v >= 0, mesh.vertices[Int(v)] != mesh.vertices[i] { v = older[Int(v)] }
      if v >= 0 { return UInt32(v) }
      older[i] = newest[p]
      newest[p] = Int32(i)
      return UInt32(i)
    }
  }
}
