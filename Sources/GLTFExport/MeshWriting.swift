import Documents
import Geometry
import Imaging
import Stage

/// What a mesh of the file is made of.
struct MeshKey: Hashable {
  var mesh: Digest
  /// By slot.
  var materials: [Int]
  /// Where the mesh is turned into the world's axes.
  var baked: AffineTransform?
}

/// A mesh's vertices in the file: each list once, when it is first asked for.
struct VertexAccessors {
  var positions: Int?
  var normals: Int?
  var tangents: Int?
  var coordinates: Int?
  var colors: Int?
  /// By slot.
  var indices: [Int: Int] = [:]
}

/// What a surface with projected textures is made of.
struct ProjectionKey: Hashable {
  var mesh: Digest
  var slot: Int
  var scale: Double
}

extension GLTFBuilder {
  /// Adds an instance's node, and its mesh and materials where they are new; gives the node's number.
  mutating func add(_ instance: Instance, _ categories: [Category]) throws(GLTFExportError) -> Int {
    let name = nodeNames.unique(instance.name)
    if !instance.castsShadow { reduce("that it casts no shadow is left out", instance.name) }
    var used = Set<Int>(instance.mesh.materialSlots.map(Int.init))
    if used.isEmpty { used = [0] }
    var slots: [Int] = []
    for k in instance.mesh.slotNames.indices {
      // A slot that no triangle has needs no material.
      guard used.contains(k) else {
        slots.append(-1)
        continue
      }
      let slot = instance.mesh.slotNames.count > 1 ? "\(instance.name)/\(instance.mesh.slotNames[k])" : instance.name
      slots.append(try material(instance.materials[k], name: slot))
    }
    // A node's matrix must be a turn, a scale along the axes and a shift: what is sheared is put into the vertices.
    let isBaked = instance.objectToWorld.linear.isSheared
    let baked = isBaked ? instance.objectToWorld : nil
    var extras: [(String, Node)] = [("instance_id", .whole(Int(instance.id)))]
    if let category = categories.first(where: { $0.id == instance.category }) {
      extras += [("category_id", .whole(category.id)), ("category", .text(category.name))]
    }
    var members: [(String, Node)] = [("name", .text(name)), ("mesh", .whole(mesh(instance, slots, baked: baked)))]
    if !isBaked, instance.objectToWorld != .identity { members.append(("matrix", .matrix(instance.objectToWorld))) }
    if let decals = try addDecals(instance, extras, baked: baked) {
      members.append(("children", .list([.whole(decals)])))
    }
    members.append(("extras", .object(extras)))
    return addNode(members)
  }

  private mutating func mesh(_ instance: Instance, _ slots: [Int], baked: AffineTransform?) -> Int {
    // Told of all that share the mesh.
    for slot in slots.indices where slots[slot] >= 0 {
      let material = instance.materials[slot]
      guard case .triplanar = material.projection, material.hasTextures else { continue }
      reduce("textures that are projected along its axes are cut at edges instead of blended", instance.name)
    }
    let key = MeshKey(mesh: instance.mesh.digest, materials: slots, baked: baked)
    if let known = knownMeshes[key] { return known }
    let mesh = baked.map { instance.mesh.moved(by: $0) } ?? instance.mesh
    var primitives: [Node] = []
    for slot in slots.indices where slots[slot] >= 0 {
      let material = instance.materials[slot]
      if case .triplanar(let scale) = material.projection, material.hasTextures {
        let key = ProjectionKey(mesh: mesh.digest, slot: slot, scale: scale)
        // The projection is along the axes of the mesh as it was.
        var flat =
          knownProjections[key]
          ?? (BoxProjection(instance.mesh, mesh, mesh.indices(slot: slot), scale: scale).mesh, VertexAccessors())
        primitives.append(primitive(flat.mesh, &flat.vertices, slot: 0, material, slots[slot]))
        knownProjections[key] = flat
      } else {
        var vertices = knownVertices[mesh.digest] ?? VertexAccessors()
        primitives.append(primitive(mesh, &vertices, slot: slot, material, slots[slot]))
        knownVertices[mesh.digest] = vertices
      }
    }
    meshes.append(.object([("name", .text(meshNames.unique(instance.name))), ("primitives", .list(primitives))]))
    knownMeshes[key] = meshes.count - 1
    return meshes.count - 1
  }

  /// A primitive of a slot's triangles; attributes that its material has no use for are left out.
  mutating func primitive(
    _ mesh: Mesh, _ known: inout VertexAccessors, slot: Int, _ material: Material, _ number: Int
  ) -> Node {
    let indices = known.indices[slot] ?? binary.accessor(indices: mesh.indices(slot: slot))
    known.indices[slot] = indices
    func accessor(_ known: inout Int?, width: Int, hasBounds: Bool = false, _ values: (Int) -> [Float]) -> Node {
      if let known { return .whole(known) }
      var all: [Float] = []
      all.reserveCapacity(mesh.vertices.count * width)
      for i in mesh.vertices.indices { all += values(i) }
      let made = binary.accessor(all, width: width, hasBounds: hasBounds)
      known = made
      return .whole(made)
    }
    var attributes: [(String, Node)] = []
    attributes.append(
      (
        "POSITION",
        accessor(&known.positions, width: 3, hasBounds: true) {
          let p = mesh.vertices[$0].position
          return [p.x, p.y, p.z]
        }
      ))
    attributes.append(
      (
        "NORMAL",
        accessor(&known.normals, width: 3) {
          let n = mesh.vertices[$0].normal.normalized ?? Vector3f(0, 0, 1)
          return [n.x, n.y, n.z]
        }
      ))
    if material.normalTexture != nil, !mesh.tangents.isEmpty {
      attributes.append(
        (
          "TANGENT",
          accessor(&known.tangents, width: 4) {
            let t = mesh.tangents[$0]
            let d = Vector3f(t.x, t.y, t.z).normalized ?? Vector3f(1, 0, 0)
            return [d.x, d.y, d.z, t.w < 0 ? -1 : 1]
          }
        ))
    }
    if material.hasTextures {
      attributes.append(
        (
          "TEXCOORD_0",
          accessor(&known.coordinates, width: 2) {
            let uv = mesh.vertices[$0].uv
            return [uv.x, uv.y]
          }
        ))
    }
    if !mesh.colors.isEmpty {
      attributes.append(
        (
          "COLOR_0",
          accessor(&known.colors, width: 4) {
            let c = mesh.colors[$0]
            return [c.x, c.y, c.z, c.w]
          }
        ))
    }
    return .object([
      ("attributes", .object(attributes)), ("indices", .whole(indices)), ("material", .whole(number)),
    ])
  }
}

extension Mesh {
  /// Vertex indices of the triangles of a material slot.
  func indices(slot: Int) -> [UInt32] {
    guard !materialSlots.isEmpty else { return slot == 0 ? indices : [] }
    var own: [UInt32] = []
    for t in 0..<triangleCount where Int(materialSlots[t]) == slot { own += indices[3 * t..<3 * t + 3] }
    return own
  }

  /// The mesh with a transform put into its vertices; what a mirror turns inside out is wound the other way.
  func moved(by t: AffineTransform) -> Mesh {
    let isMirrored = t.linear.determinant < 0
    // Normals go by the transpose of the way back, up to their length.
    let back = (t.linear.inverse ?? .identity).transpose
    let moved = vertices.map { v in
      let normal = (back * Vector3(v.normal)).normalized ?? Vector3(v.normal)
      return Vertex(position: Vector3f(t * Vector3(v.position)), normal: Vector3f(normal), uv: v.uv)
    }
    let turned = tangents.map { tangent -> SIMD4<Float> in
      let d = t.linear * Vector3(Double(tangent.x), Double(tangent.y), Double(tangent.z))
      return SIMD4(Vector3f(d.normalized ?? Vector3(1, 0, 0)), isMirrored ? -tangent.w : tangent.w)
    }
    var wound = indices
    if isMirrored { for k in stride(from: 0, to: wound.count, by: 3) { wound.swapAt(k + 1, k + 2) } }
    return Mesh(
      vertices: moved, indices: wound, tangents: turned, colors: colors, materialSlots: materialSlots,
      slotNames: slotNames)
  }
}

extension Matrix3 {
  /// Whether it is more than a turn after a scale along the axes, to within 1e-6 of a right angle.
  var isSheared: Bool {
    guard let x = column0.normalized, let y = column1.normalized, let z = column2.normalized else { return true }
    return max(abs(dot(x, y)), abs(dot(y, z)), abs(dot(z, x))) > 1e-6
  }
}
