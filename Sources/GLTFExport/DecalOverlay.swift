import Documents
import Geometry
import Stage

/// The part of a surface that a decal covers, as a mesh of its own that lies a hair above it: glTF has no pictures laid over
/// others. Triangles are cut at the bounds of the decal's box and where the surface turns away from it.
enum DecalOverlay {
  private struct Corner {
    var position: Vector3
    var normal: Vector3
    /// Place in the decal: u, v, depth.
    var place: Vector3
    /// Of the angle between the normal and the way that the decal faces.
    var cosine: Double

    func towards(_ other: Corner, _ t: Double) -> Corner {
      Corner(
        position: position + (other.position - position) * t, normal: normal + (other.normal - normal) * t,
        place: place + (other.place - place) * t, cosine: cosine + (other.cosine - cosine) * t)
    }
  }

  /// - Parameters:
  ///   - mesh: in the object's axes.
  ///   - indices: of the triangles that the decal may cover.
  ///   - lift: how far above the surface, in the object's metres.
  /// - Returns: nil where it covers nothing.
  static func mesh(_ mesh: Mesh, _ indices: [UInt32], _ decal: Decal, lift: Double) -> Mesh? {
    var vertices: [Mesh.Vertex] = []
    var corners: [UInt32] = []
    for t in stride(from: 0, to: indices.count, by: 3) {
      var polygon = indices[t..<t + 3].map { k -> Corner in
        let v = mesh.vertices[Int(k)]
        let (p, n) = (Vector3(v.position), Vector3(v.normal))
        return Corner(position: p, normal: n, place: decal.objectToDecal * p, cosine: dot(n, decal.facing))
      }
      // Each is at least 0 on what is covered.
      let sides: [(Corner) -> Double] = [
        { $0.place.x }, { 1 - $0.place.x }, { $0.place.y }, { 1 - $0.place.y }, { 1 + $0.place.z }, { 1 - $0.place.z },
        { $0.cosine - decal.leastCosine },
      ]
      for side in sides where !polygon.isEmpty { polygon = clipped(polygon, side) }
      guard polygon.count >= 3 else { continue }
      let first = UInt32(vertices.count)
      for c in polygon {
        let normal = c.normal.normalized ?? decal.facing
        vertices.append(
          .init(
            position: Vector3f(c.position + normal * lift), normal: Vector3f(normal),
            uv: Vector2f(Float(c.place.x), Float(c.place.y))))
      }
      for k in 2..<UInt32(polygon.count) { corners += [first, first + k - 1, first + k] }
    }
    return corners.isEmpty ? nil : Mesh(vertices: vertices, indices: corners)
  }

  /// The part of a convex polygon where a linear function is not negative (Sutherland & Hodgman 1974).
  private static func clipped(_ polygon: [Corner], _ side: (Corner) -> Double) -> [Corner] {
    var inside: [Corner] = []
    for (k, a) in polygon.enumerated() {
      let b = polygon[k + 1 == polygon.count ? 0 : k + 1]
      let (x, y) = (side(a), side(b))
      if x >= 0 { inside.append(a) }
      if (x < 0) != (y < 0) { inside.append(a.towards(b, x / (x - y))) }
    }
    return inside
  }
}

extension GLTFBuilder {
  /// Adds a node with the decals of an instance, which hangs below the instance's own; nil where nothing is covered.
  mutating func addDecals(
    _ instance: Instance, _ extras: [(String, Node)], baked: AffineTransform?
  ) throws(GLTFExportError) -> Int? {
    let size = (instance.mesh.upperBound - instance.mesh.lowerBound).length
    var primitives: [Node] = []
    for (slot, surface) in instance.materials.enumerated() where !surface.decals.isEmpty {
      let indices = instance.mesh.indices(slot: slot)
      for (k, decal) in surface.decals.enumerated() {
        // 1/4000 of the object or of the decal, whichever is smaller, the uppermost the farthest.
        let sides = decal.objectToDecal.linear.inverse.map { max($0.column0.length, $0.column1.length) }
        let lift = min(size, sides ?? size) * 0.00025 * Double(k + 1)
        guard var cover = DecalOverlay.mesh(instance.mesh, indices, decal, lift: lift) else { continue }
        if let baked { cover = cover.moved(by: baked) }
        var look = Material(
          baseColor: decal.color, baseColorTexture: decal.texture, metallic: decal.metallic ?? surface.metallic,
          roughness: decal.roughness ?? surface.roughness)
        (look.opacity, look.alphaMode, look.isDoubleSided) = (decal.opacity, .blend, surface.isDoubleSided)
        let number = try material(look, name: "\(instance.name)/decal", isMask: decal.isMask)
        var vertices = VertexAccessors()
        primitives.append(primitive(cover, &vertices, slot: 0, look, number))
      }
    }
    guard !primitives.isEmpty else { return nil }
    let name = "\(instance.name) decals"
    meshes.append(.object([("name", .text(meshNames.unique(name))), ("primitives", .list(primitives))]))
    reduce("pictures laid on it (decals) are meshes that lie a hair above it", instance.name)
    return addNode([
      ("name", .text(nodeNames.unique(name))), ("mesh", .whole(meshes.count - 1)), ("extras", .object(extras)),
    ])
  }
}
