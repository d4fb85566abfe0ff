/// Union-find with path halving; the root of a set is its smallest member.
package struct DisjointSets {
  private var parent: [Int32]

  package init(count: Int) { parent = Array(0..<Int32(count)) }

  package mutating func root(_ i: Int) -> Int {
    var i = i
    while Int(parent[i]) != i {
      parent[i] = parent[Int(parent[i])]
      i = Int(parent[i])
    }
    return i
  }

  package mutating func join(_ i: Int, _ j: Int) {
    let (a, b) = (root(i), root(j))
    if a < b { parent[b] = Int32(a) } else { parent[a] = Int32(b) }
  }
}
