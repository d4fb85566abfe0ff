import Documents
import Geometry
import Imaging
import Stage
import Testing

@testable import Sampling

/// `environment:` and `background:`.
@Suite struct EnvironmentTests {
  private func frame(_ lines: String, index: Int = 0) throws -> Frame {
    let scene = try compiled("camera: {eye: [5, 0, 1]}\nimage: {width: 64, height: 32}\n" + lines)
    return try scene.frame(index, assets: TestAssets())
  }

  @Test func aSkyLightsTheSceneInPlaceOfTheAmbientLight() throws {
    let f = try frame(
      "environment: {sky: {clear: {elevation: 30}}, rotation: 90, intensity: 2, color: [1, 0.5, 1]}")
    let use = try #require(f.environment)
    #expect(use.environment == ClearSky(elevation: 30).makeEnvironment())
    #expect(use.isBackground && use.scale == Vector3(2, 1, 2) && abs(use.rotation - .pi / 2) < 1e-15)
    #expect(f.ambient == HemisphericLight(sky: Vector3(), ground: Vector3()))
    let sun = try #require(f.sun)
    #expect((sun.direction - Vector3(0, StableMath.cos(.pi / 6), 0.5)).length < 1e-12)
  }

  @Test func theScenesOwnLightsWin() throws {
    let f = try frame(
      "environment: {sky: clear, sun: true}\nsun: {azimuth: 0, elevation: 90}\nambient: {sky: 0.3, ground: 0.1}")
    #expect(f.sun?.direction.z == 1 && f.ambient.sky.x == 0.3)
    #expect(try frame("environment: {sky: clear, sun: false}").sun == nil)
    #expect(try frame("environment: {file: README.md}").sun?.irradiance == Vector3(3, 3, 3))
    #expect(try frame("environment: {file: README.md, sun: false}").sun == nil)
  }

  @Test func withoutOneNothingChanges() throws {
    let f = try frame("objects: []")
    #expect(f.environment == nil && f.backgroundPicture == nil && f.background == Vector3())
    #expect(f.ambient == HemisphericLight(sky: Vector3(repeating: 0.4), ground: Vector3(repeating: 0.2)))
  }

  @Test func temperatureTints() throws {
    let warm = try #require(try frame("environment: {sky: overcast, temperature: 3000}").environment).scale
    #expect(warm.x > 1.3 && warm.z < 0.6)
    #expect(abs(0.2126 * warm.x + 0.7152 * warm.y + 0.0722 * warm.z - 1) < 1e-12)
    let neutral = try #require(try frame("environment: {sky: overcast, temperature: 6504}").environment).scale
    #expect((neutral - Vector3(1, 1, 1)).length < 1e-12)
  }

  @Test func aBackgroundHidesTheEnvironment() throws {
    let f = try frame("environment: {sky: overcast}\nbackground: \"#ffffff\"")
    #expect(f.environment?.isBackground == false && f.background == Vector3(1, 1, 1))
    #expect(try frame("environment: {sky: overcast, background: false}").environment?.isBackground == false)
  }

  @Test func gradientsRunAsTheyAreTurned() throws {
    func seen(_ angle: Double, _ x: Double, _ y: Double) throws -> Float {
      let f = try frame("background: {gradient: {from: [0, 0, 0], to: [1, 1, 1], angle: \(angle)}}")
      let picture = try #require(f.backgroundPicture)
      let ramp = BackgroundPicture(
        texture: Texture(scalar: Plane(width: 1, height: 256, values: (0..<256).map { UInt16($0 * 257) })),
        ramp: picture.ramp, origin: picture.origin, across: picture.across, down: picture.down)
      return BackgroundSampler(ramp, width: 64, height: 32).radiance(x: x, y: y).x
    }
    for (angle, x, y, expected) in [
      (0.0, 32.0, 0.0, 0.0), (0, 5, 32, 1), (0, 60, 16, 0.5), (90, 0, 10, 0), (90, 64, 10, 1), (180, 0, 0, 1),
      (45, 0, 0, 0), (45, 64, 32, 1), (30, 32, 16, 0.5),
    ] {
      #expect(abs(Double(try seen(angle, x, y)) - expected) < 0.02, "\(angle), \(x), \(y)")
    }
  }

  @Test func imagesAreCroppedAndFlipped() throws {
    // 4 x 2: the left half dark, the right half bright.
    let texture = Texture(
      base: Plane(
        width: 4, height: 2,
        values: [0, 0, 65535, 65535, 0, 0, 65535, 65535].map { SIMD4<UInt16>($0, $0, $0, 65535) }))
    func seen(_ x: Double, _ width: Int, _ height: Int, zoom: Double = 1, position: Double = 0.5, flip: Bool = false)
      -> Float
    {
      var picture = BackgroundPicture(texture: texture)
      picture.crop(
        4, 2, toFill: width, height, zoom: zoom, position: Vector2(position, 0.5), flip: (flip, false))
      return BackgroundSampler(picture, width: width, height: height).radiance(
        x: x * Double(width), y: Double(height) / 2
      ).x
    }
    #expect(seen(0.1, 64, 32) == 0 && seen(0.9, 64, 32) == 1)
    #expect(seen(0.1, 64, 32, flip: true) == 1 && seen(0.9, 64, 32, flip: true) == 0)
    // A square shows half of it; the left half is dark all over.
    #expect(seen(0.6, 32, 32, position: 0) == 0 && seen(0.4, 32, 32, position: 1) == 1)
    #expect(seen(0.9, 64, 32, zoom: 2, position: 0) < 0.35)
    let f = try frame("background: {image: {file: README.md, intensity: 2, flip: true}}")
    #expect(f.backgroundPicture?.scale == Vector3(2, 2, 2) && f.backgroundPicture?.across.x == -1)
  }

  @Test func aPrintedFrameIsTheSameAgain() throws {
    let text = """
      camera: {eye: [5, 0, 1]}
      environment:
        sky: {$choice: [{clear: {elevation: {$uniform: [5, 80]}}}, {studio: {room: {$uniform: [0.1, 0.3]}}}]}
        rotation: {$uniform: [0, 360]}
        temperature: {$uniform: [3000, 9000]}
      background:
        $choice:
          - {$rgb: {low: [0, 0, 0], high: [1, 1, 1]}}
          - noise: {seed: {$integer: [0, 1000]}, colors: [{$hsv: {hue: [0, 360]}}, "#334455"]}
          - gradient: {angle: {$uniform: [0, 360]}}
      """
    let (scene, assets) = (try compiled(text), TestAssets())
    for k in 0..<6 {
      let again = try compiled(yaml(try scene.document(frame: k)))
      #expect(
        fingerprint(try again.frame(0, assets: assets)) == fingerprint(try scene.frame(k, assets: assets)))
    }
  }

  @Test func faultsAreNamed() throws {
    func message(_ line: String) -> String {
      do {
        _ = try frame(line)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message("environment: {rotation: 3}").contains("expected one of file, sky"))
    #expect(message("environment: {sky: cleer}").contains("did you mean \"clear\"?"))
    #expect(message("environment: {sky: {clear: {elevation: 99}}}").contains("environment.sky.clear.elevation"))
    #expect(message("environment: {sky: overcast, temperature: 20}").contains("1667"))
    #expect(message("background: {imag: {zoom: 2}}").contains("did you mean \"image\"?"))
    #expect(message("background: {noise: {colors: [1]}}").contains("two colours"))
  }
}
