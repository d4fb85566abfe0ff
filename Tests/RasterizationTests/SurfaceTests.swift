import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Materials that are more than plain, where the truth is known.
struct SurfaceTests {
  private func uniform(_ r: Double, _ g: Double, _ b: Double, side: Int = 4) -> TextureUse {
    let texel = SIMD4(UInt16(r * 65535), UInt16(g * 65535), UInt16(b * 65535), 65535)
    return TextureUse(
      texture: Texture(base: Plane(width: side, height: side, repeating: texel)), encoding: .linear)
  }

  private func frame(_ material: Material, _ mesh: Mesh, mirrored: Bool = false) -> Frame {
    var frame = Frame(
      width: 64, height: 48, camera: .looking(from: Vector3(1, -3, 1.4), 64, 48, f: 60),
      sun: Sun(direction: Vector3(0.48, -0.6, 0.64), irradiance: Vector3(1.5, 1.4, 1.2)),
      ambient: HemisphericLight(sky: Vector3(0.3, 0.35, 0.4), ground: Vector3(0.2, 0.15, 0.1)))
    frame.instances = [
      Instance(0, mesh, Matrix3(diagonal: Vector3(mirrored ? -1 : 1, 1, 1)), material: material)
    ]
    return frame
  }

  /// The general way gives what the quick way gives, where both may be taken: a turned texture by a full turn, say.
  @Test func generalAgreesWithPlain() throws {
    var use = TextureUse(
      texture: .baked(MarblePattern(), resolution: 64), scale: Vector2(2, 3), offset: Vector2(0.3, 0.1),
      ramp: .init(first: Vector3(0.9, 0.8, 0.7), second: Vector3(0.1, 0.2, 0.3)))
    for mesh in [Torus().makeMesh(), Box().makeMesh()] {
      let plain = Rasterizer().render(frame(Material(baseColorTexture: use, metallic: 0.3, roughness: 0.4), mesh)).rgb
      use.rotation = 1e-9
      let general = Rasterizer().render(frame(Material(baseColorTexture: use, metallic: 0.3, roughness: 0.4), mesh)).rgb
      use.rotation = 0
      #expect(try ImageDifference(plain, general).maximum <= 1)
    }
  }

  /// Neutral maps change nothing, and maps of one value are as the factor.
  @Test func uniformMapsAreFactors() throws {
    let mesh = Sphere(radius: 0.9).makeMesh()
    var mapped = Material(
      baseColor: Vector3(0.8, 0.6, 0.4), metallic: 1, roughness: 1, emission: Vector3(0.2, 0.2, 0.2))
    mapped.metallicRoughnessTexture = uniform(0, 0.5, 0.25)
    mapped.normalTexture = uniform(0.5, 0.5, 1)
    mapped.emissiveTexture = uniform(0.5, 1, 0)
    let plain = Material(
      baseColor: Vector3(0.8, 0.6, 0.4), metallic: 0.25, roughness: 0.5, emission: Vector3(0.1, 0.2, 0))
    let difference = try ImageDifference(
      Rasterizer().render(frame(mapped, mesh)).rgb, Rasterizer().render(frame(plain, mesh)).rgb)
    #expect(difference.maximum <= 1)
  }

  /// A sheet whose map says that it leans is lit as one that leans; given tangents, none, or mirrored.
  @Test func normalMapsLean() {
    let lean = 0.5
    let (s, c) = StableMath.sincos(lean)
    // The sheet lies in x and y and faces z; u runs along x, v along -y.
    let sheet = PlaneShape(size: Vector2(2, 2)).makeMesh()
    let tangents = [SIMD4<Float>](repeating: SIMD4(1, 0, 0, 1), count: sheet.vertices.count)
    let tangled = Mesh(vertices: sheet.vertices, indices: sheet.indices, tangents: tangents)
    for (x, y) in [(s, 0.0), (-s, 0), (0, s), (0, -s)] {
      var material = Material(baseColor: Vector3(1, 1, 1), roughness: 1)
      material.normalTexture = uniform(0.5 + x / 2, 0.5 + y / 2, 0.5 + c / 2)
      for mirrored in [false, true] {
        var values: [Double] = []
        for mesh in [sheet, tangled] {
          var f = frame(material, mesh, mirrored: mirrored)
          f.ambient = HemisphericLight(sky: Vector3(), ground: Vector3())
          f.sun = Sun(direction: Vector3(0.36, 0.48, 0.8), irradiance: Vector3(repeating: 2), castsShadow: false)
          values.append(Rasterizer().render(f).rgb.linear(32, 24))
        }
        let normal = Vector3(mirrored ? -x : x, y, c)
        let expected = max(dot(normal, Vector3(0.36, 0.48, 0.8)), 0) * 2 / Double.pi
        for value in values { #expect(abs(value - expected) < 0.04, "\(x), \(y), \(mirrored): \(value), \(expected)") }
        #expect(abs(values[0] - values[1]) < 0.004)
      }
    }
  }

  /// Vertex colours multiply, and run linearly from corner to corner.
  @Test func vertexColours() {
    let mesh = PlaneShape(size: Vector2(4, 4)).makeMesh()
    let colored = Mesh(
      vertices: mesh.vertices, indices: mesh.indices,
      colors: mesh.vertices.map { SIMD4($0.position.x / 4 + 0.5, 0.5, 1, 1) })
    var f = frame(Material(baseColor: Vector3(1, 1, 1), metallic: 0, roughness: 1), colored)
    f.camera = .looking(from: Vector3(0, 0, 3), 64, 48, f: 60)
    f.sun = nil
    f.ambient = HemisphericLight(sky: Vector3(1, 1, 1), ground: Vector3(1, 1, 1))
    let image = Rasterizer().render(f).rgb
    let row = (4..<60).map { SRGB.linear(fromSRGB8: UInt8(image.codes($0, 24).x)) }
    // 0.05 of a metre a pixel: 1/80 of the range of albedo, but for what is mirrored.
    for k in 1..<row.count { #expect(abs(abs(row[k] - row[k - 1]) - 0.0125) < 0.008) }
  }

  /// A cube of a triplanar material looks as one with the same picture by its texture coordinates would: whole, upright.
  @Test func triplanarShowsThePicture() {
    var material = Material(baseColor: Vector3(1, 1, 1), roughness: 1)
    let half = Plane<SIMD4<UInt16>>(
      width: 2, height: 2,
      values: [SIMD4(65535, 0, 0, 65535), SIMD4(0, 65535, 0, 65535), SIMD4(0, 0, 65535, 65535), SIMD4(0, 0, 0, 65535)])
    material.baseColorTexture = TextureUse(
      texture: Texture(base: half), offset: Vector2(0.5, 0.5), wrapU: .clamp, wrapV: .clamp)
    material.projection = .triplanar(scale: 1)
    for turn in 0..<4 {
      let (s, c) = StableMath.sincos(Double(turn) * Double.pi / 2)
      var f = frame(material, Box(size: Vector3(1, 1, 1)).makeMesh())
      f.camera = .looking(from: Vector3(3 * c, 3 * s, 0), 64, 48, f: 60)
      f.sun = nil
      f.ambient = HemisphericLight(sky: Vector3(1, 1, 1), ground: Vector3(1, 1, 1))
      let image = Rasterizer().render(f).rgb
      // Red upper left, green upper right, blue lower left, black lower right; the face is 24 pixels wide.
      let corners = [image.codes(24, 16), image.codes(39, 16), image.codes(24, 31), image.codes(39, 31)]
      #expect(corners[0].x > 200 && corners[0].y < 100, "turn \(turn): \(corners)")
      #expect(corners[1].y > 200 && corners[1].x < 100, "turn \(turn): \(corners)")
      #expect(corners[2].z > 200 && corners[2].y < 100, "turn \(turn): \(corners)")
    }
  }

  /// To the horizon a chessboard becomes grey, by the anisotropic filter as by the other, but later; and wrapping has no seam.
  @Test func anisotropyKeepsTheMean() {
    func rows(_ filter: TextureFilter) -> [[Double]] {
      var f = Frame(
        width: 96, height: 64, camera: .looking(from: Vector3(0, 0, 1.5), at: Vector3(0.3, 1, 1.5), 96, 64, f: 80),
        ambient: HemisphericLight(sky: Vector3(1, 1, 1), ground: Vector3(1, 1, 1)))
      f.textureFilter = filter
      let checker = TextureUse(
        texture: .baked(CheckerPattern(pairs: 1), resolution: 64),
        ramp: .init(first: Vector3(), second: Vector3(1, 1, 1)))
      f.instances = [
        Instance(
          0, PlaneShape(size: Vector2(4000, 4000), repeats: Vector2(2000, 2000)).makeMesh(),
          material: Material(baseColor: Vector3(1, 1, 1), baseColorTexture: checker, roughness: 1))
      ]
      let image = Rasterizer().render(f).rgb
      return (33..<64).map { y in (0..<96).map { image.linear($0, y) } }
    }
    let (soft, sharp) = (rows(.trilinear), rows(.anisotropic))
    func contrast(_ row: [Double]) -> Double { (row.max() ?? 0) - (row.min() ?? 0) }
    for k in 0..<2 {
      #expect(contrast(sharp[k]) < 0.06 && abs(sharp[k][40] - 0.53) < 0.06, "row \(k): \(sharp[k][40])")
    }
    for k in sharp.indices where k >= 1 {
      // A row of many squares keeps its mean.
      let mean = sharp[k].reduce(0, +) / 96
      if k < 8 { #expect(abs(mean - 0.52) < 0.08, "row \(k): \(mean)") }
    }
    // Half way, squares are told apart where the other filter sees grey.
    let sums = (sharp[5..<12].reduce(0) { $0 + contrast($1) }, soft[5..<12].reduce(0) { $0 + contrast($1) })
    #expect(sums.0 > 1.5 * sums.1, "\(sums)")
  }

  /// A texture that is the same everywhere shows no seam, whatever the wrap and the filter.
  @Test func noSeams() {
    for wrap in TextureUse.Wrap.allCases {
      var use = uniform(0.5, 0.5, 0.5, side: 7)
      (use.wrapU, use.wrapV, use.rotation, use.scale) = (wrap, wrap, 0.4, Vector2(5, 3))
      let layer = TextureLayer(use)
      for k in 0..<400 {
        let uv = SIMD2(Float(k) * 0.013 - 2, Float(k) * -0.021 + 3)
        for probes in [1, 8] {
          let t = layer.filtered(uv, SIMD2(0.3, 0.01 * Float(k % 7)), SIMD2(0.02, 0.01), probes: probes)
          #expect(abs(t.x - 0.5) < 2e-5 && abs(t.w - 1) < 2e-5)
        }
      }
    }
  }
}
