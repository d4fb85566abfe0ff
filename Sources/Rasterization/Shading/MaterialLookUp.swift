import CLanes
import Geometry
import LaneMath
import Stage

// The pass that looks materials up. Batches of plain materials, most of them, take the quick way on all lanes together. The
// others take it too, and then go over the fragments of other materials one by one.

extension TileShader {
  /// Looks textures up and puts the materials together: leaves view, normals, reflectance, occlusion and emission.
  ///
  /// - Parameter keepsSlots: whether plain materials go the general way too, which leaves what they say in `slots`.
  @inline(never)
  func lookUp(_ ids: UnsafePointer<UInt32>, _ group: Int, _ held: inout UInt32, keepsSlots: Bool = false) {
    for b in 0..<group {
      fetchMaterials(ids + 8 * b, &held)
      let batch = batches + b
      let (mapping, size) = (materials.pointee.mapping, materials.pointee.size)
      let uRaw = batch.pointee.u * mapping.x + mapping.z
      let vRaw = batch.pointee.v * mapping.y + mapping.w
      let u = uRaw - wholePart(uRaw)
      let v = vRaw - wholePart(vRaw)
      // Level of detail: log2 of the longer of the two steps, in texels of level 0, that a pixel's sides make.
      let (sx, sy) = (mapping.x * size.x, mapping.y * size.y)
      let (ax, ay) = (batch.pointee.dudx * sx, batch.pointee.dvdx * sy)
      let (bx, by) = (batch.pointee.dudy * sx, batch.pointee.dvdy * sy)
      let steps = maximum(ax * ax + ay * ay, bx * bx + by * by)
      let bounded = minimum(maximum(steps, lanes(1)), lanes(1e9))
      let detail = maximum(logarithm2(bounded) * 0.5, lanes(0))
      let texel = sampler.trilinear(UnsafePointer(pointers), isUniform: held != .max, u: u, v: v, detail: detail)
      let (first, span, emission) = (materials.pointee.first, materials.pointee.span, materials.pointee.emission)
      let baseColor = Lanes3(first.x, first.y, first.z) + Lanes3(span.x, span.y, span.z) * texel
      let view = inputs.isParallel ? Lanes3(lanes(0), lanes(0), lanes(-1)) : unit(-batch.pointee.position)
      batch.pointee.view = view
      if materials.pointee.arePlain && !keepsSlots {
        let nv = maximum(dot(batch.pointee.normal, view), lanes(1e-3))
        batch.pointee.nv = nv
        let dielectric = lanes(1) - span.w
        let (e, b) = albedo(nv)
        batch.pointee.reflectance = Reflectance(
          scattering: baseColor * dielectric,
          f0: baseColor * span.w + Lanes3(dielectric, dielectric, dielectric) * lanes(0.04), f90: lanes(1),
          alpha: first.w, roughness: emission.w, e: e, b: b)
        batch.pointee.colour = Lanes3(emission.x, emission.y, emission.z)
        batch.pointee.isLayered = false
        batch.pointee.isClear = false
        batch.pointee.occlusion = lanes(1)
      } else {
        lookUpSurfaces(ids + 8 * b, batch, baseColor: baseColor)
      }
    }
  }

  /// E and B of `AlbedoTable` for each lane's material.
  @inline(__always)
  private func albedo(_ nv: Lanes) -> (e: Lanes, b: Lanes) {
    let x = minimum(nv, lanes(1)) * AlbedoTable.last
    let whole = minimum(wholePart(x), lanes(AlbedoTable.last - 1))
    lane[0] = numbers(bits: integers(whole))
    let index = UnsafeRawPointer(lane).assumingMemoryBound(to: Int32.self)
    // Rows are the materials' first field.
    let node = columns {
      UnsafeRawPointer(pointers[$0]).load(fromByteOffset: Int(index[$0]) &* 16, as: SIMD4<Float>.self)
    }
    let f = x - whole
    return (node.x + node.z * f, node.y + node.w * f)
  }

  /// The general way, for a batch in which some material is more than plain.
  @inline(never)
  private func lookUpSurfaces(
    _ ids: UnsafePointer<UInt32>, _ batch: UnsafeMutablePointer<ShadingBatch>, baseColor: Lanes3
  ) {
    typealias Slot = SurfaceLookUp.Slot
    let (first, span, emission) = (materials.pointee.first, materials.pointee.span, materials.pointee.emission)
    put(baseColor, Slot.baseColor)
    slots[Slot.metallic] = span.w
    slots[Slot.alpha] = first.w
    slots[Slot.roughness] = emission.w
    put(Lanes3(emission.x, emission.y, emission.z), Slot.emission)
    put(batch.pointee.normal, Slot.normal)
    slots[Slot.occlusion] = lanes(1)
    put(Lanes3(lanes(0.04), lanes(0.04), lanes(0.04)), Slot.dielectric)
    (slots[Slot.grazing], slots[Slot.scatter], slots[Slot.gain]) = (lanes(1), lanes(1), lanes(1))
    slots[Slot.clear] = lanes(0)
    (slots[Slot.coat], slots[Slot.coatRoughness], slots[Slot.sheenRoughness]) = (lanes(0), lanes(0), lanes(0))
    put(Lanes3(lanes(0), lanes(0), lanes(0)), Slot.sheen)
    put(batch.pointee.position, Slot.position)
    (slots[Slot.u], slots[Slot.v]) = (batch.pointee.u, batch.pointee.v)
    (slots[Slot.dudx], slots[Slot.dvdx]) = (batch.pointee.dudx, batch.pointee.dvdx)
    (slots[Slot.dudy], slots[Slot.dvdy]) = (batch.pointee.dudy, batch.pointee.dvdy)
    evaluate(ids)
    compose(batch)
  }

  @inline(never)
  private func evaluate(_ ids: UnsafePointer<UInt32>) {
    let lookUp = SurfaceLookUp(
      inputs: inputs, slots: UnsafeMutableRawPointer(slots).assumingMemoryBound(to: Float.self))
    for i in 0..<8 {
      let surface = pointers[i].pointee.surface
      if surface >= 0 { lookUp.evaluate(i, inputs.primitives + Int(ids[i]), inputs.surfaces + Int(surface)) }
    }
  }

  /// Puts the batch together from the slots.
  @inline(never)
  private func compose(_ batch: UnsafeMutablePointer<ShadingBatch>) {
    typealias Slot = SurfaceLookUp.Slot
    let view = batch.pointee.view
    let normal = three(Slot.normal)
    let nv = maximum(dot(normal, view), lanes(1e-3))
    let surface = maximum(dot(batch.pointee.geometricNormal, view), lanes(1e-3))
    let (coat, sheen) = (slots[Slot.coat], three(Slot.sheen))
    fetchAlbedos(nv, surface)
    let metallic = slots[Slot.metallic]
    let dielectric = lanes(1) - metallic
    let baseColor = three(Slot.baseColor)
    var reflectance = Reflectance(
      scattering: baseColor * dielectric * slots[Slot.scatter],
      f0: baseColor * metallic + three(Slot.dielectric) * dielectric, f90: slots[Slot.grazing],
      alpha: slots[Slot.alpha], roughness: slots[Slot.roughness], e: lane[0], b: lane[1])
    var colour = three(Slot.emission)
    let fibres = maximum(sheen.x, maximum(sheen.y, sheen.z))
    batch.pointee.isLayered = isAnySet(isLess(lanes(0), coat) | isLess(lanes(0), fibres))
    if batch.pointee.isLayered {
      let layers = SurfaceLayers(
        coat: coat, roughness: slots[Slot.coatRoughness], coatCosine: surface, e: lane[2], b: lane[3], sheen: sheen,
        sheenRoughness: slots[Slot.sheenRoughness], sheenAlbedo: lane[6])
      reflectance.dim(layers.below)
      colour = colour * layers.belowCoat
      batch.pointee.layers = layers
    }
    reflectance.dim(slots[Slot.gain])
    batch.pointee.clear = slots[Slot.clear]
    batch.pointee.isClear = isAnySet(isLess(lanes(0), slots[Slot.clear]))
    batch.pointee.normal = normal
    batch.pointee.nv = nv
    batch.pointee.reflectance = reflectance
    batch.pointee.occlusion = slots[Slot.occlusion]
    batch.pointee.colour = colour
  }

  /// Leaves E and B of the surface in lanes 0 and 1 of the scratch, those of the clear layer in lanes 2 and 3, the
  /// share of fibres in lane 6.
  private func fetchAlbedos(_ nv: Lanes, _ surface: Lanes) {
    lane[4] = nv
    lane[5] = surface
    let out = UnsafeMutableRawPointer(lane).assumingMemoryBound(to: Float.self)
    let slots = UnsafeMutableRawPointer(slots).assumingMemoryBound(to: Float.self)
    for i in 0..<8 {
      let base = AlbedoTable.factors(cosine: out[32 + i], roughness: slots[8 * SurfaceLookUp.Slot.roughness + i])
      (out[i], out[8 + i]) = (base.e, base.b)
      let roughness = max(slots[8 * SurfaceLookUp.Slot.coatRoughness + i], 0.0447)
      let coat = AlbedoTable.factors(cosine: out[40 + i], roughness: roughness)
      (out[16 + i], out[24 + i]) = (coat.e, coat.b)
      out[48 + i] = SheenTable.albedo(
        cosine: out[32 + i], roughness: slots[8 * SurfaceLookUp.Slot.sheenRoughness + i])
    }
  }

  @inline(__always)
  private func put(_ v: Lanes3, _ slot: Int) { (slots[slot], slots[slot + 1], slots[slot + 2]) = (v.x, v.y, v.z) }

  @inline(__always)
  private func three(_ slot: Int) -> Lanes3 { Lanes3(slots[slot], slots[slot + 1], slots[slot + 2]) }

  /// Makes `materials` and `pointers` those of eight fragments.
  @inline(__always)
  private func fetchMaterials(_ ids: UnsafePointer<UInt32>, _ held: inout UInt32) {
    let first = inputs.primitives[Int(ids[0])].material
    var differ: UInt32 = 0
    // Of one triangle, most batches need no looking up.
    let id = UnsafeRawPointer(ids).loadUnaligned(as: SIMD8<UInt32>.self)
    if lanes_any_uint(id ^ lanes_splat_uint(ids[0])) != 0 {
      for i in 1..<8 { differ |= inputs.primitives[Int(ids[i])].material ^ first }
    }
    if differ != 0 {
      held = .max
      for i in 0..<8 { pointers[i] = inputs.materials + Int(inputs.primitives[Int(ids[i])].material) }
      MaterialLanes.fetch(UnsafePointer(pointers), into: materials)
    } else if held != first {
      held = first
      pointers.update(repeating: inputs.materials + Int(first), count: 8)
      MaterialLanes.fetch(all: inputs.materials + Int(first), into: materials)
    }
  }
}

extension ShadingBatch {
  /// Radiance towards the viewer per unit of irradiance on a surface that faces the light, times the cosine `nl`, which is at
  /// least 0. `light` is of unit length.
  @inline(__always)
  func direct(light: Lanes3, nl: Lanes) -> Lanes3 {
    let bare = reflectance.direct(normal: normal, view: view, light: light, nv: nv, nl: nl)
    if !isLayered { return bare }
    return bare
      + layers.direct(normal: normal, surface: geometricNormal, view: view, light: light, nv: nv, nl: nl)
  }
}
