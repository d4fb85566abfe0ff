import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Triangles and frames out of the ordinary. What is seen is checked against the ray caster.
struct GeometryCaseTests {
  private func frame(
    _ meshes: [Mesh], _ width: Int = 64, _ height: Int = 48, f: Double = 50, near: Double = 0.01
  ) -> Frame {
    Frame(
      width: width, height: height, camera: .straight(width, height, f: f, near: near),
      instances: meshes.enumerated().map { Instance($0.offset, $0.element) })
  }

  private func seenPixels(_ frame: Frame) -> Int {
    Rasterizer().render(frame).gbuffer.instanceIndex.values.count { $0 != GBuffer.nothing }
  }

  /// A sheet of n x n squares of two triangles across [-1, 1] x [-1, 1], its heights by `z`.
  private func sheet(_ n: Int, z: (Double, Double) -> Double) -> Mesh {
    func point(_ i: Int, _ j: Int) -> Vector3 {
      let (x, y) = (Double(i) / Double(n) * 2 - 1, Double(j) / Double(n) * 2 - 1)
      return Vector3(x, y, z(x, y))
    }
    var corners: [Vector3] = []
    for j in 0..<n {
      for i in 0..<n {
        let (a, b, c, d) = (point(i, j), point(i + 1, j), point(i + 1, j + 1), point(i, j + 1))
        corners += [a, b, c, a, c, d]
      }
    }
    return Mesh.soup(corners)
  }

  @Test func trianglesSmallerThanAPixelLeaveNoHole() {
    // 20,000 triangles in 25 x 25 pixels.
    let frame = frame([sheet(100) { x, y in 4 + 0.3 * x * y }])
    #expect(checkAgreement(frame, "tiny").pixels == 64 * 48)
    #expect(seenPixels(frame) > 20 * 20)
  }

  @Test func slivers() {
    var random = Randoms(seed: 3)
    var corners: [Vector3] = []
    for _ in 0..<3000 {
      let a = Vector3(random.real(-2...2), random.real(-2...2), random.real(2...5))
      let b = Vector3(random.real(-2...2), random.real(-2...2), random.real(2...5))
      let width = [0.2, 0.02, 0.002, 1e-4, 1e-6][random.integer(0...4)]
      corners += [a, b, b + Vector3(random.real(-width...width), random.real(-width...width), 0)]
    }
    // The plane of a sliver a thousandth as wide as long is known to a thousand units in the last place.
    checkAgreement(frame([Mesh.soup(corners)]), "slivers", tolerance: 1e-3)
  }

  @Test func soupOfAllSizes() {
    for seed in UInt64(0)..<6 {
      var random = Randoms(seed: seed)
      let meshes = (0..<30).map { _ -> Mesh in
        let size = [0.03, 0.3, 3, 30][random.integer(0...3)]
        let centre = Vector3(random.real(-3...3), random.real(-3...3), random.real(0...6))
        return Mesh.soup(
          (0..<9).map { _ in
            centre + Vector3(random.real(-size...size), random.real(-size...size), random.real(-size...size))
          })
      }
      checkAgreement(frame(meshes), "soup \(seed)")
    }
  }

  /// Strips one pixel wide, side by side, alternately of two instances.
  @Test func stripsOnePixelWide() {
    let z = 5.0
    func strip(_ i: Int, shift: Double) -> [Vector3] {
      let (x0, x1) = ((Double(i) + shift - 32) * z / 50, (Double(i + 1) + shift - 32) * z / 50)
      let (a, b, c, d) = (Vector3(x0, -2, z), Vector3(x1, -2, z), Vector3(x1, 2, z), Vector3(x0, 2, z))
      return [a, b, c, a, c, d]
    }
    for shift in [0, 0.3] {
      let even = stride(from: 4, to: 60, by: 2).flatMap { strip($0, shift: shift) }
      let odd = stride(from: 5, to: 60, by: 2).flatMap { strip($0, shift: shift) }
      let frame = frame([Mesh.soup(even), Mesh.soup(odd)])
      checkAgreement(frame, "strips")
      let seen = Rasterizer().render(frame).gbuffer.instanceIndex
      for x in 5..<59 { #expect(seen[x, 24] == (x % 2 == 0 ? 0 : 1)) }
    }
  }

  /// The ground from above, out to far beyond the guard band and behind the camera. Corners in Float are right to a
  /// millimetre at 10 km; a tilted ground of 100 km, 1.5 m below the camera, is no longer right to 1e-4 of its depth.
  @Test(arguments: [10.0, 100, 1000, 10_000])
  func ground(reach: Double) {
    let (a, b) = (Vector3(-reach, 1.5, -reach), Vector3(reach, 1.5, -reach))
    let (c, d) = (Vector3(reach, 1.5, reach), Vector3(-reach, 1.5, reach))
    var frame = frame([Mesh.soup([a, b, c, a, c, d])])
    #expect(seenPixels(frame) > 64 * 16)
    checkAgreement(frame, "ground of \(reach) m")
    // Tilted, no side is parallel to an axis.
    frame.camera.rotation = Quaternion(euler: Vector3(0.2, 0.7, 0.1)).matrix
    checkAgreement(frame, "tilted ground of \(reach) m")
  }

  /// A coin of a millimetre on ground that passes under the camera.
  @Test func thinObjectOnTheGround() {
    let ground = PlaneShape(size: Vector2(60, 60)).makeMesh()
    let coin = Box(size: Vector3(0.4, 0.4, 0.001)).makeMesh()
    let camera = Camera.looking(from: Vector3(0, -3, 1.2), 96, 72, f: 90)
    let frame = Frame(
      width: 96, height: 72, camera: camera,
      instances: [Instance(0, ground), Instance(1, coin, at: Vector3(0, 0, 0.0005))])
    checkAgreement(frame, "coin")
  }

  @Test func trianglesThroughTheNearPlane() {
    var random = Randoms(seed: 8)
    for near in [0.01, 0.5] {
      for k in 0..<10 {
        let corners = (0..<12).map { _ in
          Vector3(random.real(-3...3), random.real(-3...3), random.real(-4...4))
        }
        checkAgreement(frame([Mesh.soup(corners)], near: near), "through the near plane \(near), \(k)")
      }
    }
  }

  @Test func whatLiesBehindIsNotSeen() {
    let box = Box().makeMesh()
    let behind = Frame(
      width: 16, height: 12, camera: .straight(16, 12, f: 10),
      instances: [Instance(0, box, at: Vector3(0, 0, -2)), Instance(1, box, at: Vector3(0, 0, -0.5 + 0.005))])
    #expect(seenPixels(behind) == 0)
    // Just beyond the near plane it fills the picture.
    var before = behind
    before.instances[1].objectToWorld.translation.z = 0.5 + 0.011
    #expect(seenPixels(before) == 16 * 12)
    checkAgreement(before, "at the near plane")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e38, 3e38])
  func verticesThatAreNoPlaces(value: Double) {
    let good = [Vector3(-1, -1, 4), Vector3(1, -1, 4), Vector3(0, 1, 4)]
    for k in 0..<3 {
      for number in 0..<3 {
        var bad = good.map { $0 - Vector3(0, 0, 1) }
        bad[number][k] = value
        // Before, between and behind good ones, in one mesh with them and alone.
        let mixed = Mesh.soup(good + bad + good.map { $0 + Vector3(0.5, 0, 0.5) } + bad)
        var frame = frame([mixed, Mesh.soup(bad)])
        frame.sun = Sun(direction: Vector3(0, 0, -1), irradiance: Vector3(1, 1, 1))
        let g = Rasterizer().render(frame).gbuffer
        #expect(g.instanceIndex[32, 20] == 0, "\(value) in \(k) of \(number)")
        if !value.isFinite { checkAgreement(frame, "\(value) in \(k) of \(number)") }
      }
    }
  }

  /// What is seen of a mesh does not hang on a vertex at infinity.
  @Test func aVertexAtInfinityHidesNothing() {
    for far in [
      Vector3(.infinity, 0, 0), Vector3(-.infinity, 0, 0), Vector3(0, .infinity, 0), Vector3(0, 0, .infinity),
    ] {
      for side in [Vector3(-1.2, 0, 0), Vector3(1.2, 0, 0), Vector3(0, 1.2, 0), Vector3()] {
        let good = [Vector3(-4, -1, 4), Vector3(4, -1, 4), Vector3(0, 4, 4)].map { $0 + side }
        let mesh = Mesh.soup(good + [far, Vector3(-5, 0, 4), Vector3(-5, 1, 4)])
        checkAgreement(frame([mesh]), "a vertex at \(far)")
      }
    }
  }

  @Test func degenerateTrianglesCoverNothing() {
    let p = Vector3(-1, -1, 3)
    let q = Vector3(1, 1, 3)
    let line = [p, q, (p + q) / 2, p, p, q, p, p, p, p, q, q]
    #expect(seenPixels(frame([Mesh.soup(line)])) == 0)
    let good = [Vector3(-1, -1, 4), Vector3(1, -1, 4), Vector3(0, 1, 4)]
    checkAgreement(frame([Mesh.soup(line + good + line)]), "degenerate")
  }

  @Test func cameraInsideAClosedObject() {
    for mesh in [Sphere(radius: 2, segments: 24, rings: 12).makeMesh(), Box(size: Vector3(3, 3, 3)).makeMesh()] {
      var frame = frame([mesh])
      #expect(seenPixels(frame) == 64 * 48)
      checkAgreement(frame, "inside")
      frame.camera.translation = Vector3(0.3, 0.2, 1.4)
      checkAgreement(frame, "inside, near the wall")
    }
  }

  /// A room seen from outside shows its outer side, whichever way its walls are wound: leaving out back faces is an
  /// optimisation that must not be seen.
  @Test func closedObjectsInsideOut() {
    let box = Box(size: Vector3(2, 2, 2)).makeMesh().insideOut
    let ball = Sphere(radius: 1, segments: 16, rings: 8).makeMesh().insideOut
    for mesh in [box, ball] {
      let frame = Frame(
        width: 64, height: 48, camera: .looking(from: Vector3(3, 4, 2), 64, 48, f: 60), instances: [Instance(0, mesh)])
      checkAgreement(frame, "inside out")
    }
  }

  @Test func mirroredInstances() {
    let mesh = Torus(majorRadius: 1, minorRadius: 0.4, segments: 24, tubeSegments: 12).makeMesh()
    let camera = Camera.looking(from: Vector3(2, 3, 2), 64, 48, f: 60)
    for mirror in [Vector3(-1, 1, 1), Vector3(1, 1, -1), Vector3(-1, -1, -1), Vector3(-0.5, 1.5, 0.7)] {
      let frame = Frame(
        width: 64, height: 48, camera: camera, instances: [Instance(0, mesh, Matrix3(diagonal: mirror))])
      checkAgreement(frame, "mirrored by \(mirror)")
    }
  }

  @Test func lensOffCentreWithTwoFocalLengths() {
    let mesh = Torus(majorRadius: 1, minorRadius: 0.4, segments: 24, tubeSegments: 12).makeMesh()
    for (cx, cy) in [(3.25, 40.5), (90.0, -20.0), (-300.0, 24.0)] {
      var frame = Frame(
        width: 64, height: 48, camera: .looking(from: Vector3(2, 3, 2), 64, 48, f: 60), instances: [Instance(0, mesh)])
      frame.camera.fx = 71
      frame.camera.fy = 33
      frame.camera.cx = cx
      frame.camera.cy = cy
      checkAgreement(frame, "principal point (\(cx), \(cy))")
    }
  }

  @Test func imagesOfOnePixelAndOfOneLine() {
    let mesh = Torus(majorRadius: 1, minorRadius: 0.4).makeMesh()
    for (width, height, f) in [(1, 1, 1.0), (1, 40, 40.0), (4096, 16, 3000.0), (33, 1, 30.0)] {
      let frame = Frame(
        width: width, height: height, camera: .looking(from: Vector3(2, 3, 2), width, height, f: f),
        instances: [Instance(0, mesh), Instance(1, PlaneShape(size: Vector2(9, 9)).makeMesh(), at: Vector3(0, 0, -1))])
      checkAgreement(frame, "\(width)x\(height)")
    }
  }

  @Test func fiveThousandInstances() {
    var random = Randoms(seed: 12)
    let meshes = [Box().makeMesh(), Sphere(radius: 0.6, segments: 6, rings: 4).makeMesh(), PlaneShape().makeMesh()]
    let instances = (0..<5000).map { k in
      Instance(
        k, meshes[k % 3], at: Vector3(random.real(-8...8), random.real(-6...6), random.real(4...20)),
        Matrix3(diagonal: Vector3(repeating: random.real(0.05...0.4))))
    }
    var frame = frame([])
    frame.instances = instances
    frame.sun = Sun(direction: Vector3(0, 0, -1), irradiance: Vector3(1, 1, 1))
    // Edges everywhere, and dozens of them in a pixel: more centres lie near one than in a picture of things.
    let result = checkAgreement(frame, "5,000 instances")
    #expect(result.exceptions <= 20)
  }

  /// 5,000 cards on a table, one height: none has anything behind it, so none casts a shadow that is seen.
  @Test func fiveThousandFlatInstances() {
    let card = PlaneShape(size: Vector2(0.05, 0.05)).makeMesh()
    var random = Randoms(seed: 13)
    var frame = frame([])
    frame.camera = .looking(from: Vector3(0, -3, 3), 64, 48, f: 60)
    frame.instances = (0..<5000).map { Instance($0, card, at: Vector3(random.real(-2...2), random.real(-2...2), 0)) }
    frame.sun = Sun(direction: Vector3(0, 0, 1), irradiance: Vector3(1, 1, 1))
    let lit = Rasterizer().render(frame)
    frame.sun?.castsShadow = false
    #expect(lit.rgb == Rasterizer().render(frame).rgb)
  }

  /// Of surfaces in exactly one place the earlier is seen, at every pixel.
  @Test func coincidentObjectsShowTheEarlier() {
    let mesh = Torus(majorRadius: 1, minorRadius: 0.4, segments: 24, tubeSegments: 12).makeMesh()
    let instances = (0..<3).map { Instance($0, mesh) }
    let frame = Frame(
      width: 64, height: 48, camera: .looking(from: Vector3(2, 3, 2), 64, 48, f: 60), instances: instances)
    let seen = Rasterizer().render(frame).gbuffer.instanceIndex.values
    #expect(seen.contains(0))
    #expect(seen.allSatisfy { $0 == 0 || $0 == GBuffer.nothing })
  }

  @Test func holeShowsWhatIsBehind() {
    let ring = Torus(majorRadius: 1, minorRadius: 0.2).makeMesh()
    let frame = Frame(
      width: 64, height: 48, camera: .looking(from: Vector3(0, 0, 4), 64, 48, f: 60),
      instances: [
        Instance(0, ring), Instance(1, PlaneShape(size: Vector2(0.4, 0.4)).makeMesh(), at: Vector3(0, 0, -1)),
      ])
    let seen = Rasterizer().render(frame).gbuffer.instanceIndex
    #expect(seen[32, 24] == 1)
    #expect(seen[32 + 15, 24] == 0)
    #expect(seen[32 + 8, 24] == GBuffer.nothing)
    checkAgreement(frame, "ring")
  }

  @Test func occluderSplitsAnObject() {
    let bar = Box(size: Vector3(4, 0.4, 0.4)).makeMesh()
    let post = Box(size: Vector3(0.5, 0.5, 3)).makeMesh()
    let frame = Frame(
      width: 64, height: 48, camera: .looking(from: Vector3(0, -5, 0), 64, 48, f: 60),
      instances: [Instance(0, bar), Instance(1, post, at: Vector3(0, -1, 0))])
    let row = (0..<64).map { Rasterizer().render(frame).gbuffer.instanceIndex[$0, 24] }
    var runs: [UInt32] = []
    for id in row where runs.last != id { runs.append(id) }
    #expect(runs == [GBuffer.nothing, 0, 1, 0, GBuffer.nothing])
    checkAgreement(frame, "split")
  }

  /// A part of a picture, drawn alone, has the labels of the whole.
  @Test func croppingDoesNotMoveLabels() throws {
    let whole = try #require(SceneFrames.frames("dominoes", 3..<4, width: 160, height: 120).first)
    var part = whole
    (part.width, part.height) = (70, 50)
    part.camera.cx -= 37
    part.camera.cy -= 41
    let (a, b) = (Rasterizer().render(whole).gbuffer, Rasterizer().render(part).gbuffer)
    var different = 0
    for y in 0..<50 {
      for x in 0..<70 {
        if a.instanceIndex[x + 37, y + 41] != b.instanceIndex[x, y] || a.triangle[x + 37, y + 41] != b.triangle[x, y] {
          different += 1
        }
      }
    }
    #expect(different == 0)
  }

  /// Objects a thousand kilometres from the world's origin look as they do near it.
  @Test func farFromTheOrigin() throws {
    let near = try #require(SceneFrames.frames("dominoes", 5..<6, width: 160, height: 120).first)
    var far = near
    // A power of two, so that the sum loses as little as it can.
    let shift = Vector3(1_048_576, -524_288, 65_536)
    for k in far.instances.indices { far.instances[k].objectToWorld.translation += shift }
    far.camera.translation -= far.camera.rotation * shift
    let (a, b) = (Rasterizer().render(near), Rasterizer().render(far))
    let moved = zip(a.gbuffer.instanceIndex.values, b.gbuffer.instanceIndex.values).count { $0 != $1 }
    #expect(moved <= 4)
    var (sum, largest) = (0, 0)
    for y in 0..<120 {
      for x in 0..<160 {
        let d = abs(a.rgb.codes(x, y).y - b.rgb.codes(x, y).y)
        sum += d
        largest = max(largest, d)
      }
    }
    #expect(Double(sum) / (160 * 120) < 0.1, "mean difference in codes; largest \(largest)")
  }
}
