import Geometry

/// Questions about how a mesh's triangles hang together. All take time and memory linear in the mesh's size.
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
    let unnumbered = UInt32.max
    var number = [UInt32](repeating: unnumbered, count: vertexCount)
    var count: UInt32 = 0
    return stride(from: 0, to: indices.count, by: 3).map { t in
      let r = Int(root(indices[t]))
      if number[r] == unnumbered {
        number[r] = count
        count += 1
      }
      return number[r]
    }
  }

  /// Whether every directed edge, between positions rather than vertices, is matched by its opposite exactly once.
  /// Triangles with two corners in one place do not count.
  static func isClosed(vertices: [Mesh.Vertex], indices: [UInt32]) -> Bool {
    let (position, positionCount) = positions(of: vertices)
    var from: [UInt32] = []
    var to: [UInt32] = []
    from.reserveCapacity(indices.count)
    to.reserveCapacity(indices.count)
    for t in stride(from: 0, to: indices.count, by: 3) {
      let (a, b, c) = (
        position[Int(indices[t])], position[Int(indices[t + 1])], position[Int(indices[t + 2])]
      )
      if a == b || b == c || c == a { continue }
      from.append(a)
      to.append(b)
      from.append(b)
      to.append(c)
      from.append(c)
      to.append(a)
    }
    // The edges sorted, and their opposites sorted, are the same list, and no edge is in it twice.
    let edges = sorted(from, to, below: positionCount)
    let opposites = sorted(to, from, below: positionCount)
    guard edges.first == opposites.first, edges.second == opposites.second else { return false }
    return !edges.first.indices.dropFirst().contains {
      edges.first[$0] == edges.first[$0 - 1] && edges.second[$0] == edges.second[$0 - 1]
    }
  }

  /// Numbers the distinct positions in order of their first vertex; -0 is 0.
  static func positions(of vertices: [Mesh.Vertex]) -> (number: [UInt32], count: Int) {
    // Open addressing in a table of at least twice as many slots; a slot holds the first vertex of a position.
    let empty = UInt32.max
    var bits = 4
    while 1 << bits < 2 * vertices.count { bits += 1 }
    let mask = 1 << bits - 1
    var slots = [UInt32](repeating: empty, count: 1 << bits)
    var number = [UInt32](repeating: 0, count: vertices.count)
    var count: UInt32 = 0
    for (i, vertex) in vertices.enumerated() {
      let p = vertex.position + 0  // -0 becomes 0
      // Products of the bits by odd constants (fractions of square roots of primes), of which the upper half mixes best.
      var h = UInt64(p.x.bitPattern) &* 0x6A09_E667_F3BC_C909
      h = (h ^ h >> 32 ^ UInt64(p.y.bitPattern)) &* 0xBB67_AE85_84CA_A73B
      h = (h ^ h >> 32 ^ UInt64(p.z.bitPattern)) &* 0x3C6E_F372_FE94_F82B
      var slot = Int(truncatingIfNeeded: h >> 32) & mask
      while true {
        let other = slots[slot]
        if other == empty {
          slots[slot] = UInt32(truncatingIfNeeded: i)
          number[i] = count
          count += 1
          break
        }
        if vertices[Int(other)].position == p {
          number[i] = number[Int(other)]
          break
        }
        slot = (slot + 1) & mask
      }
    }
    return (number, Int(count))
  }

  /// The pairs (first, second) in lexicographic order, by two stable counting sorts. All values are below `bound`.
  private static func sorted(_ first: [UInt32], _ second: [UInt32], below bound: Int) -> (
    first: [UInt32], second: [UInt32]
  ) {
    let (s, f) = sortedByFirst(second, first, below: bound)
    return sortedByFirst(f, s, below: bound)
  }

  private static func sortedByFirst(_ first: [UInt32], _ second: [UInt32], below bound: Int) -> (
    first: [UInt32], second: [UInt32]
  ) {
    // next[k] is where the next pair with first = k goes.
    var next = [Int](repeating: 0, count: bound + 1)
    for k in first { next[Int(k) + 1] += 1 }
    for k in 0..<bound { next[k + 1] += next[k] }
    var sortedFirst = [UInt32](repeating: 0, count: first.count)
    var sortedSecond = sortedFirst
    for (k, value) in zip(first, second) {
      sortedFirst[next[Int(k)]] = k
      sortedSecond[next[Int(k)]] = value
      next[Int(k)] += 1
    }
    return (sortedFirst, sortedSecond)
  }
}
