import Geometry

/// Questions about how a mesh's triangles hang together. All take time and memory linear in the mesh's size: a scene may
/// ask for new meshes in every frame.
enum MeshTopology {
  /// The connected components of triangles under shared vertices, by union-find with path halving; one number a triangle.
  static func pieces(vertexCount: Int, indices: [UInt32]) -> [UInt32] {
    var parent = Array(0..<UInt32(vertexCount))
    for t in stride(from: 0, to: indices.count, by: 3) {
      let a = root(of: indices[t], &parent)
      parent[Int(root(of: indices[t + 1], &parent))] = a
      parent[Int(root(of: indices[t + 2], &parent))] = a
    }
    let unnumbered = UInt32.max
    var number = [UInt32](repeating: unnumbered, count: vertexCount)
    var count: UInt32 = 0
    var pieces: [UInt32] = []
    pieces.reserveCapacity(indices.count / 3)
    for t in stride(from: 0, to: indices.count, by: 3) {
      let r = Int(root(of: indices[t], &parent))
      if number[r] == unnumbered {
        number[r] = count
        count += 1
      }
      pieces.append(number[r])
    }
    return pieces
  }

  private static func root(of vertex: UInt32, _ parent: inout [UInt32]) -> UInt32 {
    var v = Int(vertex)
    while true {
      let p = Int(parent[v])
      if p == v { return UInt32(truncatingIfNeeded: v) }
      let grandparent = parent[p]
      parent[v] = grandparent
      v = Int(grandparent)
    }
  }

  /// Whether every directed edge, between positions rather than vertices, is matched by its opposite exactly once, and
  /// the surface is wound to be seen from outside.
  /// Triangles with two corners in one place do not count. There are fewer than 2^31 vertices.
  static func isClosed(vertices: [Mesh.Vertex], indices: [UInt32]) -> Bool {
    let (position, positionCount) = positions(of: vertices)
    // An edge as one number: its lower end, its upper end and, in the last bit, whether it runs down.
    var edges: [UInt64] = []
    edges.reserveCapacity(indices.count)
    for t in stride(from: 0, to: indices.count, by: 3) {
      let a = UInt64(position[Int(indices[t])])
      let b = UInt64(position[Int(indices[t + 1])])
      let c = UInt64(position[Int(indices[t + 2])])
      if a == b || b == c || c == a { continue }
      edges.append(a < b ? a << 32 | b << 1 : b << 32 | a << 1 | 1)
      edges.append(b < c ? b << 32 | c << 1 : c << 32 | b << 1 | 1)
      edges.append(c < a ? c << 32 | a << 1 : a << 32 | c << 1 | 1)
    }
    // Sorted by both ends, edges lie in pairs that run against each other, and no two pairs have the same ends.
    guard edges.count % 2 == 0 else { return false }
    edges = sorted(edges, below: positionCount) { Int(truncatingIfNeeded: $0 & 0xFFFF_FFFF) >> 1 }
    edges = sorted(edges, below: positionCount) { Int(truncatingIfNeeded: $0 >> 32) }
    var last = UInt64.max
    for i in stride(from: 0, to: edges.count, by: 2) {
      guard edges[i] ^ edges[i + 1] == 1, edges[i] >> 1 != last else { return false }
      last = edges[i] >> 1
    }
    return isOutward(vertices, indices, position, positionCount)
  }

  /// Whether every connected part of a closed surface, joined by positions, encloses a positive volume: whether it is
  /// wound as seen from outside.
  private static func isOutward(
    _ vertices: [Mesh.Vertex], _ indices: [UInt32], _ position: [UInt32], _ positionCount: Int
  ) -> Bool {
    let parts = pieces(vertexCount: positionCount, indices: indices.map { position[Int($0)] })
    var volumes = [Double](repeating: 0, count: Int(parts.max() ?? 0) + 1)
    // Any apex will do; one of the surface itself loses least.
    var apexes = [Vector3?](repeating: nil, count: volumes.count)
    func corner(_ k: Int) -> Vector3 { Vector3(vertices[Int(indices[k])].position) }
    for t in 0..<parts.count {
      let part = Int(parts[t])
      let apex = apexes[part] ?? corner(3 * t)
      apexes[part] = apex
      volumes[part] += dot(corner(3 * t) - apex, cross(corner(3 * t + 1) - apex, corner(3 * t + 2) - apex))
    }
    return volumes.allSatisfy { $0 > 0 }
  }

  /// Numbers the distinct positions in order of their first vertex; -0 is 0.
  static func positions(of vertices: [Mesh.Vertex]) -> (number: [UInt32], count: Int) {
    vertices.withUnsafeBufferPointer { v in
      let (number, first) = numberPositions(count: v.count) { v[$0].position }
      return (number, first.count)
    }
  }

  /// A stable counting sort by `key`, which is below `bound`.
  @inline(__always)
  private static func sorted(_ values: [UInt64], below bound: Int, by key: (UInt64) -> Int) -> [UInt64] {
    // next[k] is where the next value of key k goes.
    var next = [Int](repeating: 0, count: bound + 1)
    for value in values { next[key(value) + 1] += 1 }
    for k in 0..<bound { next[k + 1] += next[k] }
    var result = [UInt64](repeating: 0, count: values.count)
    for value in values {
      let k = key(value)
      result[next[k]] = value
      next[k] += 1
    }
    return result
  }
}
