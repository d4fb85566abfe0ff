import Documents
import Geometry
import Testing

@testable import Stage

/// Shapes of outlines, paths and noise.
@Suite struct SolidShapeTests {
  let pi = Double.pi

  @Test(arguments: [
    (1.0, 1.0, 4.18879, "33590ebb993df23920b493dacb90c0fe"), (0.3, 0.3, 7.6, "223b147905d81fa45cd9d558fad1b88a"),
    (0.2, 1.0, 6.1, "c5a2edc4be92e3e927e36a9c75f3c815"), (1.6, 1.6, 2.16, "b5113e358c8c00e73c9567e09bba6dd6"),
  ])
  func superquadric(side: Double, top: Double, volume: Double, golden: String) {
    // The ball's volume is known; the others' is judged by what they are near to: a box of 8, a cylinder of 2 pi, an
    // octahedron of 4/3.
    checkShape(
      Superquadric(radii: Vector3(1, 1, 1), side: side, top: top),
      ShapeTruths(
        volume: volume, tessellation: side == 1 ? 0.005 : 0.06, pieces: 1, size: Vector3(2, 2, 2), smoothness: 0.5,
        triangles: 2 * 64 * 31, golden: golden))
  }

  @Test func latheOfAConeAndACylinder() {
    // Given upwards and open at the bottom: turned round, and closed by a disc.
    let cylinder = Lathe(profile: [Vector2(1, -1), Vector2(1, 1), Vector2(0, 1)])
    checkShape(
      cylinder,
      ShapeTruths(
        volume: 2 * pi, tessellation: polygonLoss(64), pieces: 3, size: Vector3(2, 2, 2), smoothness: 0.99,
        golden: "d3d44e5c7981ddad7d26665cde6ca7a4"))
    // A ring is a torus of square section.
    checkShape(
      Lathe(profile: [Vector2(1, 0), Vector2(2, 0), Vector2(2, 1), Vector2(1, 1)], ring: true),
      ShapeTruths(
        volume: 3 * pi, tessellation: polygonLoss(64), pieces: 4, smoothness: 0.99,
        golden: "1fb5bf270fdb42bea3884f1def246b03"))
    // Curves, with an edge where the profile has one.
    checkShape(
      Lathe(
        profile: [
          Vector2(0, 0.12), Vector2(0.02, 0.11), Vector2(0.014, 0.08), Vector2(0.035, 0.03), Vector2(0.03, 0),
          Vector2(0, 0),
        ],
        crease: 50, smoothness: 6), ShapeTruths(pieces: 3, smoothness: 0.8, golden: "385b39d3a432295e1e3787ba522bed23"))
  }

  @Test func extrusionOfAnL() {
    let outline = [
      Vector2(0, 0), Vector2(2, 0), Vector2(2, 1), Vector2(1, 1), Vector2(1, 2), Vector2(0, 2),
    ]
    checkShape(
      Extrusion(outline: outline, height: 2),
      ShapeTruths(
        area: 6 + 8 * 2, volume: 6, pieces: 8, smoothness: 1, triangles: 12 + 2 * 4,
        golden: "0dd38b97ed5e4fd8caae3b2d2f465f5f"))
    // The other way round is the same thing.
    #expect(
      Extrusion(outline: outline.reversed(), height: 2).makeMesh().triangleCount == 20)
  }

  @Test func extrusionWithHoles() {
    let square = [Vector2(-2, -2), Vector2(2, -2), Vector2(2, 2), Vector2(-2, 2)]
    let round = (0..<32).map { circlePoint($0, of: 32) * 0.5 }
    let holes = [Vector2(-1, 0), Vector2(1, 0), Vector2(1, 1.2)].map { c in round.map { c + $0 } }
    let hole = 16 * StableMath.sin(2 * pi / 32) * 0.25
    checkShape(
      Extrusion(outline: square, holes: holes, height: 1),
      ShapeTruths(volume: 16 - 3 * hole, pieces: 9, smoothness: 0.98, golden: "c25543a4d4ceb7c72ef2ab3fe048d825"))
  }

  /// Random stars with random holes: area kept, closed, every triangle the right way round.
  @Test func polygonsAreCovered() {
    var random = SystemlessRandom(seed: 7)
    for _ in 0..<60 {
      let n = 3 + Int(random.unit() * 40)
      let outer = (0..<n).map { k in circlePoint(k, of: n) * (1 + 2 * random.unit()) }
      let holes = (0..<3).filter { _ in random.unit() < 0.6 }.map { k in
        (0..<5).map { circlePoint(k, of: 3) * 0.25 + circlePoint($0, of: 5) * (0.03 + 0.1 * random.unit()) }
      }
      guard PolygonTriangles.fault(outer: outer, holes: holes) == nil else { continue }
      let mesh = Extrusion(outline: outer, holes: holes, height: 1).makeMesh()
      let area = PolygonTriangles.doubleArea(outer) - holes.reduce(0) { $0 + abs(PolygonTriangles.doubleArea($1)) }
      var top = 0.0
      for t in stride(from: 0, to: mesh.indices.count, by: 3) {
        let v = (0..<3).map { mesh.vertices[Int(mesh.indices[t + $0])] }
        guard v.allSatisfy({ $0.normal.z == 1 }) else { continue }
        let p = v.map { Vector2(Double($0.position.x), Double($0.position.y)) }
        let part = PolygonTriangles.turn(p[0], p[1], p[2])
        #expect(part > -1e-6)
        top += part
      }
      #expect(abs(top / area - 1) < 1e-5)
      #expect(mesh.isClosed)
    }
  }

  @Test func brokenOutlinesAreRefused() {
    let square = [Vector2(0, 0), Vector2(1, 0), Vector2(1, 1), Vector2(0, 1)]
    let inner = square.map { $0 * 0.2 + 0.4 }
    #expect(PolygonTriangles.fault(outer: square, holes: [inner]) == nil)
    for (outer, holes) in [
      ([Vector2(0, 0), Vector2(1, 1), Vector2(1, 0), Vector2(0, 1)], []),
      (square, [square.map { $0 * 0.2 + 0.9 }]), (square, [inner, inner.map { $0 * 0.5 + 0.25 }]),
      (square, [square.map { $0 + 5 }]), ([Vector2(0, 0), Vector2(1, 0)], []),
      ([Vector2(0, 0), Vector2(1, 0), Vector2(1, 0), Vector2(0, 1)], []),
      ([Vector2(0, 0), Vector2(2, 0), Vector2(1, 0), Vector2(1, 1)], []),
      (Array(repeating: square, count: 200).flatMap { $0 }, []),
    ] as [([Vector2], [[Vector2]])] {
      #expect(PolygonTriangles.fault(outer: outer, holes: holes) != nil, "\(outer) \(holes)")
    }
  }

  @Test func tubes() {
    // A straight one is a cylinder.
    checkShape(
      Tube(path: [Vector3(0, 0, -1), Vector3(0, 0, 1)], radius: 0.5, segments: 64),
      ShapeTruths(
        volume: 2 * pi / 4, tessellation: polygonLoss(64), pieces: 3, size: Vector3(1, 1, 2), smoothness: 0.99,
        golden: "fbfea3043be8988b9e2ced0249825822"))
    // With round ends, a capsule.
    checkShape(
      Tube(path: [Vector3(0, 0, -1), Vector3(0, 0, 1)], radius: 0.5, end: .round, segments: 64),
      ShapeTruths(
        volume: 2 * pi / 4 + pi / 6, tessellation: 0.01, pieces: 1, size: Vector3(1, 1, 3), smoothness: 0.95,
        golden: "6c93a05dfd9694db4edf925e44b4acaa"))
    // Around a circle, a torus.
    let circle = (0..<24).map { Vector3(circlePoint($0, of: 24) * 2, 0) }
    checkShape(
      Tube(path: circle, radius: 0.3, closed: true, smoothness: 4, segments: 32),
      ShapeTruths(
        volume: 2 * pi * pi * 2 * 0.09, tessellation: 0.02, pieces: 1, smoothness: 0.97,
        golden: "1d514adf827d888f390c941a8d4547bc"))
    // Out of the plane, where the axes turn on the way round.
    let knot = (0..<40).map { k -> Vector3 in
      let (two, three) = (circlePoint(2 * k % 40, of: 40), circlePoint(3 * k % 40, of: 40))
      return Vector3(two * (2 + 0.8 * three.x), 0.8 * three.y)
    }
    checkShape(
      Tube(path: knot, radius: 0.2, closed: true, smoothness: 4),
      ShapeTruths(pieces: 1, smoothness: 0.9, golden: "dc4b72fcf12842f404fef3273b30b5ba"))
    checkShape(
      Tube(path: [Vector3(), Vector3(0.1, 0, 0.1), Vector3(0.3, 0.1, 0)], radius: 0.02, endRadius: 0.005),
      ShapeTruths(pieces: 3, smoothness: 0.93, golden: "6bd77bb26db2c4a88de4cfc765b496f5"))
  }

  @Test func heightFields() {
    checkShape(
      HeightField(size: Vector2(2, 1), amplitude: 0.1, segments: 64),
      ShapeTruths(
        isClosed: false, pieces: 1, smoothness: 0.9, triangles: 2 * 64 * 32, golden: "c6e13f6572a20dfb00d4b0f63604e996")
    )
    checkShape(
      HeightField(size: Vector2(2, 1), amplitude: 0.1, segments: 64, base: 0.2),
      ShapeTruths(pieces: 6, smoothness: 0.9, golden: "cbbcfec5c588aeb0d96bfea88ea159e8"))
    // Given heights: a roof of volume 1/2 on a box of volume 1.
    checkShape(
      HeightField(size: Vector2(1, 1), heights: [[0, 1, 0], [0, 1, 0]], base: 1),
      ShapeTruths(volume: 1.5, pieces: 6, smoothness: 0.4, golden: "08bb7ce1292e748a06c1abf87038d15e"))
  }

  @Test func blobs() {
    checkShape(
      Blob(radius: 1, amplitude: 0),
      ShapeTruths(
        volume: 4 / 3 * pi, tessellation: 0.005, pieces: 1, smoothness: 0.98, golden: "33590ebb993df23920b493dacb90c0fe"
      ))
    checkShape(
      Blob(radius: 0.5, amplitude: 0.3, frequency: 2, seed: 4),
      ShapeTruths(pieces: 1, smoothness: 0.8, golden: "2f46df2e3041f097b98af304ff9b57f3"))
    #expect(Blob(radius: 1, seed: 1).makeMesh() != Blob(radius: 1, seed: 2).makeMesh())
  }

  @Test func branches() {
    checkShape(
      Branch(length: 1, radius: 0.03, levels: 2, twigs: 4, seed: 3),
      ShapeTruths(pieces: 1 + 4 + 16, smoothness: 0.6, golden: "7f44bd23d0584ad92010c2bec161f4ea"))
  }

  @Test func screwsAndNuts() {
    checkShape(
      Screw(diameter: 0.01, length: 0.04),
      ShapeTruths(pieces: 3 + 8, smoothness: 0.8, golden: "1aac43f9ac3eefdcb5b6991a2f819328"))
    for head in Screw.Head.allCases {
      #expect(Screw(diameter: 0.008, length: 0.02, head: head).makeMesh().isClosed, "\(head)")
    }
    checkShape(
      Nut(diameter: 0.01), ShapeTruths(pieces: 8 + 1, smoothness: 0.5, golden: "80c244c42d0176edc81fff4268b9ba61"))
    // A thread's outermost and innermost points are where they should be.
    let mesh = Screw(diameter: 0.01, length: 0.04, head: .none).makeMesh()
    #expect(abs(mesh.upperBound.x - 0.005) < 1e-4 && mesh.lowerBound.z == Double(Float(-0.04)))
  }

  @Test func bracketsAndGears() {
    let thickness = 0.003
    let sheet = 0.06 * 0.03 * thickness + (0.04 - thickness * 63 / 64) * 0.03 * thickness
    let hole = 16 * StableMath.sin(2 * pi / 32) * 0.003 * 0.003 * thickness
    checkShape(
      Bracket(legs: Vector2(0.06, 0.04), width: 0.03, thickness: thickness, holes: 2, holeDiameter: 0.006),
      ShapeTruths(
        volume: sheet - 4 * hole, tessellation: 1e-4, pieces: 16, smoothness: 0.98,
        golden: "5793d6363a281d50d3b9e61bd13755a6"))
    checkShape(
      Gear(teeth: 12, diameter: 0.05, height: 0.01, bore: 0.01),
      ShapeTruths(pieces: 2 + 1 + 48, smoothness: 0.98, golden: "79cb7441f7dc80983b58315e05fc6951"))
  }

  @Test func extremesOfTheseAreClosed() {
    let shapes: [any Shape] = [
      Superquadric(radii: Vector3(1e-3, 1, 1e3), side: 0.1, top: 1.9),
      Blob(radius: 1e-6, amplitude: 0.8, frequency: 32),
      Screw(diameter: 0.01, length: 0.002, pitch: 0.002), Nut(diameter: 1, width: 1.2, height: 0.17),
      Gear(teeth: 100, diameter: 1, height: 1, bore: 0),
      Branch(length: 1, radius: 1e-3, levels: 3, twigs: 3, bend: 1),
      HeightField(size: Vector2(1e-3, 1e3), amplitude: 100, segments: 8, base: 1e-3),
    ]
    for shape in shapes { #expect(shape.makeMesh().isClosed, "\(shape)") }
  }

  @Test func impossibleOnesAreRefused() {
    func list(_ values: [[Double]]) -> Node.Content {
      .sequence(values.map { Node(.sequence($0.map { Node(.real($0)) })) })
    }
    let faults: [(String, KeyValuePairs<String, Node.Content>)] = [
      ("lathe", ["profile": list([[0, 0], [0, 1]])]), ("lathe", ["profile": list([[1, 0], [1, 0]])]),
      ("lathe", ["profile": list([[0, 0], [-1, 1]])]), ("lathe", ["profile": list([[1, 0], [0, 1], [1, 2]])]),
      ("lathe", ["profile": list([[1, 0], [1, 1]]), "ring": .boolean(true)]),
      ("extrusion", ["outline": list([[0, 0], [1, 1], [1, 0], [0, 1]])]),
      ("tube", ["path": list([[0, 0, 0]])]), ("tube", ["path": list([[0, 0, 0], [0, 0, 0]])]),
      ("height_field", ["heights": list([[0, 1], [0]])]), ("branch", ["levels": .integer(4), "twigs": .integer(24)]),
      ("screw", ["pitch": .real(0.02)]), ("nut", ["width": .real(0.011)]), ("bracket", ["holes": .integer(8)]),
      ("gear", ["bore": .real(0.05)]), ("superquadric", ["side": .real(2)]),
    ]
    for (name, fields) in faults {
      #expect(throws: DocumentError.self, "\(name) \(fields)") { try shapeRegistry.make(name, fields) }
    }
  }
}

/// Numbers for tests (a linear congruential generator, Knuth's MMIX).
struct SystemlessRandom {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}
