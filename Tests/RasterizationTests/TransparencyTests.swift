import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Surfaces that are not there everywhere: masks, mixtures, glass, one-sided faces.
struct TransparencyTests {
  private let white = HemisphericLight(sky: Vector3(1, 1, 1), ground: Vector3(1, 1, 1))

  /// Smooth blobs of alpha.
  private func blobs(seed: UInt64) -> Texture {
    var random = Randoms(seed: seed)
    let coarse = (0..<64).map { _ in random.real(0...1) }
    let texels = (0..<32 * 32).map { k -> SIMD4<UInt16> in
      let (x, y) = (Double(k % 32) / 4, Double(k / 32) / 4)
      let (i, j) = (Int(x), Int(y))
      func at(_ a: Int, _ b: Int) -> Double { coarse[(j + b) % 8 * 8 + (i + a) % 8] }
      let (fx, fy) = (x - Double(i), y - Double(j))
      let a = (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy
      return SIMD4(40000, 50000, 20000, UInt16(a * 65535))
    }
    return Texture(base: Plane(width: 32, height: 32, values: texels))
  }

  private func masked(seed: UInt64) -> Frame {
    var random = Randoms(seed: seed)
    var frame = VisibilityTests.frame(seed: seed)
    for k in frame.instances.indices {
      let use = TextureUse(
        texture: blobs(seed: seed), scale: Vector2(random.real(0.5...3), random.real(0.5...3)),
        offset: Vector2(random.real(-1...1), random.real(-1...1)), rotation: random.real(-3...3),
        wrapU: TextureUse.Wrap.allCases[k % 3], wrapV: TextureUse.Wrap.allCases[k / 3 % 3])
      frame.instances[k].materials[0].baseColorTexture = use
      frame.instances[k].materials[0].alphaMode = .mask(cutoff: random.real(0.3...0.7))
      frame.instances[k].materials[0].isDoubleSided = k % 2 == 0
      if k == 5 { frame.instances[k].materials[0].alphaMode = .opaque }
      if k % 4 == 3 {
        // A mixture whose alpha does not change within a pixel: what counts is 1/2.
        frame.instances[k].materials[0].baseColorTexture = nil
        frame.instances[k].materials[0].alphaMode = .blend
        frame.instances[k].materials[0].opacity = k == 3 ? 0.6 : 0.4
      }
    }
    return frame
  }

  /// Labels of masked, mixed and one-sided surfaces are those of an independent ray caster.
  @Test func labelsAgreeWithTheRayCaster() {
    var sum = Agreement()
    for seed in 1...16 { sum += checkAgreement(masked(seed: UInt64(seed)), "masked \(seed)") }
    #expect(Double(sum.exceptions) < 0.003 * Double(sum.pixels))
  }

  /// Counts of visible and of amodal pixels are those of the labels.
  @Test(arguments: 1...6) func countsAreTheLabels(seed: Int) {
    let frame = masked(seed: UInt64(seed))
    let rasterizer = Rasterizer()
    let counts = rasterizer.visibility(of: frame)
    let seen = rasterizer.render(frame).gbuffer.instanceIndex.values
    for i in frame.instances.indices {
      #expect(counts[i].visible == seen.count { $0 == UInt32(i) })
      // In its place in drawing order, so that its pieces have the same numbers: others are made invisible.
      var alone = frame
      for k in alone.instances.indices where k != i {
        alone.instances[k].materials[0].alphaMode = .mask(cutoff: 1)
        alone.instances[k].materials[0].opacity = 0
      }
      #expect(counts[i].amodal == rasterizer.render(alone).gbuffer.instanceIndex.values.count { $0 == UInt32(i) })
    }
  }

  /// A wall that emits 1, before darkness.
  private func wall(_ opacity: Double, layers: Int = 1) -> Frame {
    var frame = Frame(width: 128, height: 128, camera: .straight(128, 128, f: 100))
    for k in 0..<layers {
      var material = Material(baseColor: Vector3(), metallic: 1, emission: Vector3(1, 1, 1))
      material.alphaMode = .blend
      material.opacity = opacity
      frame.instances.append(
        Instance(
          k, PlaneShape(size: Vector2(9, 9)).makeMesh(), at: Vector3(0, 0, 2 + Double(k)),
          Matrix3(diagonal: Vector3(1, -1, -1)), material: material))
    }
    return frame
  }

  private func mean(_ image: RasterImage) -> Double {
    let n = image.width * image.height
    return (0..<n).reduce(0.0) { $0 + image.linear($1 % image.width, $1 / image.width) } / Double(n)
  }

  /// The mean of many pixels is alpha; two surfaces let (1 - alpha)^2 through; labels turn at one half.
  @Test func mixturesAreUnbiased() {
    for opacity in [0.0, 0.05, 0.2, 0.37, 0.5, 0.63, 0.8, 0.95, 1] {
      let one = Rasterizer().render(wall(opacity))
      // 16384 pixels of steps of an eighth; and the rounding of codes.
      #expect(abs(mean(one.rgb) - opacity) < 0.008, "\(opacity): \(mean(one.rgb))")
      #expect(one.gbuffer.instanceIndex.values.allSatisfy { ($0 == 0) == (opacity >= 0.5) })
      let two = mean(Rasterizer().render(wall(opacity, layers: 2)).rgb)
      // The centre's sample is exact rather than random, and so not independent: an eighth of 1/4 at the most.
      #expect(abs(two - (1 - (1 - opacity) * (1 - opacity))) < 0.037, "\(opacity) twice: \(two)")
    }
  }

  /// A pane between a camera and white light from all around is as bright as what is behind: nothing is lost or made.
  @Test(arguments: [0.0, 0.3, 0.7, 1.0]) func glassKeepsEnergy(transmission: Double) {
    for degrees in [0.0, 50, 75] {
      var frame = Frame(
        width: 96, height: 96, camera: .straight(96, 96, f: 700), background: Vector3(0.5, 0.5, 0.5),
        ambient: HemisphericLight(sky: Vector3(0.5, 0.5, 0.5), ground: Vector3(0.5, 0.5, 0.5)))
      var material = Material(baseColor: Vector3(1, 1, 1), roughness: 0.1)
      material.transmission = transmission
      let (s, c) = StableMath.sincos(degrees * Double.pi / 180)
      let turn = Matrix3(Vector3(c, 0, -s), Vector3(0, -1, 0), Vector3(-s, 0, -c))
      frame.instances = [
        Instance(0, PlaneShape(size: Vector2(9, 9)).makeMesh(), at: Vector3(0, 0, 2), turn, material: material)
      ]
      let rendered = Rasterizer().render(frame)
      #expect(abs(mean(rendered.rgb) - 0.5) < 0.005, "\(degrees) degrees: \(mean(rendered.rgb))")
      #expect(rendered.gbuffer.instanceIndex.values.allSatisfy { $0 == 0 }, "labels see the glass")
    }
  }

  /// The shadow of a mixture is as deep as it covers; that of a mask has its holes.
  @Test func shadowsLetLightThrough() {
    for opacity in [0.25, 0.5, 0.8] {
      var frame = Frame(
        width: 64, height: 64, camera: .looking(from: Vector3(0, -6, 3), at: Vector3(0, 0, 0), 64, 64, f: 200))
      frame.sun = Sun(direction: Vector3(0, 0, 1), irradiance: Vector3(repeating: 0.8 * Double.pi))
      var caster = Material()
      caster.alphaMode = .blend
      caster.opacity = opacity
      frame.instances = [
        Instance(
          0, PlaneShape(size: Vector2(20, 20)).makeMesh(), material: Material(baseColor: Vector3(1, 1, 1), roughness: 1)
        ),
        Instance(1, PlaneShape(size: Vector2(6, 6)).makeMesh(), at: Vector3(0, 0, 4), material: caster),
      ]
      let shaded = mean(Rasterizer().render(frame).rgb)
      frame.instances.removeLast()
      let lit = mean(Rasterizer().render(frame).rgb)
      #expect(abs(shaded / lit - (1 - opacity)) < 0.05, "\(opacity): \(shaded / lit)")
    }
  }
}
