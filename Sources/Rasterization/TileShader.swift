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

  /// - Parameters:
  ///   - fragments: `count` of them, with room for 7 more, which are filled with copies of the last.
  ///   - radiance: for each pixel of the tile the sum of RGB times weight, and the weight (0 to 1) in w; zero on entry.
  ///   - depth: for each pixel of the tile z in metres at its centre, 0 where nothing is seen; zero on entry.
  @inline(never)
  func shade(
    _ fragments: UnsafeMutablePointer<Fragment>, count: Int, tile: TileRectangle,
    radiance: UnsafeMutablePointer<SIMD4<Float>>, depth: UnsafeMutablePointer<Float>
  ) {
    guard count > 0 else { return }
    for i in 0..<7 { fragments[count + i] = fragments[count - 1] }
    var k = 0
    while k < count {
      let f = fragments + k
      let batch = FragmentBatch(UnsafePointer(f), inputs, tile)
      let colour = shade(batch, f)
      let used = min(8, count - k)
      for i in 0..<used {
        let pixel = Int(f[i].pixel)
        let weight = Float(f[i].weight) * 0.125
        radiance[pixel] += SIMD4(colour.x[i], colour.y[i], colour.z[i], 1) * weight
        if f[i].sample == 0 { depth[pixel] = batch.z[i] }
      }
      k += 8
    }
  }

  @inline(__always)
  private func shade(_ batch: FragmentBatch, _ f: UnsafeMutablePointer<Fragment>) -> Lanes3 {
    let surface = materials(batch, f)
    let position = batch.ray * batch.z
    let view = unit(-position)
    let normal = unit(batch.normal)
    let nv = maximum(dot(normal, view), lanes(1e-3))
    let reflectance = Reflectance(baseColor: surface.baseColor, metallic: surface.metallic, alpha: surface.alpha)

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
      let isLit = nl .> Lanes(repeating: 0)
      if any(isLit) {
        let direct = reflectance.direct(
          normal: normal, view: view, light: toSun, nv: nv, nl: maximum(nl, Lanes(repeating: 0)))
        let visible =
          shadow.isActive
          ? shadow.visibility(position, normal, cosine: nl, wanted: isLit)
          : Lanes(repeating: 0).replacing(with: lanes(1), where: isLit)
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
    var emission: Lanes3
  }

  /// Fetches materials and textures lane by lane, then turns them into lanes.
  @inline(__always)
  private func materials(_ batch: FragmentBatch, _ f: UnsafeMutablePointer<Fragment>) -> Surface {
    @inline(__always) func material(_ i: Int) -> UnsafePointer<ShadingMaterial> {
      inputs.materials + Int(inputs.primitives[Int(f[i].primitive)].material)
    }
    let mapping = transpose(
      (
        material(0).pointee.mapping, material(1).pointee.mapping, material(2).pointee.mapping,
        material(3).pointee.mapping, material(4).pointee.mapping, material(5).pointee.mapping,
        material(6).pointee.mapping, material(7).pointee.mapping
      ))
    let size = transpose(
      (
        material(0).pointee.size, material(1).pointee.size, material(2).pointee.size, material(3).pointee.size,
        material(4).pointee.size, material(5).pointee.size, material(6).pointee.size, material(7).pointee.size
      ))
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
    let detail = logarithm2(bounded) * 0.5
    let level = wholePart(detail)
    let fraction = detail - level
    let levels = integers(maximum(level, Lanes(repeating: 0)))

    @inline(__always) func base(_ i: Int) -> SIMD4<Float> {
      let m = material(i)
      let last = m.pointee.lastLevel
      let isLast = levels[i] >= last
      let texel = TextureSampler.trilinear(
        m, u: u[i], v: v[i], level: isLast ? last : levels[i], fraction: isLast ? 0 : fraction[i])
      var colour = m.pointee.first + m.pointee.span * texel
      colour.w = m.pointee.first.w
      return colour
    }
    let colour = transpose((base(0), base(1), base(2), base(3), base(4), base(5), base(6), base(7)))
    @inline(__always) func glow(_ i: Int) -> SIMD4<Float> {
      var e = material(i).pointee.emission
      e.w = material(i).pointee.span.w
      return e
    }
    let emission = transpose((glow(0), glow(1), glow(2), glow(3), glow(4), glow(5), glow(6), glow(7)))
    return Surface(
      baseColor: Lanes3(colour.x, colour.y, colour.z), alpha: colour.w, metallic: emission.w,
      emission: Lanes3(emission.x, emission.y, emission.z))
  }
}
