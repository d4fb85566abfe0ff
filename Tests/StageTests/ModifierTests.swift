import Documents
import Geometry
import Testing

@testable import Stage

/// What is true of every modifier.
///
/// - Parameter golden: digest of a bevelled box after it.
func checkModifier(_ modifier: any Modifier, golden: String, sourceLocation: SourceLocation = #_sourceLocation) {
  checkManual(modifier, sourceLocation: sourceLocation)
  // The derivative is the derivative.
  let (lower, upper) = (Vector3(-1, -0.5, -2), Vector3(1, 0.5, 2))
  let warp = modifier.warp(lower: lower, upper: upper)
  for k in 0..<200 {
    let t = Vector3(Double(k * 37 % 200), Double(k * 91 % 200), Double(k)) / 199
    let p = lower + (upper - lower) * t
    let (_, derivative) = warp(p)
    for axis in 0..<3 {
      var step = Vector3()
      step[axis] = 1e-6
      let slope = (warp(p + step).position - warp(p - step).position) / 2e-6
      let column = [derivative.column0, derivative.column1, derivative.column2][axis]
      #expect((slope - column).length < 1e-6, "axis \(axis) at \(p)", sourceLocation: sourceLocation)
    }
    #expect(derivative.determinant > 0, "folded over at \(p)", sourceLocation: sourceLocation)
  }
  // Meshes stay closed, in as many pieces, with normals on their faces.
  for shape in [
    Box(size: Vector3(1, 0.5, 2)), RoundedBox(size: Vector3(0.5, 0.5, 2), radius: 0.1),
    Cylinder(radius: 0.3, height: 2),
  ] as [any Shape] {
    let mesh = shape.makeMesh()
    let moved = mesh.modified(by: [modifier])
    #expect(moved.isClosed, "\(shape)", sourceLocation: sourceLocation)
    #expect(moved.pieceCount == mesh.pieceCount, "\(shape)", sourceLocation: sourceLocation)
    for t in stride(from: 0, to: moved.indices.count, by: 3) {
      let corners = (0..<3).map { moved.vertices[Int(moved.indices[t + $0])] }
      let p = corners.map { Vector3($0.position) }
      guard let normal = cross(p[1] - p[0], p[2] - p[0]).normalized else { continue }
      for c in corners {
        #expect(dot(normal, Vector3(c.normal)) > 0.75, "\(shape) at \(c.position)", sourceLocation: sourceLocation)
      }
    }
  }
  let digest = RoundedBox(size: Vector3(0.5, 0.5, 2), radius: 0.1).makeMesh().modified(by: [modifier]).digest
  checkGolden(digest, golden, sourceLocation: sourceLocation)
}

@Suite struct ModifierTests {
  @Test func bend() {
    checkModifier(Bend(angle: 60), golden: "1876066febd8d49bb8ae62c6152f77e6")
    checkModifier(Bend(angle: -15, axis: .x, direction: 30), golden: "8ce01475079bfe2cb2474492c6192b79")
    // A rod of length pi bent by a half turn: its ends lie apart by the diameter of a circle of radius 1, and point back.
    let warp = Bend(angle: 180).warp(lower: Vector3(0, 0, 0), upper: Vector3(0, 0, .pi))
    let (a, b) = (warp(Vector3(0, 0, 0)).position, warp(Vector3(0, 0, .pi)).position)
    #expect(abs((a - b).length - 2) < 1e-12 && abs(a.x - 1) < 1e-12)
    #expect((warp(Vector3(0, 0, .pi / 2)).position - Vector3(0, 0, .pi / 2)).length < 1e-12)
  }

  @Test func twist() {
    checkModifier(Twist(angle: 90), golden: "13a2cc379f17da6778a666c25130c4f7")
    checkModifier(Twist(angle: -50, axis: .y), golden: "0619a08dd6ac660f9559e4c32b9c3bce")
    let warp = Twist(angle: 180).warp(lower: Vector3(-1, -1, 0), upper: Vector3(1, 1, 2))
    #expect((warp(Vector3(1, 0, 2)).position - Vector3(0, 1, 2)).length < 1e-12)
  }

  @Test func taper() {
    checkModifier(Taper(ratio: 0.4), golden: "2dfbc261f8cdd83465f23bf6a4b8fb45")
    checkModifier(Taper(ratio: 1.5, axis: .x), golden: "fc416256e28b1fccabed00a8085e0d7b")
    // A unit cube with a top of half the side: the frustum's volume is h / 3 (A + sqrt(A B) + B).
    let mesh = Box(size: Vector3(1, 1, 1)).makeMesh().modified(by: [Taper(ratio: 0.5)])
    var volume = 0.0
    for t in stride(from: 0, to: mesh.indices.count, by: 3) {
      let p = (0..<3).map { Vector3(mesh.vertices[Int(mesh.indices[t + $0])].position) }
      volume += dot(p[0], cross(p[1], p[2])) / 6
    }
    #expect(abs(volume - (1 + 0.5 + 0.25) / 3) < 1e-5)
  }

  @Test func noise() {
    checkModifier(NoiseWarp(amplitude: 0.03, frequency: 3), golden: "2900db0d2ab797f5156dc160e44fbe2a")
  }

  @Test func everyModifierDecodesByNameAlone() throws {
    #expect(modifierRegistry.names == ["bend", "twist", "taper", "noise"])
    for name in modifierRegistry.names { _ = try modifierRegistry.decode(Node(.string(name))) }
    #expect(throws: DocumentError.self) { try modifierRegistry.make("noise", ["amplitude": .real(0.2)]) }
    #expect(throws: DocumentError.self) { try modifierRegistry.make("taper", ["ratio": .real(0)]) }
    #expect(throws: DocumentError.self) { try modifierRegistry.make("bent") }
  }

  /// Refinement changes nothing but the number of triangles, and stops in time.
  @Test func refinement() {
    let mesh = Box(size: Vector3(1, 1, 4)).makeMesh()
    let fine = mesh.refined(longestEdge: 0.3)
    #expect(fine.isClosed && fine.pieceCount == 6 && fine.lowerBound == mesh.lowerBound)
    for t in stride(from: 0, to: fine.indices.count, by: 3) {
      for k in 0..<3 {
        let (a, b) = (fine.indices[t + k], fine.indices[t + (k + 1) % 3])
        #expect((fine.vertices[Int(a)].position - fine.vertices[Int(b)].position).length <= 0.3001)
      }
    }
    #expect(mesh.refined(longestEdge: 1e-6).triangleCount <= Mesh.refinementLimit)
    #expect(mesh.refined(longestEdge: .infinity) === mesh)
  }
}
