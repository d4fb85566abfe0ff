// A primitive of a glTF mesh to a surface: its attributes, morphed, skinned and placed.

import Geometry
import Stage

struct GLTFSurface {
  let document: GLTFDocument
  let data: GLTFData
  let primitive: GLTFDocument.Primitive
  let file: String
  var notes: Notes

  private mutating func note(_ what: String) {
    notes.add(what, file: file, line: primitive.value.line)
  }

  /// - Parameters:
  ///   - weights: one a morph target.
  ///   - joints: the joint matrices of the skin, which take the place of `transform`; nil where there is none.
  ///   - transform: of the node.
  /// - Returns: nil where the primitive has no positions or no triangle.
  mutating func build(
    weights: [Double], joints: [AffineTransform]?, transform: AffineTransform, slot: Int, coordinates: Int,
    needsCoordinates: Bool
  ) throws(ImportError) -> MeshBuilder.Surface? {
    guard let accessor = primitive.attributes["POSITION"] else {
      note("a primitive without positions is not drawn")
      return nil
    }
    var positions = try vectors(accessor)
    var normals = try primitive.attributes["NORMAL"].map { (a) throws(ImportError) in try vectors(a) } ?? []
    var (tangents, hands) = try readTangents(hasNormals: !normals.isEmpty)
    var colors = try readColors()
    let uvs = try readCoordinates(coordinates, isNeeded: needsCoordinates)
    try morph(weights, &positions, &normals, &tangents, &colors)
    let count = positions.count
    try check(normals.count, count, "normals")
    try check(uvs.count, count, "texture coordinates")

    // From here on everything is in the model's frame.
    var isMirrored = false
    if let joints {
      try skin(joints, &positions, &normals, &tangents)
    } else {
      isMirrored = transform.linear.determinant < 0
      // Normals go with the inverse transpose; where that is lost (a scale of 0) with the map itself.
      let forNormals = transform.linear.inverse?.transpose ?? transform.linear
      for i in positions.indices { positions[i] = transform * positions[i] }
      for i in normals.indices { normals[i] = forNormals * normals[i] }
      for i in tangents.indices { tangents[i] = transform.linear * tangents[i] }
    }
    var surface = MeshBuilder.Surface(
      positions: positions.map { Vector3f(GLTFSurface.zUp($0)) },
      triangles: try triangles(count, isMirrored: isMirrored),
      slot: slot)
    guard surface.positions.allSatisfy({ $0.isFinite }) else {
      throw primitive.value.error(found: "positions beyond the range of floats", expected: "positions below 3.4e38")
    }
    surface.uvs = uvs
    surface.colors = colors
    let units = normals.map { GLTFSurface.zUp($0).normalized }
    if units.contains(where: { $0 == nil }) {
      note("normals of length 0: all normals are made anew")
    } else {
      surface.normals = units.map { Vector3f($0 ?? Vector3(0, 0, 1)) }
      surface.tangents = tangents.indices.map { i in
        let n = Vector3(surface.normals[i])
        let t = GLTFSurface.zUp(tangents[i])
        let unit = (t - n * dot(n, t)).normalized ?? n.anyPerpendicular
        return SIMD4(Vector3f(unit), isMirrored ? -hands[i] : hands[i])
      }
    }
    return surface.triangles.isEmpty ? nil : surface
  }

  private static func zUp(_ p: Vector3) -> Vector3 { Vector3(p.x, -p.z, p.y) }

  private func check(_ found: Int, _ expected: Int, _ what: String) throws(ImportError) {
    guard found == 0 || found == expected else {
      throw primitive.value.error(found: "\(found) \(what)", expected: "\(expected), as many as positions")
    }
  }

  // MARK: Attributes

  private func vectors(_ accessor: Int) throws(ImportError) -> [Vector3] {
    let f = try data.floats(accessor, document, types: ["VEC3"])
    return GLTFSurface.vectors(f, stride: 3)
  }

  private static func vectors(_ f: [Float], stride: Int) -> [Vector3] {
    var values: [Vector3] = []
    values.reserveCapacity(f.count / stride)
    for i in Swift.stride(from: 0, to: f.count, by: stride) {
      values.append(Vector3(Vector3f(f[i], f[i + 1], f[i + 2])))
    }
    return values
  }

  private mutating func readTangents(hasNormals: Bool) throws(ImportError) -> ([Vector3], [Float]) {
    guard let accessor = primitive.attributes["TANGENT"] else { return ([], []) }
    guard hasNormals else {
      note("tangents without normals are not used")
      return ([], [])
    }
    let f = try data.floats(accessor, document, types: ["VEC4"])
    var hands: [Float] = []
    for i in 0..<f.count / 4 {
      if abs(f[4 * i + 3]) != 1 { note("a tangent whose handedness is neither 1 nor -1") }
      hands.append(f[4 * i + 3] < 0 ? -1 : 1)
    }
    return (GLTFSurface.vectors(f, stride: 4), hands)
  }

  private mutating func readColors() throws(ImportError) -> [SIMD4<Float>] {
    guard let accessor = primitive.attributes["COLOR_0"] else { return [] }
    let f = try data.floats(accessor, document, types: ["VEC3", "VEC4"])
    let width = document.accessors[accessor].width
    var colors: [SIMD4<Float>] = []
    for i in stride(from: 0, to: f.count, by: width) {
      let alpha: Float = width == 4 ? f[i + 3] : 1
      colors.append(SIMD4(f[i], f[i + 1], f[i + 2], alpha))
    }
    return colors
  }

  private mutating func readCoordinates(_ set: Int, isNeeded: Bool) throws(ImportError) -> [Vector2f] {
    guard let accessor = primitive.attributes["TEXCOORD_\(set)"] else {
      if isNeeded { note("textures on a primitive without their texture coordinates show one texel") }
      return []
    }
    let f = try data.floats(accessor, document, types: ["VEC2"])
    return (0..<f.count / 2).map { Vector2f(f[2 * $0], f[2 * $0 + 1]) }
  }

  private mutating func morph(
    _ weights: [Double], _ positions: inout [Vector3], _ normals: inout [Vector3], _ tangents: inout [Vector3],
    _ colors: inout [SIMD4<Float>]
  ) throws(ImportError) {
    for (target, weight) in zip(primitive.targets, weights) where weight != 0 {
      func add(_ name: String, to values: inout [Vector3]) throws(ImportError) {
        guard let accessor = target[name], !values.isEmpty else { return }
        let deltas = try vectors(accessor)
        try check(deltas.count, values.count, "morph displacements")
        for i in values.indices { values[i] += deltas[i] * weight }
      }
      try add("POSITION", to: &positions)
      try add("NORMAL", to: &normals)
      try add("TANGENT", to: &tangents)
      if let accessor = target["COLOR_0"], !colors.isEmpty {
        let f = try data.floats(accessor, document, types: ["VEC3", "VEC4"])
        let width = document.accessors[accessor].width
        try check(f.count / width, colors.count, "morph colours")
        for i in colors.indices {
          for c in 0..<width { colors[i][c] += f[width * i + c] * Float(weight) }
        }
      }
    }
    let (black, white) = (SIMD4<Float>(repeating: 0), SIMD4<Float>(repeating: 1))
    for i in colors.indices {
      let inside = colors[i].clamped(lowerBound: black, upperBound: white)
      if inside != colors[i] { note("vertex colours outside 0 to 1 are cut to it") }
      colors[i] = inside
    }
  }

  // MARK: Skin

  private mutating func skin(
    _ matrices: [AffineTransform], _ positions: inout [Vector3], _ normals: inout [Vector3],
    _ tangents: inout [Vector3]
  ) throws(ImportError) {
    // Sets of four joints and weights a vertex: JOINTS_0 with WEIGHTS_0, and so on.
    var sets: [(joints: [UInt32], weights: [Float])] = []
    var n = 0
    while let j = primitive.attributes["JOINTS_\(n)"] {
      guard let w = primitive.attributes["WEIGHTS_\(n)"] else {
        throw primitive.value.error(found: "JOINTS_\(n) without WEIGHTS_\(n)", expected: "both")
      }
      let set = (
        joints: try data.integers(j, document, type: "VEC4"), weights: try data.floats(w, document, types: ["VEC4"])
      )
      try check(set.joints.count / 4, positions.count, "joints")
      try check(set.weights.count / 4, positions.count, "weights")
      sets.append(set)
      n += 1
    }
    guard !sets.isEmpty else {
      throw primitive.value.error(
        found: "a mesh without JOINTS_0 in a node with a skin", expected: "joints and weights")
    }
    for i in positions.indices {
      var (linear, translation) = (Matrix3(Vector3(), Vector3(), Vector3()), Vector3())
      var sum = 0.0
      for set in sets {
        for c in 0..<4 {
          let weight = Double(set.weights[4 * i + c])
          guard weight != 0 else { continue }
          let joint = Int(set.joints[4 * i + c])
          guard joint < matrices.count else {
            throw primitive.value.error(found: "joint \(joint)", expected: "one of \(matrices.count)")
          }
          guard weight > 0 else { throw primitive.value.error(found: "the weight \(weight)", expected: "0 or more") }
          let m = matrices[joint]
          linear.row0 += m.linear.row0 * weight
          linear.row1 += m.linear.row1 * weight
          linear.row2 += m.linear.row2 * weight
          translation += m.translation * weight
          sum += weight
        }
      }
      guard sum > 0 else {
        note("a vertex without weights stays where it is")
        continue
      }
      let m = AffineTransform(linear: linear * (1 / sum), translation: translation / sum)
      positions[i] = m * positions[i]
      if !normals.isEmpty { normals[i] = (m.linear.inverse?.transpose ?? m.linear) * normals[i] }
      if !tangents.isEmpty { tangents[i] = m.linear * tangents[i] }
    }
  }

  // MARK: Triangles

  /// Three vertices a triangle, counter-clockwise seen from outside.
  private mutating func triangles(_ vertexCount: Int, isMirrored: Bool) throws(ImportError) -> [UInt32] {
    var list: [UInt32]
    if let accessor = primitive.indices {
      list = try data.integers(accessor, document, type: "SCALAR")
      if let wrong = list.first(where: { $0 >= UInt32(vertexCount) }) {
        throw primitive.value.error(found: "vertex \(wrong) in the indices", expected: "one of \(vertexCount)")
      }
    } else {
      list = Array(0..<UInt32(vertexCount))
    }
    switch primitive.mode {
    case 5:
      // Every other triangle of a strip runs the other way (glTF 2.0, section 3.7.2.1).
      list = (0..<max(list.count - 2, 0)).flatMap { i -> [UInt32] in
        [list[i], list[i + 1 + i % 2], list[i + 2 - i % 2]]
      }
    case 6: list = (0..<max(list.count - 2, 0)).flatMap { i -> [UInt32] in [list[i + 1], list[i + 2], list[0]] }
    default:
      if list.count % 3 != 0 { note("indices beyond the last whole triangle are not used") }
      list.removeLast(list.count % 3)
    }
    if isMirrored { for i in stride(from: 0, to: list.count, by: 3) { list.swapAt(i + 1, i + 2) } }
    return list
  }
}
