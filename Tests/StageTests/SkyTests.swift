import Documents
import Geometry
import Stage
import Testing

/// What is true of every sky.
///
/// - Parameters:
///   - level: irradiance over pi that a level surface receives, the sun included; luminance.
///   - golden: digest of the environment.
func checkSky(
  _ sky: any Sky, level: ClosedRange<Double>, golden: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  checkManual(sky, sourceLocation: sourceLocation)
  let environment = sky.makeEnvironment()
  for d in EnvironmentTests.directions {
    for r in EnvironmentTests.roughnesses {
      let light = environment.radiance(d, roughness: r)
      #expect(light.isFinite && light.min() >= 0, "\(d)", sourceLocation: sourceLocation)
    }
  }
  var received = environment.irradiance.radiance(normal: Vector3(0, 0, 1))
  if let sun = environment.sun {
    #expect(abs(sun.direction.length - 1) < 1e-12 && sun.irradiance.min() >= 0, sourceLocation: sourceLocation)
    received += sun.irradiance * (max(sun.direction.z, 0) / Double.pi)
  }
  let y = 0.2126 * received.x + 0.7152 * received.y + 0.0722 * received.z
  #expect(level.contains(y), "a level surface receives \(y)", sourceLocation: sourceLocation)
  #expect(sky.makeEnvironment().digest == environment.digest, sourceLocation: sourceLocation)
  checkGolden(environment.digest, golden, sourceLocation: sourceLocation)
}

@Suite struct SkyTests {
  @Test func overcast() {
    checkSky(OvercastSky(), level: 0.98...1.02, golden: "d5d0ab656ddea94d6c55fb28cab49e1b")
    // Three times as bright at the zenith as at the horizon.
    let environment = OvercastSky().makeEnvironment()
    let ratio = environment.radiance(Vector3(0, 0, 1)).x / environment.radiance(Vector3(1, 0, 0.03)).x
    #expect(ratio > 2.7 && ratio < 3)
  }

  @Test(arguments: [
    (5.0, 3.0, "d075f90e032974a1a36e6e81bbddd005"), (40, 2, "1a7073fd9d8605d054a07177cf35bff8"),
    (40, 8, "55d62f327ff5b0b29f8d1fb6fc3bc7a2"), (90, 3, "1bad5d581f79b1c8e607e20d29d532af"),
    (0, 10, "d4703f4113eb307a1eb1a946ce062f4b"),
  ])
  func clear(elevation: Double, turbidity: Double, golden: String) {
    checkSky(ClearSky(elevation: elevation, turbidity: turbidity), level: 0.97...1.03, golden: golden)
  }

  /// The colours that everyone knows: blue above, red suns low, whiter skies in haze, the brightest part by the sun.
  @Test func clearSkiesLookLikeTheSky() throws {
    let noon = ClearSky(elevation: 60).makeEnvironment()
    let up = noon.radiance(Vector3(-0.3, 0, 0.95))
    #expect(up.z > 1.5 * up.x)
    let hazy = ClearSky(elevation: 60, turbidity: 9).makeEnvironment().radiance(Vector3(-0.3, 0, 0.95))
    #expect(hazy.z / hazy.x < up.z / up.x)
    let low = try #require(ClearSky(elevation: 3).makeEnvironment().sun)
    let high = try #require(noon.sun)
    #expect(low.irradiance.x / low.irradiance.z > 2 * high.irradiance.x / high.irradiance.z)
    #expect(abs(high.direction.z - StableMath.sin((60.0).degreesInRadians)) < 1e-12)
    // Sun to sky as measured on clear days at noon: the sun brings most of the light.
    let sky = noon.irradiance.radiance(normal: Vector3(0, 0, 1)).y
    #expect(sky > 0.08 && sky < 0.35, "\(sky)")
    #expect(noon.radiance(Vector3(0.5, 0, 0.8)).y > noon.radiance(Vector3(-0.5, 0, 0.8)).y)
  }

  @Test func studio() {
    checkSky(StudioSky(), level: 0.5...3, golden: "1e1083760b15c7fb6c87033a1b502692")
    let sky = StudioSky(
      boxes: [.init(azimuth: 90, elevation: 0, width: 20, height: 40, radiance: Vector3(7, 7, 7))],
      room: Vector3(), floor: Vector3(), softness: 1)
    let environment = sky.makeEnvironment()
    #expect(environment.radiance(Vector3(0, 1, 0)).x > 6.9)
    #expect(environment.radiance(Vector3(0, 1, 0.3)).x > 6.9)
    #expect(environment.radiance(Vector3(0.3, 1, 0)).x == 0)
    #expect(environment.radiance(Vector3(0, -1, 0)).x == 0)
  }

  @Test func gradient() {
    checkSky(GradientSky(), level: 0.7...0.95, golden: "1f4f80c39a45ccd54ca9b6766ee19809")
  }

  @Test func everySkyDecodesByNameAlone() throws {
    #expect(skyRegistry.names == ["clear", "overcast", "studio", "gradient"])
    for name in skyRegistry.names { _ = try skyRegistry.decode(Node(.string(name))).makeEnvironment() }
    #expect(throws: DocumentError.self) { try skyRegistry.make("clear", ["elevation": .real(91)]) }
    #expect(throws: DocumentError.self) { try skyRegistry.make("clear", ["turbidity": .real(1)]) }
    #expect(throws: DocumentError.self) { try skyRegistry.make("gradient", ["above": .real(-1)]) }
    #expect(throws: DocumentError.self) { try skyRegistry.make("cleer") }
  }

  /// New parameters in every frame are affordable. Printed, not judged: machines are busy.
  @Test func timeToMakeASky() {
    for sky in [ClearSky(elevation: 33), OvercastSky(), StudioSky(), GradientSky()] as [any Sky] {
      let time = ContinuousClock().measure { for _ in 0..<5 { _ = sky.makeEnvironment() } }
      print("\(type(of: sky)): \(time / 5)")
    }
  }
}
