import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Lights with a place, against closed forms.
struct LocalLightTests {
  /// A wall 2 m before the camera at the origin, which looks along +z, facing it.
  private func wall(_ albedo: Double, roughness: Double = 1) -> Frame {
    var frame = Frame(width: 64, height: 48, camera: .straight(64, 48, f: 60))
    let material = Material(baseColor: Vector3(repeating: albedo), roughness: roughness)
    frame.instances = [
      Instance(
        0, PlaneShape(size: Vector2(9, 9)).makeMesh(), at: Vector3(0, 0, 2), Matrix3(diagonal: Vector3(1, -1, -1)),
        material: material)
    ]
    return frame
  }

  /// Radiance of the scattered light alone: that of a white wall less that of a black one.
  private func scattered(_ light: LocalLight, x: Int = 32, y: Int = 24) -> Double {
    let values = [1.0, 0].map { albedo in
      var frame = wall(albedo)
      frame.lights = [light]
      return green(frame, x, y)
    }
    return values[0] - values[1]
  }

  /// Linear light, before it is rounded to codes.
  private func green(_ frame: Frame, _ x: Int, _ y: Int) -> Double {
    let light = Rasterizer().renderLinear(frame).light
    return Double(light.samples[light.planeSize + y * light.stride + x])
  }

  /// What the wall scatters of white light: what it shows under light of radiance 0.5 from everywhere, a white wall's less
  /// a black one's.
  private func share(x: Int = 32, y: Int = 24) -> Double {
    let values = [1.0, 0].map { albedo in
      var frame = wall(albedo)
      frame.ambient = HemisphericLight(sky: Vector3(repeating: 0.5), ground: Vector3(repeating: 0.5))
      return green(frame, x, y)
    }
    return 2 * (values[0] - values[1])
  }

  /// E = I / d^2 at normal incidence.
  @Test(arguments: [0.8, 1.0, 1.6]) func pointByTheSquareOfTheDistance(distance: Double) {
    let candela = 2 * distance * distance
    let light = LocalLight(
      .point, position: Vector3(0, 0, 2 - distance), intensity: Vector3(repeating: candela), castsShadow: false)
    let expected = share() * 2 / Double.pi
    #expect(abs(scattered(light) - expected) < 0.01 * expected)
  }

  /// Off its foot, light falls off with the square of the distance and the cosine. Pixel (47, 24) sees
  /// x = 2 (47.5 - 32) / 60.
  @Test func pointFromTheSide() {
    let light = LocalLight(.point, position: Vector3(0, 0, 1), intensity: Vector3(repeating: 2.5), castsShadow: false)
    let (x, y) = (2 * 15.5 / 60, 2 * 0.5 / 60)
    let squared = x * x + y * y + 1
    let expected = share(x: 47, y: 24) * 2.5 / (squared * squared.squareRoot()) / Double.pi
    #expect(abs(scattered(light, x: 47, y: 24) - expected) < 0.01 * expected)
  }

  /// Inside the inner cone a spot is a point; outside the outer one it is nothing.
  @Test func spotWithinItsCone() {
    let position = Vector3(0, 0, 0.5)
    let spot = LocalLight(
      .spot(axis: Vector3(0, 0, 1), inner: 0.2, outer: 0.3), position: position, intensity: Vector3(repeating: 3),
      castsShadow: false)
    let point = LocalLight(.point, position: position, intensity: Vector3(repeating: 3), castsShadow: false)
    #expect(abs(scattered(spot) - scattered(point)) < 0.004)
    // 0.8 m aside at a distance of 1.5 m are 28 degrees.
    #expect(scattered(spot, x: 56) == 0)
    // Half way through the smooth step of the cosine lies half the light.
    let middle = 1.5 * StableMath.tan(StableMath.acos((StableMath.cos(0.2) + StableMath.cos(0.3)) / 2))
    let pixel = 32 + Int((middle * 30).rounded(.down))
    let share = scattered(spot, x: pixel) / scattered(point, x: pixel)
    #expect(share > 0.35 && share < 0.65)
  }

  /// A rectangle that lies parallel to the wall, its corner over the point: the form factor of Hamilton and Morgan (1952),
  /// four times for one around the point.
  @Test(arguments: [(0.4, 0.3, 0.7), (1.0, 0.5, 1.0), (0.2, 0.2, 0.3), (3, 3, 1)])
  func rectangleBesideClosedForm(width: Double, height: Double, distance: Double) {
    let light = LocalLight(
      .rectangle(halfWidth: Vector3(width / 2, 0, 0), halfHeight: Vector3(0, height / 2, 0)),
      position: Vector3(0, 0, 2 - distance), intensity: Vector3(repeating: 1), castsShadow: false)
    let (a, b) = (width / 2 / distance, height / 2 / distance)
    func term(_ a: Double, _ b: Double) -> Double {
      let root = (1 + a * a).squareRoot()
      return a / root * StableMath.atan2(b, root)
    }
    let form = 4 * (term(a, b) + term(b, a)) / (2 * Double.pi)
    let expected = share() * form
    #expect(abs(scattered(light) - expected) < 0.01 * expected)
  }

  /// Behind itself a rectangle does not shine.
  @Test func rectangleShinesFromOneSide() {
    let light = LocalLight(
      .rectangle(halfWidth: Vector3(-0.5, 0, 0), halfHeight: Vector3(0, 0.5, 0)), position: Vector3(0, 0, 1),
      intensity: Vector3(repeating: 1), castsShadow: false)
    #expect(scattered(light) == 0)
  }

  // MARK: - Shadows

  /// A wall 4 m away, seen straight, and the edge of a board before it: where the shadow's brightness passes the shares
  /// `low` and `high` of the full one, in metres along the middle row.
  private func shadowEdge(_ change: (inout Frame) -> Void, _ low: Double, _ high: Double) -> Double {
    var frame = Frame(width: 400, height: 240, camera: .straight(400, 240, f: 400))
    let turn = Matrix3(diagonal: Vector3(1, -1, -1))
    let white = Material(baseColor: Vector3(repeating: 0.8), roughness: 1)
    frame.instances = [
      Instance(0, PlaneShape(size: Vector2(20, 20)).makeMesh(), at: Vector3(0, 0, 4), turn, material: white)
    ]
    change(&frame)
    let image = Rasterizer().render(frame).rgb
    let row = (0..<400).map { image.linear($0, 120) }
    let full = row.max() ?? 0
    func place(_ share: Double) -> Double {
      for x in 1..<400 where row[x - 1] < share * full && row[x] >= share * full {
        let t = (share * full - row[x - 1]) / (row[x] - row[x - 1])
        return (Double(x) - 0.5 + t) * 4 / 400
      }
      return .nan
    }
    return place(high) - place(low)
  }

  private func board(right edge: Double, at z: Double) -> Instance {
    Instance(
      1, Box(size: Vector3(4, 8, 0.01)).makeMesh(), at: Vector3(edge - 2, 0, z), .identity,
      material: Material(baseColor: Vector3(), roughness: 1))
  }

  /// Share of a disc on one side of a line at distance `d` from its middle, in radii.
  private func discShare(_ d: Double) -> Double {
    (StableMath.acos(-d) + d * max(1 - d * d, 0).squareRoot()) / Double.pi
  }

  /// Between 15 and 85 % of a disc's light the line goes 1.1703 radii.
  @Test(arguments: [(1.0, 6.0), (1.0, 12.0), (2.0, 8.0)])
  func sunPenumbraWidensWithDistance(gap: Double, degrees: Double) {
    #expect(abs(discShare(0.58514) - 0.85) < 0.001)
    let radius = gap * StableMath.tan(degrees.degreesInRadians / 2)
    let width = shadowEdge(
      { frame in
        // From the camera's side, a little from the left so that the board hides nothing that is looked at.
        frame.sun = Sun(
          direction: Vector3(-0.6, 0, -0.8), irradiance: Vector3(repeating: 2.5),
          angularDiameter: degrees.degreesInRadians)
        frame.instances.append(board(right: -1.2 * gap, at: 4 - gap))
      }, 0.15, 0.85)
    // The slanted rays go 1 / 0.8 as far, and the disc's image on the wall is stretched by 1 / 0.8 in x.
    let expected = 1.1703 * radius / (0.8 * 0.8)
    #expect(abs(width - expected) < 0.15 * expected, "\(width) m, expected \(expected) m")
  }

  /// A lamp of radius r at distance L from the wall, an edge at distance g from it: the penumbra is 2 r g / (L - g) wide.
  @Test(arguments: [(0.7, 0.4), (1.0, 0.3)])
  func lampPenumbraWidensWithDistance(gap: Double, radius: Double) {
    let lamp = Vector3(-1.2, 0, 1)
    let width = shadowEdge(
      { frame in
        frame.lights = [LocalLight(.point, position: lamp, intensity: Vector3(repeating: 12), radius: radius)]
        // An edge that throws its shadow to x = 0.
        frame.instances.append(board(right: lamp.x + (0 - lamp.x) * (3 - gap) / 3, at: 4 - gap))
      }, 0.15, 0.85)
    let expected = 1.1703 * radius * gap / (3 - gap)
    #expect(abs(width - expected) < 0.15 * expected, "\(width) m, expected \(expected) m")
  }

  /// In the shade of a box nothing of a lamp arrives, all around the lamp: no leak at the seams of the cube of maps.
  @Test func closedBoxKeepsItsLight() {
    var frame = Frame(width: 96, height: 96, camera: .straight(96, 96, f: 60))
    let white = Material(baseColor: Vector3(repeating: 0.9), roughness: 1)
    let turn = Matrix3(diagonal: Vector3(1, -1, -1))
    frame.instances = [
      Instance(0, PlaneShape(size: Vector2(30, 30)).makeMesh(), at: Vector3(0, 0, 8), turn, material: white),
      Instance(1, Box(size: Vector3(1, 1, 1)).makeMesh(), at: Vector3(0.3, 0.2, 5), .identity, material: white),
    ]
    frame.lights = [LocalLight(.point, position: Vector3(0.35, 0.22, 5.1), intensity: Vector3(repeating: 500))]
    let image = Rasterizer().render(frame).rgb
    let brightest = (0..<96).flatMap { y in (0..<96).map { x in image.linear(x, y) } }.max()
    #expect(brightest == 0)
  }

  /// Without anything in the way a light with shadows shows what one without shows: no acne anywhere.
  @Test func nothingShadowsItself() {
    var frame = Frame(width: 160, height: 120, camera: .straight(160, 120, f: 130))
    let white = Material(baseColor: Vector3(repeating: 0.8), roughness: 1)
    let lean = Matrix3(Vector3(1, 0, 0), Vector3(0, 0.3, -0.954), Vector3(0, 0.954, 0.3))
    frame.instances = [
      Instance(0, PlaneShape(size: Vector2(30, 30)).makeMesh(), at: Vector3(0, 1, 5), lean, material: white),
      Instance(1, Sphere(radius: 0.8).makeMesh(), at: Vector3(0, -0.6, 5), .identity, material: white),
    ]
    let lights: [LocalLight] = [
      LocalLight(.point, position: Vector3(0, -0.6, 1), intensity: Vector3(repeating: 9), radius: 0.2),
      LocalLight(
        .spot(axis: Vector3(0, 0, 1), inner: 0.3, outer: 0.5), position: Vector3(0, -0.6, 0.5),
        intensity: Vector3(repeating: 9)),
    ]
    for light in lights {
      frame.lights = [light]
      let with = Rasterizer().render(frame).rgb
      frame.lights[0].castsShadow = false
      let without = Rasterizer().render(frame).rgb
      // On the sphere's lit side, well inside its outline.
      for y in 30..<60 {
        for x in 70..<90 { #expect(abs(with.linear(x, y) - without.linear(x, y)) < 0.01, "(\(x), \(y))") }
      }
    }
  }

  // MARK: - Ambient occlusion

  private let sky = HemisphericLight(sky: Vector3(repeating: 0.7), ground: Vector3(repeating: 0.7))

  @Test func aWallAloneIsOpen() {
    var frame = wall(0.8)
    frame.ambient = sky
    let plain = Rasterizer().render(frame).rgb
    frame.ambientOcclusion = AmbientOcclusion(radius: 0.5, strength: 1)
    let shaded = Rasterizer().render(frame).rgb
    for y in 0..<48 { for x in 0..<64 { #expect(abs(shaded.linear(x, y) - plain.linear(x, y)) < 0.01) } }
  }

  /// A box in front of a wall, in an even light. Its side meets the wall at x = -0.25.
  private func corner(_ projection: Projection, f: Double, height: Double = 1) -> Frame {
    var frame = wall(0.8)
    (frame.width, frame.height, frame.camera) = (256, 192, .straight(256, 192, f: f))
    frame.camera.projection = projection
    frame.ambient = sky
    frame.instances.append(
      Instance(
        1, Box(size: Vector3(0.5, 4, height)).makeMesh(), at: Vector3(-0.5, 0, 2 - height / 2), .identity,
        material: Material(baseColor: Vector3(repeating: 0.8), roughness: 1)))
    return frame
  }

  /// Where a cell of the map is known to be open, the estimate says so too: to the bit, for every way of projecting, seen
  /// straight and aslant. Some cells are, not all.
  @Test(arguments: [
    (Projection.pinhole, 240.0, false), (.pinhole, 240, true), (.orthographic, 100, false), (.orthographic, 100, true),
    (.brownConrady(BrownConrady(k: [-0.2, 0.04])), 240, true),
  ])
  func openCellsAreOpen(_ projection: Projection, _ f: Double, _ isAslant: Bool) {
    // Parallel rays see the box's top alone, which must be near to hide anything.
    var frame = corner(projection, f: f, height: projection == .orthographic ? 0.1 : 1)
    if isAslant {
      frame.camera = .looking(from: Vector3(0.9, 0.4, 0.3), at: Vector3(0.1, 0, 2), 256, 192, f: f)
      frame.camera.projection = projection
    }
    frame.ambientOcclusion = AmbientOcclusion(radius: 0.15, strength: 1)
    let rasterizer = Rasterizer()
    _ = rasterizer.render(frame)
    func estimated() -> [Float] {
      for y in 0..<96 { rasterizer.occlusion.estimate(row: y) }
      return (0..<96).flatMap { y in
        (0..<128).map { x in rasterizer.occlusion.open.base[rasterizer.occlusion.place(x, y)] }
      }
    }
    let open = (0..<12).flatMap { y in (0..<16).map { x in rasterizer.occlusion.cells.isOpen(8 * x, 8 * y) } }
    let quick = estimated()
    rasterizer.occlusion.cells.begin(width: 128, height: 96)
    #expect(estimated() == quick)
    let share = open.filter(\.self).count
    #expect(share > 30 && share < 180, "\(share) of 192 cells are open")
    #expect(quick.contains { $0 < 0.95 })
  }

  /// Beside a box that stands on it a wall is darker than far away from it, and never brighter than without, for every way
  /// of projecting. Parallel rays see the box's top alone, which must be near to hide anything.
  @Test(arguments: [
    (Projection.pinhole, 240.0, 1.0, 0.85), (.orthographic, 100, 0.2, 0.97),
    (.brownConrady(BrownConrady(k: [-0.2, 0.04])), 240, 1, 0.85), (.fisheye(KannalaBrandt()), 200, 1, 0.85),
    (.fisheye(KannalaBrandt(limit: 110 * Double.pi / 180)), 200, 1, 0.85),
  ])
  func cornersAreDarker(_ projection: Projection, _ f: Double, _ height: Double, _ most: Double) throws {
    var frame = corner(projection, f: f, height: height)
    let plain = Rasterizer().render(frame).rgb
    frame.ambientOcclusion = AmbientOcclusion(radius: 0.4, strength: 1)
    let shaded = Rasterizer().render(frame).rgb
    let foot = try #require(frame.camera.project(Vector3(-0.25, 0, 2)))
    let end = try #require(frame.camera.project(Vector3(0.55, 0, 2)))
    func share(_ x: Double) -> Double { shaded.linear(Int(x), 96) / plain.linear(Int(x), 96) }
    #expect(
      share(foot.x + 4) < most && share(end.x) > 0.99, "\(share(foot.x + 4)) beside it, \(share(end.x)) away from it")
    for y in 0..<192 { for x in 0..<256 { #expect(shaded.linear(x, y) <= plain.linear(x, y) + 1e-9) } }
  }

  /// A lens that bends nothing worth mentioning darkens as none does, but for how edges count: by distance, not by z.
  @Test func occlusionOfBentPicturesAgreesWithThatOfStraightOnes() {
    var (straight, bent) = (corner(.pinhole, f: 240), corner(.brownConrady(BrownConrady(k: [1e-12])), f: 240))
    #expect(bent.camera.isBent)
    (straight.ambientOcclusion, bent.ambientOcclusion) = (AmbientOcclusion(radius: 0.4), AmbientOcclusion(radius: 0.4))
    let (one, other) = (Rasterizer().render(straight).rgb, Rasterizer().render(bent).rgb)
    var (greatest, sum) = (0.0, 0.0)
    for y in 0..<192 {
      for x in 0..<256 {
        let apart = abs(one.linear(x, y) - other.linear(x, y))
        greatest = max(greatest, apart)
        sum += apart
      }
    }
    let mean = sum / (256 * 192)
    #expect(greatest < 0.08 && mean < 0.001, "\(greatest), mean \(mean)")
  }

  /// All of it at once, whatever the number of threads.
  @Test func threadsAgree() {
    for turn in [0.4, 2.1] {
      var frame = ThreadTests.frame(turn)
      frame.sun?.angularDiameter = 0.12
      frame.environment = EnvironmentUse(environment: ClearSky().makeEnvironment(), rotation: 0.7)
      frame.ambientOcclusion = AmbientOcclusion()
      frame.lights = [
        LocalLight(.point, position: Vector3(0.2, 0.1, 1.4), intensity: Vector3(1, 0.8, 0.6)),
        LocalLight(
          .spot(axis: Vector3(0, -0.6, -0.8), inner: 0.3, outer: 0.5), position: Vector3(0, 2, 3),
          intensity: Vector3(4, 4, 5)),
        LocalLight(
          .rectangle(halfWidth: Vector3(0, 0.5, 0), halfHeight: Vector3(0, 0, 0.5)), position: Vector3(-3, 0, 1),
          intensity: Vector3(3, 2, 2)),
      ]
      let one = Rasterizer().render(frame).rgb
      let three = Rasterizer(threads: 3).render(frame).rgb
      #expect(one == three)
    }
  }
}
