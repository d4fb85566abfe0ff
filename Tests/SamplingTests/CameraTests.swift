import Geometry
import Stage
import Testing

@testable import Sampling

/// What the keys of `camera:` mean, and what of them is refused.
struct CameraTests {
  private func frame(_ camera: String, size: (Int, Int) = (200, 100)) throws -> Frame {
    try compiled("image: {width: \(size.0), height: \(size.1)}\ncamera: \(camera)").frame(0, assets: TestAssets())
  }

  private func message(_ camera: String) -> String {
    do {
      _ = try frame(camera)
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func lensesAreThoseOfTheirNumbers() throws {
    let brown = try frame(
      "{eye: [3, 0, 0], fov: 40, distortion: {k1: -0.2, k2: 0.1, p1: 0.001, p2: -0.002, k3: 0.03, k4: 0.4, k5: 0.5, k6: 0.6}}"
    ).camera
    #expect(
      brown.projection == .brownConrady(BrownConrady(k: [-0.2, 0.1, 0.03, 0.4, 0.5, 0.6], p1: 0.001, p2: -0.002)))
    #expect(brown.fx == (try frame("{eye: [3, 0, 0], fov: 40}")).camera.fx, "fov is that of the picture without it")
    let parallel = try frame("{eye: [3, 0, 0], orthographic: 4}").camera
    #expect(parallel.projection == .orthographic && parallel.fx == 25 && parallel.fy == 25)
  }

  /// The field of view of a fisheye is what its picture's height really shows.
  @Test func aFisheyeShowsItsFieldOfView() throws {
    for degrees in [60.0, 180, 220] {
      let camera = try frame("{eye: [3, 0, 0], fov: \(degrees), fisheye: {k1: 0.02, k2: -0.003}}").camera
      let top = try #require(camera.unproject(Vector2(100, 0)))
      #expect(abs(StableMath.acos(top.z) - (degrees / 2).degreesInRadians) < 1e-9, "\(degrees) degrees")
    }
    let circle = try frame("{eye: [3, 0, 0], fov: 130, fisheye: {circle: 130}}").camera
    #expect(circle.unproject(Vector2(199, 50)) == nil, "128 degrees to the right: beyond the circle")
    #expect(circle.unproject(Vector2(100, 10)) != nil)
  }

  @Test func theChainIsWhatIsSaid() throws {
    #expect(try frame("{eye: [3, 0, 0]}").photography.isOff)
    let chain = try frame(
      """
      {eye: [3, 0, 0], focal_length: 50, noise_seed: 77,
        lens: {f_number: 2, focus_distance: 3, natural_vignetting: 0.5, vignetting: [-0.1, 0.2, 0.3],
          chromatic_aberration: [0.001, -0.002]},
        shutter: {time: 0.01, readout: 0.02, samples: 12}, metering: {ev100: 3, luminance: 2},
        sensor: {iso: 400, white_electrons: 5000, read_noise: 2, shot_noise: false, headroom: 2, mosaic: gbrg,
          demosaic: bilinear, dead_pixels: 0.01, hot_pixels: 0.02, defect_seed: 9},
        development: {white_balance: [2, 1, 1.5], tone_curve: agx, sharpening: 0.4, bit_depth: 16}}
      """
    ).photography
    var expected = PhotographicChain()
    expected.lens.defocus = .init(fNumber: 2, focusDistance: 3, focalLength: 0.05)
    expected.lens.naturalVignetting = 0.5
    expected.lens.vignetting = Vector3(-0.1, 0.2, 0.3)
    expected.lens.chromaticAberration = Vector2(0.001, -0.002)
    (expected.shutter.time, expected.shutter.readout, expected.shutter.samples) = (0.01, 0.02, 12)
    // A luminance of 1.2 2^EV cd/m2 is white.
    expected.gain = 2 / (1.2 * 8)
    var sensor = Sensor()
    (sensor.iso, sensor.whiteElectrons, sensor.readNoise, sensor.hasShotNoise) = (400, 5000, 2, false)
    (sensor.headroom, sensor.mosaic, sensor.demosaic) = (2, .gbrg, .bilinear)
    (sensor.deadPixels, sensor.hotPixels, sensor.defectSeed, sensor.noiseSeed) = (0.01, 0.02, 9, 77)
    expected.sensor = sensor
    expected.development.whiteBalance = Vector3(2, 1, 1.5)
    expected.development.toneCurve = .agx
    expected.development.sharpening = 0.4
    expected.development.bitDepth = 16
    #expect(abs(chain.gain - expected.gain) < 1e-12)
    expected.gain = chain.gain
    #expect(chain == expected)
    // Manual: f/2, 1/100 s and ISO 400 are EV100 = log2(4 x 100 / 4) = log2(100).
    let manual = try frame(
      "{eye: [3, 0, 0], lens: {f_number: 2}, shutter: {time: 0.01}, sensor: {iso: 400}, metering: {manual: true}}")
    #expect(abs(manual.photography.gain - 1 / 120) < 1e-12)
  }

  @Test(arguments: [
    ("{}", "a camera that stands nowhere"), ("{eye: [1, 0, 0], distance: 2}", "a camera placed in 2 ways"),
    ("{eye: [1, 0, 0], fov: 40, K: [50, 50, 100, 50]}", "a lens described in 2 ways"),
    ("{eye: [1, 0, 0], distortion: {k1: 0.1}, fisheye: {}}", "a lens of 2 kinds"),
    ("{eye: [1, 0, 0], fov: 180}", "expected at most 179, or a fisheye"),
    ("{eye: [1, 0, 0], fov: 300, fisheye: {circle: 200}}", "expected at most the 200"),
    ("{eye: [1, 0, 0], lens: {focus_distance: 3}}", "focus_distance without f_number"),
    ("{eye: [1, 0, 0], orthographic: 4, lens: {focus_distance: 3, f_number: 2}}", "parallel rays"),
    ("{eye: [1, 0, 0], focal_length: 50, lens: {focus_distance: 0.04, f_number: 2}}", "beyond the focal length"),
    ("{eye: [1, 0, 0], metering: {}}", "neither ev100 nor manual"),
    ("{eye: [1, 0, 0], metering: {manual: true}}", "manual metering without them"),
    ("{eye: [1, 0, 0], development: {bit_depth: 12}}", "expected 8 or 16"),
    ("{eye: [1, 0, 0], development: {bit_depth: 16, jpeg_quality: 80}}", "jpeg_quality with 16 bits"),
    ("{eye: [1, 0, 0], sensor: {mosaic: rgbg}}", "mosaic"), ("{eye: [1, 0, 0], fisheye: {k5: 1}}", "\"k5\""),
  ])
  func whatIsWrongIsSaid(camera: String, said: String) {
    #expect(message(camera).contains(said), "\(camera): \(message(camera))")
  }

  // MARK: - Rigs

  private static let scene = """
    image: {width: 200, height: 100}
    frames: 5
    objects:
      - {id: a, category: a, shape: box, position: {$uniform: [[-1, -1, 0], [1, 1, 1]]}}
    camera:
      eye: [{$uniform: [-1, 1]}, -5, 1]
      target: [0, 0, 1]
      fov: 40
      sensor: {iso: 800}
      rig:

    """

  private func rig(_ views: String) throws -> CompiledScene { try compiled(CameraTests.scene + views) }

  /// Two cameras side by side see one scene, and a point at depth z f B / z pixels apart.
  @Test func aStereoPair() throws {
    let scene = try rig("    - {id: left, position: [-0.1, 0, 0]}\n    - {id: right, position: [0.15, 0, 0]}\n")
    #expect(scene.views == ["left", "right"] && scene.pictures == 2)
    for k in 0..<5 {
      let (left, right) = (
        try scene.frame(k, view: 0, assets: TestAssets()), try scene.frame(k, view: 1, assets: TestAssets())
      )
      #expect(left.index == 2 * k && right.index == 2 * k + 1)
      #expect(left.camera.view == "left" && right.camera.view == "right")
      #expect(left.instances.map(\.objectToWorld) == right.instances.map(\.objectToWorld))
      #expect(left.camera.rotation == right.camera.rotation)
      let offset = left.camera.rotation * (right.camera.position - left.camera.position)
      #expect((offset - Vector3(0.25, 0, 0)).length < 1e-12)
      for p in [Vector3(0, 0, 1), Vector3(0.4, 1, 0.8)] {
        let (u, v) = (left.camera.worldToCamera * p, right.camera.worldToCamera * p)
        let (a, b) = (try #require(left.camera.project(u)), try #require(right.camera.project(v)))
        #expect(abs(a.x - b.x - left.camera.fx * 0.25 / u.z) < 1e-9 && abs(a.y - b.y) < 1e-9)
      }
      #expect(left.photography.sensor?.noiseSeed != right.photography.sensor?.noiseSeed, "noise of their own")
      #expect(left.photography.sensor?.iso == 800 && right.photography.sensor?.iso == 800)
    }
    let seeds = try (0..<5).map { try scene.frame($0, assets: TestAssets()).photography.sensor?.noiseSeed }
    #expect(Set(seeds).count == 5)
  }

  /// Any number of cameras, each with what it says for itself, and for the rest what the rig says.
  @Test func severalCamerasOfDifferentKinds() throws {
    let scene = try rig(
      """
          - {id: front}
          - {id: side, position: [0.5, 0.1, -0.2], rotation: [0, -30, 0], K: [90, 91, 99, 51]}
          - {id: eye, rotation: [0, 180, 0], fov: 200, fisheye: {k1: 0.01}, sensor: {iso: 100}}
      """)
    #expect(scene.pictures == 3)
    let views = try (0..<3).map { try scene.frame(1, view: $0, assets: TestAssets()) }
    let front = views[0].camera
    let alone = try compiled(CameraTests.scene.replacing("  rig:\n", with: "")).frame(1, assets: TestAssets()).camera
    #expect(front.fx == alone.fx && (front.position - alone.position).length < 1e-12)
    let side = views[1].camera
    #expect(side.fx == 90 && side.fy == 91 && side.cx == 99 && side.cy == 51)
    let place = front.worldToCamera * side.position
    #expect((place - Vector3(0.5, 0.1, -0.2)).length < 1e-12)
    // Turned by -30 degrees about y, which points down, it looks to the left.
    let axis = front.rotation * side.rotation.row2
    #expect((axis - Vector3(-0.5, 0, 0.75.squareRoot())).length < 1e-12)
    let back = views[2]
    #expect((front.rotation.row2 + back.camera.rotation.row2).length < 1e-12 && back.camera.depthIsDistance)
    #expect(back.camera.position == front.position || (back.camera.position - front.position).length < 1e-12)
    #expect(back.photography.sensor?.iso == 100 && views[1].photography.sensor?.iso == 800)
  }

  /// A frame printed of a rig is the same rig again.
  @Test func aPrintedRigIsTheSameRig() throws {
    let scene = try rig("    - {id: l, position: [{$uniform: [-0.2, -0.1]}, 0, 0]}\n    - {id: r}\n")
    scene.attach(assets: TestAssets(), visibility: nil)
    let text = yaml(try scene.document(frame: 3))
    #expect(!text.contains("$"))
    let again = try compiled(text)
    for view in 0..<2 {
      let (a, b) = (
        try scene.frame(3, view: view, assets: TestAssets()), try again.frame(0, view: view, assets: TestAssets())
      )
      #expect(a.camera == b.camera && a.photography == b.photography)
    }
  }

  @Test(arguments: [
    ("[]", "expected a list of 1 to 64 cameras"), ("3", "expected a list of cameras"), ("[{}]", "id"),
    ("[{id: a}, {id: a}]", "expected a name that is not yet taken"), ("[{id: \"\"}]", "expected a name"),
    ("[{id: a, eye: [1, 2, 3]}]", "\"eye\""), ("[{id: a, noise_seed: 3}]", "\"noise_seed\""),
    ("[{id: a, fof: 3}]", "did you mean \"fov\"?"), ("[{id: a, rig: [{id: b}]}]", "\"rig\""),
    ("[\(Array(0..<65).map { "{id: v\($0)}" }.joined(separator: ", "))]", "1 to 64 cameras"),
    ("[{id: a, fov: 20, K: [90, 91, 99, 51]}]", "a lens described in 2 ways"),
  ])
  func rigsThatAreNone(rig: String, said: String) {
    #expect(
      message("{eye: [1, 0, 0], rig: \(rig)}").contains(said), "\(rig): \(message("{eye: [1, 0, 0], rig: \(rig)}"))")
  }
}
