import CLanes
import Geometry
import Stage

/// Lights as shading uses them, in camera axes.
struct ShadingLights {
  /// Unit vector to the sun, and its irradiance; zero where there is none.
  var toSun = SIMD3<Float>(0, 0, -1)
  var sunIrradiance = SIMD3<Float>(repeating: 0)
  var hasSun = false
  /// World up, and radiance from above and below.
  var up: SIMD3<Float>
  var sky: SIMD3<Float>
  var ground: SIMD3<Float>

  init(_ frame: Frame) {
    let r = frame.camera.rotation
    up = SIMD3<Float>(r.column2)
    sky = SIMD3<Float>(frame.ambient.sky)
    ground = SIMD3<Float>(frame.ambient.ground)
    if let sun = frame.sun {
      hasSun = true
      toSun = SIMD3<Float>(r * sun.direction)
      sunIrradiance = SIMD3<Float>(sun.irradiance)
    }
  }
}

/// Shades the fragments of a tile and sums them into the tile's pixels.
struct TileShader {
  let inputs: ShadingInputs
  let lights: ShadingLights
  let shadow: ShadowFilter
  private let sampler: TextureSampler
  private let lane: UnsafeMutablePointer<Lanes>
  private let pointers: UnsafeMutablePointer<UnsafePointer<ShadingMaterial>>
  private let triangles: UnsafeMutablePointer<TriangleLanes>
  private let materials: UnsafeMutablePointer<MaterialLanes>

  /// `scratch` must outlive the shader.
  init(inputs: ShadingInputs, lights: ShadingLights, shadow: ShadowFilter, scratch: ShadingScratch) {
    self.inputs = inputs
    self.lights = lights
    self.shadow = shadow
    sampler = scratch.sampler
    lane = scratch.lane
    pointers = scratch.pointers
    triangles = scratch.triangles
    materials = scratch.materials
  }

  /// - Parameters:
  ///   - ids, places: `count` fragments, with room for 7 more, which are filled with copies of the last.
  ///   - mayBeShadowed: false where no point of the tile is hidden from the sun by anything else.
  ///   - target: where the tile's pixels go. Runs of eight pixels that show one surface each are finished at once; the
  ///     others are summed, to be finished by `TileTarget.finish`.
  @inline(never)
  func shade(
    _ ids: UnsafeMutablePointer<UInt32>, _ places: UnsafeMutablePointer<UInt32>, count: Int, tile: TileRectangle,
    mayBeShadowed: Bool, target: borrowing TileTarget
  ) {
    guard count > 0 else { return }
    for i in 0..<7 {
      ids[count + i] = ids[count - 1]
      places[count + i] = places[count - 1]
    }
    // A primitive that fills whole batches is fetched once, and so is a material.
    var held = Held()
    let run = SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)
    let whole = FragmentPlace.word(pixel: 0, weight: 8, sample: 0)
    var k = 0
    while k < count {
      let place = UnsafeRawPointer(places + k).loadUnaligned(as: SIMD8<UInt32>.self)
      fetch(UnsafePointer(ids + k), &held)
      let batch = FragmentBatch(UnsafePointer(triangles), place, inputs, tile)
      let colour = shade(batch, isUniform: held.material != .max, mayBeShadowed: mayBeShadowed)
      let first = FragmentPlace.pixel(places[k])
      let isRun = lanes_any_uint(place ^ lanes_add_uint(run, lanes_splat_uint(whole | UInt32(first)))) == 0
      if isRun && first & (TileGrid.side - 1) <= TileGrid.side - 8 && k + 8 <= count {
        target.put(colour, depth: batch.z, at: first, lane)
      } else {
        lane[0] = colour.x
        lane[1] = colour.y
        lane[2] = colour.z
        lane[3] = batch.z
        add(places + k, min(8, count - k), target)
      }
      k += 8
    }
  }

  /// Adds the first `count` lanes' colours to their pixels.
  @inline(never)
  private func add(_ places: UnsafePointer<UInt32>, _ count: Int, _ target: borrowing TileTarget) {
    let (r, g, b, z) = (scalars(0), scalars(1), scalars(2), scalars(3))
    for i in 0..<count {
      let pixel = FragmentPlace.pixel(places[i])
      target.radiance[pixel] += SIMD4(r[i], g[i], b[i], 1) * FragmentPlace.weight(places[i])
      if FragmentPlace.isCentre(places[i]) { target.depth[pixel] = z[i] }
    }
  }

  /// The primitive and the material that all lanes have; the greatest number where lanes differ.
  private struct Held {
    var primitive = UInt32.max
    var material = UInt32.max
  }

  /// Makes `triangles`, `materials` and `pointers` those of eight fragments.
  @inline(__always)
  private func fetch(_ ids: UnsafePointer<UInt32>, _ held: inout Held) {
    let id = UnsafeRawPointer(ids).loadUnaligned(as: SIMD8<UInt32>.self)
    if lanes_any_uint(id ^ lanes_splat_uint(ids[0])) == 0 {
      if held.primitive == ids[0] { return }
      held.primitive = ids[0]
      TriangleLanes.fetch(all: ids[0], inputs, into: triangles)
      hold(inputs.primitives[Int(ids[0])].material, &held)
    } else {
      held.primitive = .max
      TriangleLanes.fetch(ids, inputs, into: triangles)
      let first = inputs.primitives[Int(ids[0])].material
      var differ: UInt32 = 0
      for i in 1..<8 { differ |= inputs.primitives[Int(ids[i])].material ^ first }
      if differ == 0 {
        hold(first, &held)
      } else {
        held.material = .max
        for i in 0..<8 { pointers[i] = inputs.materials + Int(inputs.primitives[Int(ids[i])].material) }
        MaterialLanes.fetch(UnsafePointer(pointers), into: materials)
      }
    }
  }

  @inline(__always)
  private func hold(_ material: UInt32, _ held: inout Held) {
    if held.material == material { return }
    held.material = material
    pointers.update(repeating: inputs.materials + Int(material), count: 8)
    MaterialLanes.fetch(all: inputs.materials + Int(material), into: materials)
  }

  @inline(__always)
  private func shade(_ batch: FragmentBatch, isUniform: Bool, mayBeShadowed: Bool) -> Lanes3 {
    let surface = surface(batch, isUniform: isUniform)
    let position = batch.ray * batch.z
    let view = unit(-position)
    let normal = unit(batch.normal)
    let nv = maximum(dot(normal, view), lanes(1e-3))
    let reflectance = Reflectance(
      baseColor: surface.baseColor, metallic: surface.metallic, alpha: surface.alpha, roughness: surface.roughness)

    // Light from the hemispheres, blended by the height of the direction it comes from.
    let up = Lanes3(lights.up)
    let height = dot(normal, up)
    let mirrored = normal * (nv * 2) - view
    let mirroredHeight = dot(mirrored, up)
    var colour =
      reflectance.ambient(
        diffuseLight: hemisphere(height), reflected: hemisphere(mirroredHeight), nv: nv) + surface.emission

    if lights.hasSun {
      let toSun = Lanes3(lights.toSun)
      let nl = dot(normal, toSun)
      let faces = isLess(lanes(0), nl)
      if isAnySet(faces) {
        let direct = reflectance.direct(
          normal: normal, view: view, light: toSun, nv: nv, nl: maximum(nl, lanes(0)))
        let visible =
          mayBeShadowed
          ? shadow.visibility(position, normal, cosine: nl, scratch: lane)
          : select(faces, lanes(1), lanes(0))
        colour = colour + direct * Lanes3(lights.sunIrradiance) * visible
      }
    }
    return colour
  }

  @inline(__always)
  private func hemisphere(_ height: Lanes) -> Lanes3 {
    let t = height * 0.5 + 0.5
    let (sky, ground) = (lights.sky, lights.ground)
    return Lanes3(
      t * (sky.x - ground.x) + ground.x, t * (sky.y - ground.y) + ground.y, t * (sky.z - ground.z) + ground.z)
  }

  private struct Surface {
    var baseColor: Lanes3
    var alpha: Lanes
    var metallic: Lanes
    var roughness: Lanes
    var emission: Lanes3
  }

  /// Looks the texture up and puts the material together.
  @inline(__always)
  private func surface(_ batch: FragmentBatch, isUniform: Bool) -> Surface {
    let (mapping, size) = (materials.pointee.mapping, materials.pointee.size)
    let uRaw = batch.u * mapping.x + mapping.z
    let vRaw = batch.v * mapping.y + mapping.w
    let u = uRaw - wholePart(uRaw)
    let v = vRaw - wholePart(vRaw)
    // Level of detail: log2 of the longer of the two steps, in texels of level 0, that a pixel's sides make.
    let (sx, sy) = (mapping.x * size.x, mapping.y * size.y)
    let (ax, ay) = (batch.dudx * sx, batch.dvdx * sy)
    let (bx, by) = (batch.dudy * sx, batch.dvdy * sy)
    let steps = maximum(ax * ax + ay * ay, bx * bx + by * by)
    let bounded = minimum(maximum(steps, lanes(1)), lanes(1e9))
    let detail = maximum(logarithm2(bounded) * 0.5, lanes(0))
    let texel = sampler.trilinear(UnsafePointer(pointers), isUniform: isUniform, u: u, v: v, detail: detail)
    let (first, span, emission) = (materials.pointee.first, materials.pointee.span, materials.pointee.emission)
    return Surface(
      baseColor: Lanes3(first.x, first.y, first.z) + Lanes3(span.x, span.y, span.z) * texel, alpha: first.w,
      metallic: span.w, roughness: emission.w, emission: Lanes3(emission.x, emission.y, emission.z))
  }

  @inline(__always) private func scalars(_ k: Int) -> UnsafePointer<Float> {
    UnsafeRawPointer(lane + k).assumingMemoryBound(to: Float.self)
  }
}
