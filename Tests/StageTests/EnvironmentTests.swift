import Geometry
import Imaging
import Testing

@testable import Stage

@Suite struct EnvironmentTests {
  /// Directions that cover the sphere, poles, axes and folds of the map included.
  static let directions: [Vector3] =
    (0..<200).map { i in
      let z = 1 - (2 * Double(i) + 1) / 200
      let (s, c) = StableMath.sincos(Double(i) * 2.399963)
      return Vector3((1 - z * z).squareRoot() * c, (1 - z * z).squareRoot() * s, z)
    } + [
      Vector3(0, 0, 1), Vector3(0, 0, -1), Vector3(1, 0, 0), Vector3(-1, 0, 0), Vector3(0, 1, 0), Vector3(0, -1, 0),
    ]
  static let roughnesses = [0, 0.05, 0.1, 0.25, 0.4, 0.6, 0.85, 1]

  func close(_ a: Vector3, _ b: Vector3, _ tolerance: Double) -> Bool {
    (a - b).length <= tolerance * max(1e-9, b.length)
  }

  @Test func mapIsItsOwnInverse() {
    for d in Self.directions {
      let uv = Octahedron.coordinates(d)
      #expect(uv.x >= 0 && uv.x <= 1 && uv.y >= 0 && uv.y <= 1)
      #expect((Octahedron.direction(uv) - d).length < 1e-12, "\(d)")
      let (u, v) = OctahedralPyramid.coordinates(SIMD3<Float>(d))
      // -Z is at all four corners.
      if d.z > -1 { #expect(abs(Double(u) - uv.x) + abs(Double(v) - uv.y) < 1e-6, "\(d)") }
    }
  }

  @Test func solidAnglesFillTheSphere() {
    for side in [16, 64, 128] {
      let angles = Octahedron.solidAngles(side: side)
      #expect(abs(angles.reduce(0, +) - 4 * Double.pi) < 1e-9)
      // The part above the horizon is half, and so is every other half.
      let d = Octahedron.directions(side: side)
      for axis in 0..<3 {
        let moment = zip(d, angles).reduce(0.0) { $0 + $1.0[axis] * $1.1 }
        #expect(abs(moment) < 1e-9)
        let second = zip(d, angles).reduce(0.0) { $0 + $1.0[axis] * $1.0[axis] * $1.1 }
        #expect(abs(second / (4 * Double.pi / 3) - 1) < 3 / Double(side * side) + 1e-3)
      }
    }
  }

  /// The border continues the sphere: a step across an edge of the square is no leap.
  @Test func lookupsAreContinuousAcrossTheFolds() {
    let environment = Environment(side: 64) { d in Vector3(2 + d.x, 2 + d.y, 2 + d.z) }
    for d in Self.directions {
      for r in Self.roughnesses {
        let value = environment.radiance(d, roughness: r)
        #expect(value.isFinite)
        let next = environment.radiance(d + Vector3(1e-4, -1e-4, 1e-4), roughness: r)
        #expect((value - next).length < 1e-2)
      }
      #expect(close(environment.radiance(d), Vector3(2, 2, 2) + d, 0.01), "\(d)")
    }
  }

  /// White furnace: what is the same from everywhere stays the same, blurred or gathered.
  @Test func aConstantStaysConstant() {
    let white = Vector3(0.25, 1, 3)
    for side in [16, 64, 128] {
      let environment = Environment(side: side) { _ in white }
      for d in Self.directions {
        for r in Self.roughnesses { #expect(close(environment.radiance(d, roughness: r), white, 1e-6)) }
        #expect(close(environment.irradiance.radiance(normal: d), white, 1e-5), "\(d)")
      }
    }
  }

  /// E(n) = pi + 2 pi / 3 (n . a) under radiance 1 + d . a; and 2/3 pi (1 + n.z) / 2 ... of a half sphere to within the
  /// three bands' error.
  @Test func irradianceAgreesWithClosedForms() {
    let a = Vector3(0.3, -0.5, 0.4)
    let linear = Environment(side: 128) { d in Vector3(repeating: 1 + dot(d, a)) }
    for n in Self.directions {
      #expect(close(linear.irradiance.radiance(normal: n), Vector3(repeating: 1 + 2.0 / 3 * dot(n, a)), 3e-3))
    }
    // A dome of light: (1 + n.z) / 2.
    let dome = Environment(side: 128) { d in Vector3(repeating: d.z > 0 ? 1 : 0) }
    for n in Self.directions {
      let error = dome.irradiance.radiance(normal: n).x - (1 + n.z) / 2
      #expect(abs(error) < 0.05, "\(n): \(error)")
    }
  }

  /// The blurred levels against a plain sum over a fine map.
  @Test func blurAgreesWithIntegration() {
    func light(_ d: Vector3) -> Vector3 {
      let spot = smoothStep(0.8, 0.95, dot(d, Vector3(0.6, 0, 0.8)))
      return Vector3(0.3 + 5 * spot, 0.3 + 0.2 * d.y, 0.3 + (d.z < 0 ? 0.5 : 0))
    }
    let environment = Environment(side: 128, radiance: light)
    let side = 128
    let (directions, angles) = (Octahedron.directions(side: side), Octahedron.solidAngles(side: side))
    for level in 3..<Environment.levelCount {
      let r = Environment.roughness(level: level)
      let a2 = r * r * r * r
      for n in Self.directions.enumerated().filter({ $0.offset % 23 == 0 }).map(\.element) {
        var (sum, weights) = (Vector3(), 0.0)
        for (d, angle) in zip(directions, angles) {
          let cosine = dot(n, d)
          guard cosine > 0 else { continue }
          let q = (1 + cosine) / 2 * (a2 - 1) + 1
          let weight = cosine / (q * q) * angle
          sum += light(d) * weight
          weights += weight
        }
        let error = environment.radiance(n, roughness: r) - sum / weights
        #expect(error.length < 0.1 * (sum / weights).length, "level \(level), \(n): \(error) of \(sum / weights)")
      }
    }
  }

  @Test func levelsAndRoughnessAgree() {
    for k in 0..<Environment.levelCount {
      #expect(abs(Environment.level(roughness: Environment.roughness(level: k)) - Double(k)) < 1e-12)
    }
  }

  @Test func rotationAndScaleNeedNoNewMap() {
    let environment = Environment(
      side: 64, sun: Sun(direction: Vector3(1, 0, 0), irradiance: Vector3(1, 2, 3))
    ) { d in Vector3(1 + d.x, 1 + d.y, 1 + d.z) }
    let use = EnvironmentUse(environment: environment, rotation: .pi / 2, scale: Vector3(2, 1, 1))
    // What was seen along +X is seen along +Y.
    #expect(close(use.radiance(Vector3(0, 1, 0)), Vector3(4, 1, 1), 0.01))
    #expect(close(use.diffuse(normal: Vector3(0, 1, 0)), Vector3(2 * (1 + 2.0 / 3), 1, 1), 0.01))
    #expect(use.sun.map { ($0.direction - Vector3(0, 1, 0)).length < 1e-12 } == true)
    #expect(use.sun?.irradiance == Vector3(2, 2, 3))
  }

  @Test func splitSumConservesEnergyAndAgreesWithIntegration() {
    for entry in SplitSum.table {
      #expect(entry.x >= 0 && entry.y >= 0 && entry.x + entry.y <= 1.002, "\(entry)")
    }
    // A smooth mirror is Schlick's Fresnel term alone.
    for cosine in [0.2, 0.5, 1] {
      let f = SplitSum.factors(cosine: cosine, roughness: 0)
      let m = 1 - cosine
      let schlick = m * m * m * m * m
      #expect(abs(f.y - schlick) < 0.01 && abs(f.x - (1 - schlick)) < 0.01, "\(cosine): \(f)")
    }
    // Directional albedo at f0 = 1 by a plain sum over light directions.
    for (cosine, roughness) in [(0.9, 0.5), (0.5, 0.5), (0.3, 0.8), (0.7, 1.0)] {
      let a2 = roughness * roughness * roughness * roughness
      let view = Vector3((1 - cosine * cosine).squareRoot(), 0, cosine)
      var sum = 0.0
      let (across, up) = (256, 256)
      for j in 0..<up {
        let nl = (Double(j) + 0.5) / Double(up)
        for i in 0..<across {
          let (s, c) = StableMath.sincos(2 * Double.pi * (Double(i) + 0.5) / Double(across))
          let light = Vector3((1 - nl * nl).squareRoot() * c, (1 - nl * nl).squareRoot() * s, nl)
          guard let half = (light + view).normalized else { continue }
          let q = half.z * half.z * (a2 - 1) + 1
          let density = a2 / (Double.pi * q * q)
          let masking =
            nl * (cosine * cosine * (1 - a2) + a2).squareRoot() + cosine * (nl * nl * (1 - a2) + a2).squareRoot()
          sum += density * 0.5 / masking * nl
        }
      }
      let albedo = sum * 2 * Double.pi / Double(across * up)
      let f = SplitSum.factors(cosine: cosine, roughness: roughness)
      #expect(abs((f.x + f.y) / albedo - 1) < 0.02, "\(cosine), \(roughness): \(f.x + f.y), \(albedo)")
    }
  }

  // MARK: - Pictures by longitude and latitude

  func picture(_ width: Int, _ height: Int, _ value: (Vector3) -> Vector3) -> Plane<SIMD3<Float>> {
    var values: [SIMD3<Float>] = []
    for y in 0..<height {
      for x in 0..<width {
        let (se, ce) = StableMath.sincos(Double.pi * (0.5 - (Double(y) + 0.5) / Double(height)))
        let (sa, ca) = StableMath.sincos(2 * Double.pi * (0.5 - (Double(x) + 0.5) / Double(width)))
        values.append(SIMD3<Float>(value(Vector3(ca * ce, sa * ce, se))))
      }
    }
    return Plane(width: width, height: height, values: values)
  }

  @Test func picturesLieAsTheyShould() {
    let image = picture(256, 128) { d in Vector3(2 + d.x, 2 + d.y, 2 + d.z) }
    let environment = Environment(equirectangular: image, cuttingSun: true)
    #expect(environment.sun == nil)
    for d in Self.directions { #expect(close(environment.radiance(d), Vector3(2, 2, 2) + d, 0.02), "\(d)") }
    // The middle is +X, the right -Y.
    var small = Plane(width: 4, height: 2, repeating: SIMD3<Float>(0, 0, 0))
    small[2, 0] = SIMD3(1, 1, 1)
    let quarter = Environment(equirectangular: small, cuttingSun: false)
    #expect(quarter.radiance(Vector3(0.5, -0.5, 0.6)).x > 0.9)
    #expect(quarter.radiance(Vector3(0.5, 0.5, 0.6)).x < 0.1)
  }

  /// A sun of a few texels: its light arrives, whether it is cut or not, and blurring shows no spots where it is.
  @Test func theSunIsCutOutWithAllItsLight() throws {
    let towards = try #require(Vector3(0.5, 0.3, 0.6).normalized)
    let radius = 0.02
    let image = picture(1024, 512) { d in
      dot(d, towards) > StableMath.cos(radius) ? Vector3(3e4, 2.7e4, 2e4) : Vector3(0.5, 0.6, 0.8)
    }
    let solid = 2 * Double.pi * (1 - StableMath.cos(radius))
    let whole = Environment(equirectangular: image, cuttingSun: false)
    let cut = Environment(equirectangular: image, cuttingSun: true)
    #expect(whole.sun == nil)
    let sun = try #require(cut.sun)
    #expect((sun.direction - towards).length < 2e-3)
    #expect(close(sun.irradiance, Vector3(3e4, 2.7e4, 2e4) * solid, 0.05))
    #expect(abs(sun.angularDiameter / (2 * radius) - 1) < 0.1)
    for d in Self.directions { #expect(close(cut.radiance(d, roughness: 0.3), Vector3(0.5, 0.6, 0.8), 1e-3)) }
    // Uncut, the first band holds the same light: the mean of E over all normals is a quarter of all radiance.
    let mean = whole.irradiance.coefficients[0] * (4 * Double.pi) - Vector3(0.5, 0.6, 0.8) * (4 * Double.pi - solid)
    #expect(close(mean, Vector3(3e4, 2.7e4, 2e4) * solid, 0.05))
  }

  @Test func whatIsNoNumberCountsAsDark() {
    var image = Plane(width: 32, height: 16, repeating: SIMD3<Float>(1, 1, 1))
    image[3, 3] = SIMD3(.nan, -.infinity, .infinity)
    let environment = Environment(equirectangular: image, cuttingSun: false)
    for d in Self.directions {
      for r in Self.roughnesses { #expect(environment.radiance(d, roughness: r).isFinite) }
    }
  }
}
