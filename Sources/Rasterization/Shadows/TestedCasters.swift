import Geometry
import Stage

// Shadows of what is cut out, see-through or one-sided: texel by texel.

/// Draws the triangles of a caster, whose vertices are on a map already, into it. A mask is cut out; of what is blended or
/// lets light through, as many texels are hit as light is held back, by a hash of the texel: the filter's mean over texels is
/// the share. Back faces of one-sided materials are not there.
struct TestedTriangles {
  let map: UnsafeMutablePointer<Float>
  let stride: Int
  let width: Int
  let height: Int
  /// On the map, in texels; those that cannot be on it at infinity.
  let vertices: UnsafePointer<ShadowMap.LightVertex>
  /// For parallel rays, whose depths are in metres. Nil for rays from a point, with -1 / z as depth: what is linear in the world
  /// is then not on the map, and what passes through glass is what passes straight through.
  let texelsPerMetre: Double?

  func draw(_ caster: Instance) {
    let mesh = caster.mesh
    let materials = caster.materials.map { SurfaceMaterial($0, filter: .trilinear) }
    let isMirrored = caster.objectToWorld.linear.determinant < 0
    for t in 0..<mesh.triangleCount {
      let slot = mesh.materialSlots.isEmpty ? 0 : Int(mesh.materialSlots[t])
      let corners = [0, 1, 2].map { Int(mesh.indices[3 * t + $0]) }
      let seed = mesh.pieces[t]
      drawTested(corners, of: mesh, materials[slot], isTested: caster.materials[slot].isTested, isMirrored, seed)
    }
  }

  private func drawTested(
    _ corners: [Int], of mesh: Mesh, _ material: SurfaceMaterial, isTested: Bool, _ isMirrored: Bool, _ seed: UInt32
  ) {
    let (a, b, c) = (vertices[corners[0]], vertices[corners[1]], vertices[corners[2]])
    guard a.x.isFinite, b.x.isFinite, c.x.isFinite, a.y.isFinite, b.y.isFinite, c.y.isFinite else { return }
    let (ax, ay) = (Double(a.x), Double(a.y))
    let (bx, by) = (Double(b.x) - ax, Double(b.y) - ay)
    let (cx, cy) = (Double(c.x) - ax, Double(c.y) - ay)
    let area = bx * cy - cx * by
    guard area != 0, area.isFinite else { return }
    // A face towards the light has negative area: see `ShadowMap.drawCaster`.
    if !material.isDoubleSided, (area < 0) == isMirrored { return }
    // Texels whose centre may be inside.
    func range(_ p: Float, _ q: Float, _ r: Float, _ count: Int) -> Range<Int> {
      let low = max(min(p, min(q, r)) - 0.5, 0).rounded(.up)
      let high = min(max(p, max(q, r)) - 0.5, Float(count - 1)).rounded(.down)
      return low <= high ? Int(low)..<Int(high) + 1 : 0..<0
    }
    let (xs, ys) = (range(a.x, b.x, c.x, width), range(a.y, b.y, c.y, height))
    if xs.isEmpty || ys.isEmpty { return }
    var cosine: Float = 1
    if let texelsPerMetre {
      let slope = Vector3(
        by * Double(c.z - a.z) - cy * Double(b.z - a.z), cx * Double(b.z - a.z) - bx * Double(c.z - a.z),
        area / texelsPerMetre)
      cosine = Float(abs(slope.z) / slope.length)
    }
    let share = isTested ? material.hiding(cosine: cosine) : 1
    let alpha = corners.map { mesh.colors.isEmpty ? 1 : mesh.colors[$0].w }
    let uv = corners.map { mesh.vertices[$0].uv }
    let inverse = 1 / area
    /// Texture coordinates at, or their change by, weights of the second and third corner.
    func change(_ w1: Double, _ w2: Double) -> SIMD2<Float> {
      (uv[1] - uv[0]) * Float(w1) + (uv[2] - uv[0]) * Float(w2)
    }
    let right = change(cy * inverse, -by * inverse)
    let down = change(-cx * inverse, bx * inverse)
    for y in ys {
      for x in xs {
        let (px, py) = (Double(x) + 0.5 - ax, Double(y) + 0.5 - ay)
        let w1 = (px * cy - cx * py) * inverse
        let w2 = (bx * py - px * by) * inverse
        guard w1 >= 0, w2 >= 0, w1 + w2 <= 1 else { continue }
        let z = Float(Double(a.z) + w1 * Double(b.z - a.z) + w2 * Double(c.z - a.z))
        let at = y * stride + x
        guard z < map[at] else { continue }
        if isTested {
          var solid: Float = 1
          if material.coverage != .whole {
            // By the weights of the world.
            let (q0, q1, q2) = texelsPerMetre == nil ? (Double(a.z), Double(b.z), Double(c.z)) : (1, 1, 1)
            let total = (1 - w1 - w2) * q0 + w1 * q1 + w2 * q2
            let (v1, v2) = (w1 * q1 / total, w2 * q2 / total)
            solid =
              material.baseColor.w
              * (alpha[0] * Float(1 - v1 - v2) + alpha[1] * Float(v1) + alpha[2] * Float(v2))
            if material.triplanar == 0, let base = material.base {
              let place = uv[0] + change(v1, v2)
              solid *= material.coverage == .mask ? base.sharpAlpha(place) : base.alpha(place, right, down)
            }
          }
          if material.coverage == .mask {
            if solid < material.cutoff { continue }
            solid = 1
          }
          let noise = CoverageTest.noise(UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: y), seed)
          if solid * share < noise { continue }
        }
        map[at] = z
      }
    }
  }
}
