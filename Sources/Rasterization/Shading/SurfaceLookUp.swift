import CLanes
import Geometry
import LaneMath
import Stage

/// Evaluates general materials, one fragment at a time: the values of eight fragments lie beside each other in slots of eight
/// numbers, which hold what the quick way found for all eight before, and are overwritten where a material needs more.
struct SurfaceLookUp {
  let inputs: ShadingInputs
  let slots: UnsafeMutablePointer<Float>

  /// Numbers of slots. The first are results, the last given.
  enum Slot {
    static let baseColor = 0
    static let metallic = 3
    static let alpha = 4
    static let roughness = 5
    static let emission = 6
    /// Of unit length.
    static let normal = 9
    static let occlusion = 12
    /// Reflectance of the dielectric, and of all at grazing angles.
    static let dielectric = 13
    static let grazing = 16
    /// Factor of what is scattered, and of all that is reflected.
    static let scatter = 17
    static let gain = 18
    /// By how much less than an eighth the surface hides of what is behind it.
    static let clear = 19
    static let coat = 20
    static let coatRoughness = 21
    static let sheen = 22
    static let sheenRoughness = 25
    /// Given: where the fragment is, texture coordinates and their changes to the right and down.
    static let position = 26
    static let u = 29
    static let v = 30
    static let dudx = 31
    static let dvdx = 32
    static let dudy = 33
    static let dvdy = 34
    static let count = 35
  }

  @inline(__always)
  private func put(_ v: SIMD3<Float>, _ slot: Int, _ i: Int) {
    slots[8 * slot + i] = v.x
    slots[8 * slot + 8 + i] = v.y
    slots[8 * slot + 16 + i] = v.z
  }

  @inline(__always)
  private func three(_ slot: Int, _ i: Int) -> SIMD3<Float> {
    SIMD3(slots[8 * slot + i], slots[8 * slot + 8 + i], slots[8 * slot + 16 + i])
  }

  /// One fragment with what its textures are looked up by.
  private struct Place {
    let primitive: UnsafePointer<Primitive>
    let instance: UnsafePointer<SurfaceInstance>
    let plane: TrianglePlane
    let point: TrianglePlane.Point
    /// Of unit length; towards the viewer, as the side that is seen.
    let normal: SIMD3<Float>
    /// Whether the mesh is seen from outside, as it is wound.
    let isOutside: Bool
    let uv: SIMD2<Float>
    let dx: SIMD2<Float>
    let dy: SIMD2<Float>
    let triplanar: TriplanarPlace?
  }

  /// Overwrites the results of fragment `i`.
  func evaluate(_ i: Int, _ primitive: UnsafePointer<Primitive>, _ material: UnsafePointer<SurfaceMaterial>) {
    let m = material
    let position = three(Slot.position, i)
    let plane = TrianglePlane(primitive.pointee, positionU: inputs.positionU, normalV: inputs.normalV)
    let ray = Vector3(Double(position.x / position.z), Double(position.y / position.z), 1)
    let point = plane.point(along: ray)
    // Between pixels, on the plane z = 1.
    let step =
      Vector2(Double(inputs.rayScale.x), Double(inputs.rayScale.y)) / (inputs.isParallel ? Double(position.z) : 1)
    let instance = inputs.instances + Int(primitive.pointee.instance)
    let normal = three(Slot.normal, i)
    var triplanar: TriplanarPlace?
    if m.pointee.triplanar > 0 {
      let (right, down) = (Vector3(step.x, 0, 0), Vector3(0, step.y, 0))
      triplanar = TriplanarPlace(
        instance, position, normal, plane.positionChange(point, right), plane.positionChange(point, down),
        scale: m.pointee.triplanar)
    }
    let place = Place(
      primitive: primitive, instance: instance, plane: plane, point: point, normal: normal,
      isOutside: (dot(ray, plane.n) > 0) != instance.pointee.isMirrored,
      uv: SIMD2(slots[8 * Slot.u + i], slots[8 * Slot.v + i]),
      dx: SIMD2(slots[8 * Slot.dudx + i], slots[8 * Slot.dvdx + i]),
      dy: SIMD2(slots[8 * Slot.dudy + i], slots[8 * Slot.dvdy + i]), triplanar: triplanar)
    let probes = m.pointee.probes

    var base = SIMD3(m.pointee.baseColor.x, m.pointee.baseColor.y, m.pointee.baseColor.z)
    if let layer = m.pointee.base { base *= SurfaceLookUp.rgb(sample(layer, place, probes)) }
    if let colors = instance.pointee.colors { base *= SurfaceLookUp.rgb(mixed(colors, place)) }
    var (metallic, roughness) = (m.pointee.metallic, m.pointee.roughness)
    if let layer = m.pointee.metallicRoughness {
      let t = sample(layer, place, probes)
      roughness *= t.y
      metallic *= t.z
    }
    if let decals = m.pointee.decals {
      let (right, down) = (Vector3(step.x, 0, 0), Vector3(0, step.y, 0))
      let on = SurfaceDecal.Point(
        position: instance.pointee.objectPoint(position),
        normal: instance.pointee.objectNormal(normal).normalized ?? SIMD3(0, 0, 1),
        right: instance.pointee.objectVector(SIMD3<Float>(plane.positionChange(point, right))),
        down: instance.pointee.objectVector(SIMD3<Float>(plane.positionChange(point, down))))
      for d in decals { d.lay(on: on, probes: probes, base: &base, roughness: &roughness, metallic: &metallic) }
    }
    put(base, Slot.baseColor, i)
    slots[8 * Slot.metallic + i] = metallic
    // As in `ShadingMaterial`.
    let alpha = max(roughness * roughness, 0.002)
    slots[8 * Slot.alpha + i] = alpha
    slots[8 * Slot.roughness + i] = alpha.squareRoot()

    var emission = m.pointee.emission
    if let layer = m.pointee.emissive { emission *= SurfaceLookUp.rgb(sample(layer, place, probes)) }
    put(emission, Slot.emission, i)
    if let layer = m.pointee.occlusion {
      let t = sample(layer, place, probes).x
      slots[8 * Slot.occlusion + i] = max(1 + m.pointee.occlusionStrength * (t - 1), 0)
    }
    if let layer = m.pointee.normal {
      put(bent(perturbed(layer, place, m.pointee.normalScale, probes), position), Slot.normal, i)
    }

    put(m.pointee.dielectric, Slot.dielectric, i)
    slots[8 * Slot.grazing + i] = m.pointee.grazing + (1 - m.pointee.grazing) * metallic
    slots[8 * Slot.scatter + i] = 1 - m.pointee.transmission * (1 - m.pointee.metallic)
    if m.pointee.transmission > 0 {
      let hidden = m.pointee.hiding(cosine: Float(plane.cosine(ray)))
      slots[8 * Slot.gain + i] = 1 / max(hidden, 0.125)
      slots[8 * Slot.clear + i] = max(0.125 - hidden, 0)
    }
    slots[8 * Slot.coat + i] = m.pointee.clearcoat
    slots[8 * Slot.coatRoughness + i] = m.pointee.clearcoatRoughness
    put(m.pointee.sheenColor, Slot.sheen, i)
    slots[8 * Slot.sheenRoughness + i] = m.pointee.sheenRoughness
  }

  @inline(__always)
  private static func rgb(_ v: SIMD4<Float>) -> SIMD3<Float> { SIMD3(v.x, v.y, v.z) }

  private func sample(_ layer: TextureLayer, _ p: Place, _ probes: Int) -> SIMD4<Float> {
    if let t = p.triplanar { return t.sample(layer, probes) }
    return layer.filtered(p.uv, p.dx, p.dy, probes: probes)
  }

  /// A value of the mesh's vertices at the fragment.
  private func mixed(_ values: UnsafePointer<SIMD4<Float>>, _ p: Place) -> SIMD4<Float> {
    let first = p.instance.pointee.firstVertex
    return p.plane.mix(
      p.point, values[Int(p.primitive.pointee.vertex0 &- first)], values[Int(p.primitive.pointee.vertex1 &- first)],
      values[Int(p.primitive.pointee.vertex2 &- first)])
  }

  /// The normal as a normal map has it, of unit length, in camera axes, towards the side that is seen.
  private func perturbed(
    _ layer: TextureLayer, _ p: Place, _ scale: Float, _ probes: Int
  ) -> SIMD3<Float> {
    if let t = p.triplanar {
      let bumped = t.normal(layer, probes, strength: scale, outside: p.isOutside)
      let n = p.instance.pointee.cameraNormal(bumped)
      return (p.isOutside ? n : -n).normalized ?? p.normal
    }
    let texel = layer.filtered(p.uv, p.dx, p.dy, probes: probes)
    let (x, y, z) = ((2 * texel.x - 1) * scale, (2 * texel.y - 1) * scale, 2 * texel.z - 1)
    // The mesh's own normal points outwards, whichever side is seen; the back of a bump is a dent.
    let outward = p.isOutside ? p.normal : -p.normal
    guard let (tangent, bitangent) = frame(p, outward) else { return p.normal }
    let n = tangent * x + bitangent * y + outward * max(z, 0)
    return (p.isOutside ? n : -n).normalized ?? p.normal
  }

  /// Unit vectors in camera axes along which the texture's u grows and its v falls, perpendicular to `outward`; nil where the
  /// texture has no direction there.
  private func frame(_ p: Place, _ outward: SIMD3<Float>) -> (SIMD3<Float>, SIMD3<Float>)? {
    if let tangents = p.instance.pointee.tangents {
      let t = mixed(tangents, p)
      let along = p.instance.pointee.cameraVector(SIMD3(t.x, t.y, t.z))
      if let tangent = (along - outward * dot(outward, along)).normalized {
        // The handedness is that of the mesh; a mirror turns cross products round.
        let hand: Float = (t.w < 0) != p.instance.pointee.isMirrored ? -1 : 1
        return (tangent, cross(outward, tangent) * hand)
      }
    }
    // From the triangle: solve e1 = T du1 + S dv1, e2 = T du2 + S dv2 for T along u and S along v.
    let (d1, d2) = (p.plane.uv1, p.plane.uv2)
    let determinant = d1.x * d2.y - d2.x * d1.y
    guard determinant != 0 else { return nil }
    let sign: Double = determinant < 0 ? -1 : 1
    let t = (p.plane.e1 * d2.y - p.plane.e2 * d1.y) * sign
    let s = (p.plane.e2 * d1.x - p.plane.e1 * d2.x) * sign
    guard let alongU = t.normalized.map({ SIMD3<Float>($0) }), let alongV = s.normalized.map({ SIMD3<Float>($0) }),
      let tangent = (alongU - outward * dot(outward, alongU)).normalized
    else { return nil }
    let up = cross(outward, tangent)
    return (tangent, dot(up, alongV) > 0 ? -up : up)
  }

  /// A normal turned until it faces the viewer, if only just.
  private func bent(_ n: SIMD3<Float>, _ position: SIMD3<Float>) -> SIMD3<Float> {
    guard let view = (-position).normalized else { return n }
    let facing = dot(n, view)
    if facing >= 0.02 { return n }
    return (n + view * (0.02 - facing)).normalized ?? view
  }
}
