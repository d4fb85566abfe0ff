import Geometry

extension Mesh {
  /// Triangles beyond which `refined` leaves edges as long as they are.
  static let refinementLimit = 1 << 19

  /// The same surface with no edge longer than `longestEdge`, as far as `refinementLimit` allows.
  ///
  /// An edge is cut in the middle or not by its own length alone, so that the triangles on both sides agree and the
  /// surface stays as closed as it was.
  func refined(longestEdge: Double) -> Mesh {
    guard longestEdge.isFinite, longestEdge > 0 else { return self }
    let limit = Float(longestEdge * longestEdge)
    var mesh = RefinedMesh(self)
    // Each turn halves; 24 halvings are beyond any limit of triangles.
    for _ in 0..<24 {
      guard let next = mesh.halved(limit) else { break }
      mesh = next
    }
    guard mesh.indices.count != indices.count else { return self }
    return Mesh(
      vertices: mesh.vertices, indices: mesh.indices, tangents: mesh.tangents, colors: mesh.colors,
      materialSlots: mesh.slots, slotNames: slotNames)
  }
}

/// A mesh that is being cut smaller.
private struct RefinedMesh {
  var vertices: [Mesh.Vertex]
  var indices: [UInt32]
  var tangents: [SIMD4<Float>]
  var colors: [SIMD4<Float>]
  var slots: [UInt16]

  init(_ mesh: Mesh) {
    vertices = mesh.vertices
    indices = mesh.indices
    tangents = mesh.tangents
    colors = mesh.colors
    slots = mesh.materialSlots
  }

  private func isLong(_ a: UInt32, _ b: UInt32, _ limit: Float) -> Bool {
    // The square of the difference is the same either way round.
    let d = vertices[Int(a)].position - vertices[Int(b)].position
    return dot(d, d) > limit
  }

  /// With every edge cut whose square is above `limit`; nil where there is none, or too many triangles would be.
  func halved(_ limit: Float) -> RefinedMesh? {
    var added = 0
    for t in stride(from: 0, to: indices.count, by: 3) {
      for k in 0..<3 where isLong(indices[t + k], indices[t + (k + 1) % 3], limit) { added += 1 }
    }
    guard added > 0, indices.count / 3 + added <= Mesh.refinementLimit else { return nil }
    var next = self
    next.indices = []
    next.indices.reserveCapacity(indices.count + 3 * added)
    next.slots = []
    var middles: [UInt64: UInt32] = [:]
    for t in stride(from: 0, to: indices.count, by: 3) {
      let corner = [indices[t], indices[t + 1], indices[t + 2]]
      let cut = (0..<3).map { k -> UInt32? in
        let (a, b) = (corner[k], corner[(k + 1) % 3])
        return isLong(a, b, limit) ? next.middle(a, b, &middles) : nil
      }
      let before = next.indices.count
      next.split(corner, cut)
      if !slots.isEmpty {
        let parts = (next.indices.count - before) / 3
        next.slots.append(contentsOf: repeatElement(slots[t / 3], count: parts))
      }
    }
    return next
  }

  private mutating func middle(_ a: UInt32, _ b: UInt32, _ known: inout [UInt64: UInt32]) -> UInt32 {
    let key = UInt64(min(a, b)) << 32 | UInt64(max(a, b))
    if let vertex = known[key] { return vertex }
    let (p, q) = (vertices[Int(a)], vertices[Int(b)])
    let number = UInt32(truncatingIfNeeded: vertices.count)
    vertices.append(
      Mesh.Vertex(
        position: (p.position + q.position) * 0.5, normal: (p.normal + q.normal).normalized ?? p.normal,
        uv: (p.uv + q.uv) * 0.5))
    if !tangents.isEmpty {
      let (s, t) = (tangents[Int(a)], tangents[Int(b)])
      let sum = Vector3f(s.x + t.x, s.y + t.y, s.z + t.z).normalized ?? Vector3f(s.x, s.y, s.z)
      tangents.append(SIMD4(sum, s.w))
    }
    if !colors.isEmpty { colors.append((colors[Int(a)] + colors[Int(b)]) * 0.5) }
    known[key] = number
    return number
  }

  /// Appends the parts of a triangle whose edge k, from corner k to the next, is cut at `cut[k]`.
  private mutating func split(_ c: [UInt32], _ cut: [UInt32?]) {
    func add(_ a: UInt32, _ b: UInt32, _ c: UInt32) {
      indices.append(a)
      indices.append(b)
      indices.append(c)
    }
    switch (cut[0], cut[1], cut[2]) {
    case (nil, nil, nil): add(c[0], c[1], c[2])
    case (let x?, let y?, let z?):
      add(c[0], x, z)
      add(x, c[1], y)
      add(z, y, c[2])
      add(x, y, z)
    case (let x?, nil, nil): splitOne(c[0], c[1], c[2], x)
    case (nil, let y?, nil): splitOne(c[1], c[2], c[0], y)
    case (nil, nil, let z?): splitOne(c[2], c[0], c[1], z)
    case (let x?, let y?, nil): splitTwo(c[0], c[1], c[2], x, y)
    case (nil, let y?, let z?): splitTwo(c[1], c[2], c[0], y, z)
    case (let x?, nil, let z?): splitTwo(c[2], c[0], c[1], z, x)
    }
  }

  /// Edge a-b is cut at m.
  private mutating func splitOne(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ m: UInt32) {
    for i in [a, m, c, m, b, c] { indices.append(i) }
  }

  /// Edges a-b and b-c are cut at m and n; the quadrangle is cut along its shorter diagonal.
  private mutating func splitTwo(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ m: UInt32, _ n: UInt32) {
    func square(_ i: UInt32, _ j: UInt32) -> Float {
      let d = vertices[Int(i)].position - vertices[Int(j)].position
      return dot(d, d)
    }
    for i in [m, b, n] { indices.append(i) }
    for i in square(a, n) <= square(m, c) ? [a, m, n, a, n, c] : [a, m, c, m, n, c] { indices.append(i) }
  }
}
