import Geometry
import LaneMath
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Texture lookup against the same in plain numbers.
struct TextureSamplerTests {
  private func colourTexture(_ width: Int, _ height: Int, seed: UInt64) -> Texture {
    var random = Randoms(seed: seed)
    let texels = (0..<width * height).map { _ in
      let bits = random.next()
      return SIMD4(
        UInt16(truncatingIfNeeded: bits), UInt16(truncatingIfNeeded: bits >> 16),
        UInt16(truncatingIfNeeded: bits >> 32),
        65535)
    }
    return Texture(base: Plane(width: width, height: height, values: texels))
  }

  private func scalarTexture(_ width: Int, _ height: Int, seed: UInt64) -> Texture {
    var random = Randoms(seed: seed)
    let texels = (0..<width * height).map { _ in UInt16(truncatingIfNeeded: random.next()) }
    return Texture(scalar: Plane(width: width, height: height, values: texels))
  }

  /// The 2 x 2 texels around (u, v) of a level, wrapped, weighted.
  private func bilinear(_ t: Texture, _ level: Int, _ u: Double, _ v: Double) -> Vector3 {
    let (w, h) = (Int(t.levels[level].width), Int(t.levels[level].height))
    let (x, y) = (u * Double(w) - 0.5, v * Double(h) - 0.5)
    let (x0, y0) = (x.rounded(.down), y.rounded(.down))
    func texel(_ i: Int, _ j: Int) -> Vector3 {
      let c = t.texel(level: level, x: ((Int(x0) + i) % w + w) % w, y: ((Int(y0) + j) % h + h) % h)
      return Vector3(Double(c.x), Double(c.y), Double(c.z)) / 65535
    }
    let (fx, fy) = (x - x0, y - y0)
    let top = texel(0, 0) * (1 - fx) + texel(1, 0) * fx
    let bottom = texel(0, 1) * (1 - fx) + texel(1, 1) * fx
    return top * (1 - fy) + bottom * fy
  }

  private func trilinear(_ t: Texture, _ u: Double, _ v: Double, _ detail: Double) -> Vector3 {
    let last = t.levels.count - 1
    let level = min(Int(detail), last)
    if level == last { return bilinear(t, last, u, v) }
    let f = detail - Double(level)
    return bilinear(t, level, u, v) * (1 - f) + bilinear(t, level + 1, u, v) * f
  }

  /// Eight lookups at a time in the given textures, lane by lane in turn.
  private func check(_ textures: [Texture], seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation) {
    let blank = Texture(scalar: Plane(width: 1, height: 1, repeating: 0))
    let materials = textures.map { ShadingMaterial(Material(baseColorTexture: TextureUse(texture: $0)), blank: blank) }
    let sampler = TextureSampler()
    defer { sampler.deallocate() }
    var random = Randoms(seed: seed)
    var worst = 0.0
    materials.withUnsafeBufferPointer { materials in
      guard let base = materials.baseAddress else { return }
      for round in 0..<500 {
        var pointers: [UnsafePointer<ShadingMaterial>] = []
        var (u, v, detail) = (Lanes(repeating: 0), Lanes(repeating: 0), Lanes(repeating: 0))
        for i in 0..<8 {
          pointers.append(base + (round + i) % materials.count)
          u[i] = Float(random.real(0...1))
          v[i] = Float(random.real(0...1))
          detail[i] = round % 5 == 0 ? Float(random.integer(0...15)) : Float(random.real(0...9))
        }
        // One level for all lanes.
        if round % 3 == 0 { detail = lanes(detail[0]) }
        // The ends of the range: wrapping meets itself.
        if round % 7 == 0 { (u[0], v[0], u[1], v[1], u[2], v[2]) = (0, 0, 1, 1, 1, 0) }
        let colour = pointers.withUnsafeBufferPointer { p in
          p.baseAddress.map { sampler.trilinear($0, isUniform: materials.count == 1, u: u, v: v, detail: detail) }
        }
        guard let colour else { continue }
        for i in 0..<8 {
          let expected = trilinear(
            textures[(round + i) % textures.count], Double(u[i]), Double(v[i]), Double(detail[i]))
          worst = max(
            worst, abs(Double(colour.x[i]) - expected.x), abs(Double(colour.y[i]) - expected.y),
            abs(Double(colour.z[i]) - expected.z))
        }
      }
    }
    // A place in the texture is a Float: u * width has an error of 2^-24 of 301, and each weight with it.
    #expect(worst < 4 * 301 * 0x1p-24, sourceLocation: sourceLocation)
  }

  @Test(arguments: [(16, 16), (1, 1), (7, 5), (1, 9), (301, 2), (64, 1), (33, 127)])
  func colour(width: Int, height: Int) {
    check([colourTexture(width, height, seed: 1)], seed: 2)
  }

  @Test(arguments: [(16, 16), (1, 1), (7, 5), (1, 9), (301, 2), (64, 1), (33, 127)])
  func scalar(width: Int, height: Int) {
    check([scalarTexture(width, height, seed: 3)], seed: 4)
  }

  /// Colour and scalar textures of different sizes side by side in one vector.
  @Test func mixed() {
    check(
      [
        colourTexture(16, 8, seed: 5), scalarTexture(5, 7, seed: 6), scalarTexture(1, 1, seed: 7),
        colourTexture(3, 1, seed: 8), scalarTexture(64, 64, seed: 9),
      ], seed: 10)
  }

  /// White stays white at any place and level.
  @Test func whiteIsWhite() {
    let blank = Texture(scalar: Plane(width: 1, height: 1, repeating: 0))
    let sampler = TextureSampler()
    defer { sampler.deallocate() }
    for texture in [
      Texture(scalar: Plane(width: 37, height: 21, repeating: 65535)),
      Texture(base: Plane(width: 37, height: 21, repeating: SIMD4(repeating: 65535))),
    ] {
      var material = ShadingMaterial(Material(baseColorTexture: TextureUse(texture: texture)), blank: blank)
      withUnsafePointer(to: &material) { pointer in
        let pointers = [UnsafePointer<ShadingMaterial>](repeating: pointer, count: 8)
        pointers.withUnsafeBufferPointer { p in
          guard let p = p.baseAddress else { return }
          let u = Lanes(0, 0.1, 0.37, 0.5, 0.77, 0.9, 0.999, 1)
          for detail in [Float(0), 0.3, 2.5, 5, 9] {
            let c = sampler.trilinear(p, isUniform: true, u: u, v: u, detail: lanes(detail))
            for i in 0..<8 { #expect(abs(c.x[i] - 1) < 1e-6 && abs(c.z[i] - 1) < 1e-6) }
          }
        }
      }
    }
  }
}
