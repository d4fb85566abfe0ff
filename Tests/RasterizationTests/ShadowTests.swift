import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Shadows against rays to the sun.
struct ShadowTests {
  /// Of each pixel that sees instance `receiver`: how much of the sun's light is there, and what rays to the sun say.
  private struct Census {
    var lit = 0
    var shadowed = 0
    var unsure = 0
    /// Pixels that should be lit, or shadowed, by every ray around, and are not, told.
    var acne: [String] = []
    var leaks: [String] = []
  }

  /// The sun's part of a pixel's light is the picture less the picture without the sun, over the same with a sun that
  /// casts no shadow. Rays start at the point and at eight points around it, `margin` texels to the side as the sun sees
  /// it: where they do not agree the pixel lies at a shadow's edge. The receiver is convex and cannot shadow itself.
  private func census(_ frame: Frame, receiver: Int, margin: Double, steepest: Double = 0) -> Census {
    var census = Census()
    guard let sun = frame.sun else { return census }
    let seen = Rasterizer().render(frame)
    var bare = frame
    bare.sun?.castsShadow = false
    let open = Rasterizer().render(bare).rgb
    bare.sun = nil
    let dark = Rasterizer().render(bare).rgb
    var casters = frame
    casters.instances.remove(at: receiver)
    let caster = RayCaster(casters)
    let hits = RayCaster(frame).cast()
    let toSun = frame.camera.rotation * sun.direction
    let texel = texelBound(frame, sun)
    let side = toSun.anyPerpendicular
    let other = cross(toSun, side)
    for y in 0..<frame.height {
      for x in 0..<frame.width {
        guard let hit = hits[y * frame.width + x], hit.instance == receiver else { continue }
        // Pixels of one surface alone: an edge's are blends.
        guard seen.gbuffer.instanceIndex[x, y] == UInt32(receiver) else { continue }
        let full = open.linear(x, y) - dark.linear(x, y)
        guard full > 0.1 else { continue }
        let neighbours = [(-1, 0), (1, 0), (0, -1), (0, 1)].map { (x + $0.0, y + $0.1) }
        guard
          neighbours.allSatisfy({
            (0..<frame.width).contains($0.0) && (0..<frame.height).contains($0.1)
              && hits[$0.1 * frame.width + $0.0]?.instance == receiver
          })
        else { continue }
        let facing = abs(dot(hit.normal, toSun))
        guard facing > steepest else { continue }
        let visible = (seen.rgb.linear(x, y) - dark.linear(x, y)) / full
        let point = caster.ray(x, y) * hit.z
        var hidden = 0
        for k in 0..<9 {
          let (s, c) = StableMath.sincos(Double(k) * Double.pi / 4)
          let offset = k == 8 ? Vector3() : (side * c + other * s) * (margin * texel)
          if caster.isHidden(point + offset, towards: toSun, from: 1e-9) { hidden += 1 }
        }
        switch hidden {
        case 0:
          census.lit += 1
          if visible < 0.96 { census.acne.append("(\(x), \(y)): \(visible) of the sun, facing it by \(facing)") }
        case 9:
          census.shadowed += 1
          if visible > 0.04 { census.leaks.append("(\(x), \(y)): \(visible) of the sun") }
        default: census.unsure += 1
        }
      }
    }
    return census
  }

  /// A texel is at most as large as if the map had to hold all casters.
  private func texelBound(_ frame: Frame, _ sun: Sun) -> Double {
    let axes = ShadowMap.axes(toSun: sun.direction)
    var bounds = ShadowMap.Bounds()
    for c in frame.instances where c.castsShadow && c.mesh.lowerBound.z < c.mesh.upperBound.z {
      for p in c.mesh.corners(under: AffineTransform(linear: axes) * c.objectToWorld) {
        bounds.include(Vector2(p.x, p.y))
      }
    }
    let extent = max(bounds.high.x - bounds.low.x, bounds.high.y - bounds.low.y)
    return extent / Double(ShadowMap.side(pixels: frame.width * frame.height) - 8)
  }

  private func sun(elevation: Double, azimuth: Double) -> Sun {
    let (se, ce) = StableMath.sincos(elevation * Double.pi / 180)
    let (sa, ca) = StableMath.sincos(azimuth * Double.pi / 180)
    // As good as a point: the rays that these tests compare with know no penumbra.
    return Sun(
      direction: Vector3(ce * ca, ce * sa, se), irradiance: Vector3(repeating: 2.5 / max(se, 0.2)),
      angularDiameter: 1e-5)
  }

  /// A thin post on the ground, seen from above; its shadow lies where rays say, to within the filter: two texels and the
  /// shift of 2.5 texels along the normal. At the foot of the post too: no light between it and its shadow.
  @Test(arguments: [20.0, 40, 65])
  func shadowOfAPost(elevation: Double) {
    for azimuth in [10.0, 130, 265] {
      var frame = Frame(
        width: 120, height: 90, camera: .looking(from: Vector3(0.3, -1.2, 5), 120, 90, f: 150),
        sun: sun(elevation: elevation, azimuth: azimuth),
        ambient: HemisphericLight(sky: Vector3(0.1, 0.1, 0.1), ground: Vector3(0.1, 0.1, 0.1)))
      let material = Material(baseColor: Vector3(0.5, 0.5, 0.5), roughness: 1)
      frame.instances = [
        Instance(0, PlaneShape(size: Vector2(20, 20)).makeMesh(), material: material),
        Instance(1, Box(size: Vector3(0.3, 0.2, 0.8)).makeMesh(), at: Vector3(0, 0, 0.4), material: material),
      ]
      let census = census(frame, receiver: 0, margin: 5)
      #expect(census.lit > 5000 && census.shadowed > 15, "\(azimuth): \(census.lit), \(census.shadowed)")
      #expect(census.acne.isEmpty, "\(azimuth): \(census.acne.count), \(census.acne.prefix(3))")
      #expect(census.leaks.isEmpty, "\(azimuth): \(census.leaks.count), \(census.leaks.prefix(3))")
    }
  }

  /// The foot of a box from near by, many pixels a texel: light leaks in by less than three texels.
  @Test(arguments: [25.0, 45, 70])
  func contact(elevation: Double) {
    var frame = Frame(
      width: 120, height: 90, camera: .looking(from: Vector3(0.2, -1.6, 0.9), at: Vector3(0, -0.4, 0), 120, 90, f: 200),
      sun: sun(elevation: elevation, azimuth: 75),
      ambient: HemisphericLight(sky: Vector3(0.1, 0.1, 0.1), ground: Vector3(0.1, 0.1, 0.1)))
    let material = Material(baseColor: Vector3(0.5, 0.5, 0.5), roughness: 1)
    frame.instances = [
      Instance(0, PlaneShape(size: Vector2(20, 20)).makeMesh(), material: material),
      Instance(1, Box(size: Vector3(1.2, 0.6, 0.7)).makeMesh(), at: Vector3(0, 0, 0.35), material: material),
    ]
    let census = census(frame, receiver: 0, margin: 3)
    #expect(census.shadowed > 300)
    #expect(census.leaks.isEmpty, "\(census.leaks.count) of \(census.shadowed): \(census.leaks.prefix(3))")
    #expect(census.acne.isEmpty, "\(census.acne.count) of \(census.lit): \(census.acne.prefix(3))")
  }

  /// A ground with thickness, which casts, and a ball on it: neither darkens itself, however low the sun.
  @Test(arguments: [5.0, 15, 30, 60])
  func noAcne(elevation: Double) {
    for azimuth in [0.0, 140] {
      var frame = Frame(
        width: 120, height: 90, camera: .looking(from: Vector3(1, -5, 3), 120, 90, f: 120),
        sun: sun(elevation: elevation, azimuth: azimuth),
        ambient: HemisphericLight(sky: Vector3(0.1, 0.1, 0.1), ground: Vector3(0.1, 0.1, 0.1)))
      let material = Material(baseColor: Vector3(0.5, 0.5, 0.5), roughness: 1)
      frame.instances = [
        Instance(0, Box(size: Vector3(6, 6, 0.2)).makeMesh(), at: Vector3(0, 0, -0.1), material: material),
        Instance(
          1, Sphere(radius: 0.8, segments: 32, rings: 16).makeMesh(), at: Vector3(0, 0, 0.8), material: material),
      ]
      let ground = census(frame, receiver: 0, margin: 5)
      #expect(ground.lit > 500, "\(azimuth): \(ground.lit)")
      #expect(
        ground.acne.isEmpty, "ground, \(azimuth): \(ground.acne.count) of \(ground.lit), \(ground.acne.prefix(3))")
      #expect(ground.leaks.isEmpty, "ground, \(azimuth): \(ground.leaks.count), \(ground.leaks.prefix(3))")
      // A facet that faces the sun by less than 0.1 may stand in its neighbour's shadow.
      let ball = census(frame, receiver: 1, margin: 5, steepest: 0.1)
      #expect(ball.acne.isEmpty, "ball, \(azimuth): \(ball.acne.count) of \(ball.lit), \(ball.acne.prefix(3))")
    }
  }

  /// Where the sun is wholly hidden there is the ambient light alone.
  @Test func fullShadowIsAmbient() {
    var frame = Frame(
      width: 64, height: 48, camera: .looking(from: Vector3(0, -4, 0.8), at: Vector3(0, 0, 0.3), 64, 48, f: 60),
      sun: Sun(direction: Vector3(0, 0, 1), irradiance: Vector3(3, 3, 3)),
      ambient: HemisphericLight(sky: Vector3(0.3, 0.3, 0.3), ground: Vector3(0.1, 0.1, 0.1)))
    frame.instances = [
      Instance(0, PlaneShape(size: Vector2(20, 20)).makeMesh()),
      Instance(1, Box(size: Vector3(4, 4, 0.1)).makeMesh(), at: Vector3(0, 0, 1.5)),
      Instance(2, Sphere(radius: 0.4).makeMesh(), at: Vector3(0, 0, 0.4)),
    ]
    let image = Rasterizer().render(frame).rgb
    frame.sun = nil
    let ambient = Rasterizer().render(frame).rgb
    for (x, y) in [(32, 26), (32, 20), (20, 30), (44, 30)] { #expect(image.codes(x, y) == ambient.codes(x, y)) }
  }
}
