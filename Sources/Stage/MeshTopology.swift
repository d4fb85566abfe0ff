import Geometry

/// Questions about how a mesh's triangles hang together.
enum MeshTopology {
  /// The connected components of triangles under shared vertices, by union-find with path halving; one number a triangle.
  static func pieces(vertexCount: Int, indices: [UInt32]) -> [UInt32] {
    var parent = Array(0..<UInt32(vertexCount))
    func root(_ v: UInt32) -> UInt32 {
      var v = v
      while parent[Int(v)] != v {
        parent[Int(v)] = parent[Int(parent[Int(v)])]
        v = parent[Int(v)]
      }
      return v
    }
    for t in stride(from: 0, to: indices.count, by: 3) {
      let a = root(indices[t])
      parent[Int(root(indices[t + 1]))] = a
      parent[Int(root(indices[t + 2]))] = a
    }
    var number: [UInt32: UInt32] = [:]
    return stride(from: 0, to: indices.count, by: 3).map { t in
      let r = root(indices[t])
      if let n = number[r] { return n }
      let n = UInt32(number.count)
      number[r] = n
      return n
    }
  }

  /// Whether every directed edge, between positions rather than vertices, is matched by its opposite exactly once.
  static func isClosed(vertices: [Mesh.Vertex], indices: [UInt32]) -> Bool {
    var byPosition: [Vector3f: UInt32] = [:]
    let position = vertices.map { v -> UInt32 in
      let p = v.position + 0  // -0 becomes 0
      if let n = byPosition[p] { return n }
      let n = UInt32(byPosition.count)
      byPosition[p] = n
      return n
    }
    var balance: [UInt64: Int] = [:]
    for t in stride(from: 0, to: indices.count, by: 3) {
      let c = (0..<3).map { position[Int(indices[t + $0])] }
      if c[0] == c[1] || c[1] == c[2] || c[2] == c[0] { continue }
      for k in 0..<3 {
        let key = UInt64(c[k]) << 32 | UInt64(c[(k + 1) % 3])
        if balance[key] != nil { return false }
        balance[key] = 1
      }
    }
    return balance.keys.allSatisfy { balance[$0 << 32 | $0 >> 32] != nil }
  }
}
