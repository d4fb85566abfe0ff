import CLanes
import Geometry
import LaneMath
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
  var environment: EnvironmentLight?
  var places: [ShadingLight] = []
  var occlusion: OcclusionLookup?

  init(_ frame: Frame, shadows: [LightShadow?]) {
    places = zip(frame.lights, shadows).map { ShadingLight($0, camera: frame.camera, shadow: $1) }
    let r = frame.camera.rotation
    up = SIMD3<Float>(r.column2)
    sky = SIMD3<Float>(frame.ambient.sky)
    ground = SIMD3<Float>(frame.ambient.ground)
    environment = frame.environment.map { EnvironmentLight($0, camera: frame.camera) }
    if let sun = frame.sun {
      hasSun = true
      toSun = SIMD3<Float>(r * sun.direction)
      sunIrradiance = SIMD3<Float>(sun.irradiance)
    }
  }
}

/// Shades the fragments of a tile and sums them into the tile's pixels: in groups of batches of eight, each group pass by
/// pass.
struct TileShader {
  let inputs: ShadingInputs
  let lights: ShadingLights
  let shadow: ShadowFilter
  let sampler: TextureSampler
  let lane: UnsafeMutablePointer<Lanes>
  let pointers: UnsafeMutablePointer<UnsafePointer<ShadingMaterial>>
  private let triangles: UnsafeMutablePointer<TriangleLanes>
  let materials: UnsafeMutablePointer<MaterialLanes>
  let batches: UnsafeMutablePointer<ShadingBatch>
  let slots: UnsafeMutablePointer<Lanes>

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
    batches = scratch.batches
    slots = scratch.slots
  }

  /// - Parameters:
  ///   - ids, places: `count` fragments, with room for 7 more, which are filled with copies of the last.
  ///   - mayBeShadowed: false where no point of the tile is hidden from the sun by anything else.
  ///   - target: where the tile's pixels go. Runs of eight pixels that show one surface each are finished at once; the
  ///     others are summed, to be finished by `TileTarget.finish`.
  func shade(
    _ ids: UnsafeMutablePointer<UInt32>, _ places: UnsafeMutablePointer<UInt32>, count: Int, tile: TileRectangle,
    mayBeShadowed: Bool, target: borrowing TileTarget
  ) {
    guard count > 0 else { return }
    for i in 0..<7 {
      ids[count + i] = ids[count - 1]
      places[count + i] = places[count - 1]
    }
    if let occlusion = lights.occlusion, !occlusion.isOpen(tile) { occlusion.prefetch(tile) }
    var held = Held()
    var first = 0
    while first < count {
      let group = min((count - first + 7) / 8, ShadingBatch.group)
      interpolate(UnsafePointer(ids + first), UnsafePointer(places + first), group, tile, &held.primitive)
      lookUp(UnsafePointer(ids + first), group, &held.material)
      lightFromAllAround(UnsafePointer(places + first), group, tile)
      if lights.hasSun { lightFromSun(group, mayBeShadowed: mayBeShadowed) }
      if !lights.places.isEmpty { lightFromPlaces(group) }
      put(UnsafePointer(places + first), count - first, group, target)
      first += 8 * group
    }
  }

  /// The primitive and the material that all lanes of the batch before have; the greatest number where lanes differ. A
  /// primitive that fills whole batches is fetched once, and so is a material.
  private struct Held {
    var primitive = UInt32.max
    var material = UInt32.max
  }

  // MARK: - The passes

  /// Finds the surface points.
  @inline(never)
  func interpolate(
    _ ids: UnsafePointer<UInt32>, _ places: UnsafePointer<UInt32>, _ group: Int, _ tile: TileRectangle,
    _ held: inout UInt32
  ) { interpolate(ids, places, group, tile, &held, isSurface: true) }

  /// The same, but positions and normals only.
  @inline(never)
  func findPoints(
    _ ids: UnsafePointer<UInt32>, _ places: UnsafePointer<UInt32>, _ group: Int, _ tile: TileRectangle,
    _ held: inout UInt32
  ) { interpolate(ids, places, group, tile, &held, isSurface: false) }

  @inline(__always)
  private func interpolate(
    _ ids: UnsafePointer<UInt32>, _ places: UnsafePointer<UInt32>, _ group: Int, _ tile: TileRectangle,
    _ held: inout UInt32, isSurface: Bool
  ) {
    for b in 0..<group {
      let own = ids + 8 * b
      let id = UnsafeRawPointer(own).loadUnaligned(as: SIMD8<UInt32>.self)
      if lanes_any_uint(id ^ lanes_splat_uint(own[0])) != 0 {
        held = .max
        TriangleLanes.fetch(own, inputs, into: triangles)
      } else if held != own[0] {
        held = own[0]
        TriangleLanes.fetch(all: own[0], inputs, into: triangles)
      }
      let place = UnsafeRawPointer(places + 8 * b).loadUnaligned(as: SIMD8<UInt32>.self)
      let point = FragmentBatch(UnsafePointer(triangles), place, inputs, tile)
      let out = batches + b
      out.pointee.position = point.ray * point.z
      let normal = unit(point.normal)
      out.pointee.normal = normal
      if !isSurface { continue }
      out.pointee.geometricNormal = normal
      (out.pointee.u, out.pointee.v) = (point.u, point.v)
      (out.pointee.dudx, out.pointee.dvdx) = (point.dudx, point.dvdx)
      (out.pointee.dudy, out.pointee.dvdy) = (point.dudy, point.dvdy)
    }
  }

  /// Light from the hemispheres, blended by the height of the direction it comes from, and from the environment.
  @inline(never)
  func lightFromAllAround(_ places: UnsafePointer<UInt32>, _ group: Int, _ tile: TileRectangle) {
    let occlusion = lights.occlusion.flatMap { $0.isOpen(tile) ? nil : $0 }
    if let environment = lights.environment {
      lightFromAllAround(environment, occlusion, places, group, tile)
      return
    }
    let up = Lanes3(lights.up)
    for b in 0..<group {
      let batch = batches + b
      let mirrored = batch.pointee.normal * (batch.pointee.nv * 2) - batch.pointee.view
      let diffuse = hemisphere(dot(batch.pointee.normal, up))
      let reflected = hemisphere(dot(mirrored, up))
      add(batch, diffuse: diffuse, reflected: reflected, occlusion, places + 8 * b, tile)
    }
  }

  @inline(__always)
  private func lightFromAllAround(
    _ environment: borrowing EnvironmentLight, _ occlusion: OcclusionLookup?, _ places: UnsafePointer<UInt32>,
    _ group: Int, _ tile: TileRectangle
  ) {
    let up = Lanes3(lights.up)
    var end = EnvironmentLight.End()
    var held = Lanes3(lanes(0), lanes(0), lanes(0))
    var diffuse = held
    for b in 0..<group {
      let batch = batches + b
      let normal = batch.pointee.normal
      let mirrored = normal * (batch.pointee.nv * 2) - batch.pointee.view
      // On flat surfaces one batch after the other faces the same way.
      if b == 0 || isAnySet(~isSame(normal, held)) {
        held = normal
        diffuse = hemisphere(dot(normal, up)) + environment.diffuse(normal)
      }
      let reflected =
        hemisphere(dot(mirrored, up))
        + environment.radiance(mirrored, roughness: batch.pointee.reflectance.roughness, from: &end, lane)
      add(batch, diffuse: diffuse, reflected: reflected, occlusion, places + 8 * b, tile)
    }
  }

  /// Adds what a batch sends back of the light from all around.
  @inline(__always)
  private func add(
    _ batch: UnsafeMutablePointer<ShadingBatch>, diffuse: Lanes3, reflected: Lanes3, _ occlusion: OcclusionLookup?,
    _ places: UnsafePointer<UInt32>, _ tile: TileRectangle
  ) {
    var light = batch.pointee.reflectance.ambient(diffuseLight: diffuse, reflected: reflected)
    if batch.pointee.isLayered { light = light + layersFromAllAround(batch, diffuse: diffuse) }
    if let occlusion { light = light * open(occlusion, places, tile, batch.pointee.position) }
    batch.pointee.colour = batch.pointee.colour + light * batch.pointee.occlusion
  }

  @inline(__always)
  private func isSame(_ a: Lanes3, _ b: Lanes3) -> LaneMask {
    let different = bits(a.x) ^ bits(b.x) | bits(a.y) ^ bits(b.y) | bits(a.z) ^ bits(b.z)
    return lanes_equal_int(different, lanes(int: 0))
  }

  /// How much of the light from all around reaches eight fragments.
  @inline(__always)
  private func open(
    _ occlusion: OcclusionLookup, _ places: UnsafePointer<UInt32>, _ tile: TileRectangle, _ point: Lanes3
  ) -> Lanes {
    let place = UnsafeRawPointer(places).loadUnaligned(as: SIMD8<UInt32>.self)
    let mask = lanes_splat_uint(UInt32(TileGrid.pixels - 1))
    let first = FragmentPlace.pixel(places[0])
    let run = lanes_add_uint(SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7), lanes_splat_uint(UInt32(first)))
    let (x, y) = (tile.x &+ first & (TileGrid.side &- 1), tile.y &+ first / TileGrid.side)
    if lanes_any_uint(place & mask ^ run) == 0 && first & (TileGrid.side - 1) <= TileGrid.side - 8
      && occlusion.reaches(run: x)
    {
      return occlusion.isOpen(run: x, y) ? lanes(1) : occlusion.value(run: x, y, point)
    }
    let side = lanes_splat_uint(UInt32(TileGrid.side - 1))
    return occlusion.value(
      lanes_from_uint(place & side) + Float(tile.x),
      lanes_from_uint(lanes_shift_right_uint(place, 5) & side) + Float(tile.y), point)
  }

  /// What the layers on a surface send back of that.
  @inline(never)
  private func layersFromAllAround(_ batch: UnsafeMutablePointer<ShadingBatch>, diffuse: Lanes3) -> Lanes3 {
    let (surface, view) = (batch.pointee.geometricNormal, batch.pointee.view)
    let mirrored = surface * (maximum(dot(surface, view), lanes(0)) * 2) - view
    var reflected = hemisphere(dot(mirrored, Lanes3(lights.up)))
    if let environment = lights.environment {
      reflected = reflected + environment.radiance(mirrored, roughness: batch.pointee.layers.coatRoughness, lane)
    }
    return batch.pointee.layers.ambient(diffuseLight: diffuse, reflected: reflected)
  }

  @inline(never)
  func lightFromSun(_ group: Int, mayBeShadowed: Bool) {
    let toSun = Lanes3(lights.toSun)
    if mayBeShadowed { shadow.begin(scratch: lane) }
    for b in 0..<group {
      let batch = batches + b
      let normal = batch.pointee.normal
      let nl = dot(normal, toSun)
      let faces = isLess(lanes(0), nl)
      if !isAnySet(faces) { continue }
      let visible =
        mayBeShadowed
        ? shadow.visibility(batch.pointee.position, batch.pointee.geometricNormal, cosine: nl, scratch: lane)
        : select(faces, lanes(1), lanes(0))
      // What lies in the shadow whole is left as it is.
      if mayBeShadowed && !isAnySet(isLess(lanes(0), visible)) { continue }
      let direct = batch.pointee.direct(light: toSun, nl: maximum(nl, lanes(0)))
      batch.pointee.colour = batch.pointee.colour + direct * Lanes3(lights.sunIrradiance) * visible
    }
  }

  /// Puts the colours where they belong. `count` fragments are left to put, of this group and later ones.
  @inline(never)
  private func put(_ places: UnsafePointer<UInt32>, _ count: Int, _ group: Int, _ target: borrowing TileTarget) {
    let run = SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)
    let whole = FragmentPlace.word(pixel: 0, weight: 8, sample: 0)
    for b in 0..<group {
      let own = places + 8 * b
      let place = UnsafeRawPointer(own).loadUnaligned(as: SIMD8<UInt32>.self)
      let (colour, z) = (batches[b].colour, batches[b].position.z)
      let first = FragmentPlace.pixel(own[0])
      let isRun = lanes_any_uint(place ^ lanes_add_uint(run, lanes_splat_uint(whole | UInt32(first)))) == 0
      if isRun && first & (TileGrid.side - 1) <= TileGrid.side - 8 && 8 * b + 8 <= count {
        target.put(colour, depth: z, at: first, lane)
      } else {
        lane[0] = colour.x
        lane[1] = colour.y
        lane[2] = colour.z
        lane[3] = z
        let isClear = batches[b].isClear
        if isClear {
          lane[4] = batches[b].clear
          for i in 0..<min(8, count - 8 * b) where lane[4][i] > 0 && FragmentPlace.isCentre(own[i]) {
            let scale = target.put(clear: lane[4][i], at: FragmentPlace.pixel(own[i]))
            for k in 0..<3 { lane[k][i] /= scale }
          }
        } else {
          target.encode(colour, lane + 4)
        }
        add(own, min(8, count - 8 * b), finishing: !isClear, target)
      }
    }
  }

  // MARK: - Their parts

  /// Puts the first `count` lanes' colours into their pixels: finishes those that show one surface if `finishing`, adds to
  /// the others.
  @inline(never)
  private func add(
    _ places: UnsafePointer<UInt32>, _ count: Int, finishing: Bool, _ target: borrowing TileTarget
  ) {
    let (r, g, b, z) = (scalars(0), scalars(1), scalars(2), scalars(3))
    for i in 0..<count {
      let pixel = FragmentPlace.pixel(places[i])
      if finishing && FragmentPlace.isWhole(places[i]) && target.put(codes: lane + 4, i, at: pixel) {
        target.depth[pixel] = z[i]
        continue
      }
      target.radiance[pixel] += SIMD4(r[i], g[i], b[i], 1) * FragmentPlace.weight(places[i])
      if FragmentPlace.isCentre(places[i]) { target.depth[pixel] = z[i] }
    }
  }

  @inline(__always)
  private func hemisphere(_ height: Lanes) -> Lanes3 {
    let t = height * 0.5 + 0.5
    let (sky, ground) = (lights.sky, lights.ground)
    return Lanes3(
      t * (sky.x - ground.x) + ground.x, t * (sky.y - ground.y) + ground.y, t * (sky.z - ground.z) + ground.z)
  }

  @inline(__always) private func scalars(_ k: Int) -> UnsafePointer<Float> {
    UnsafeRawPointer(lane + k).assumingMemoryBound(to: Float.self)
  }
}
