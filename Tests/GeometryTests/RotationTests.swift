import Geometry
import Testing

@Suite struct RotationTests {
  func randomQuaternions(_ count: Int) throws -> [Quaternion] {
    var randoms = Randoms(seed: 3)
    return try (0..<count).map { _ in
      try #require(
        Quaternion(
          w: randoms.real(-1...1), x: randoms.real(-1...1), y: randoms.real(-1...1), z: randoms.real(-1...1)
        ).normalized)
    }
  }

  func distance(_ a: Matrix3, _ b: Matrix3) -> Double {
    [a.row0 - b.row0, a.row1 - b.row1, a.row2 - b.row2].map(\.length).max() ?? .infinity
  }

  @Test func matrixOfAQuaternionIsARotation() throws {
    for q in try randomQuaternions(200) {
      #expect(q.matrix.orthonormalityError < 1e-14)
      #expect(abs(q.matrix.determinant - 1) < 1e-14)
      let v = Vector3(0.3, -2, 5)
      #expect((q.rotate(v) - q.matrix * v).length < 1e-14)
      #expect((q.conjugate.rotate(q.rotate(v)) - v).length < 1e-14)
    }
  }

  @Test func productTurnsByTheRightFactorFirst() throws {
    let all = try randomQuaternions(40)
    for (a, b) in zip(all, all.dropFirst()) {
      #expect(distance((a * b).matrix, a.matrix * b.matrix) < 1e-14)
    }
  }

  @Test func quarterTurnAboutZTakesXToY() {
    let q = Quaternion(angle: Double.pi / 2, axis: Vector3(0, 0, 1))
    #expect((q.rotate(Vector3(1, 0, 0)) - Vector3(0, 1, 0)).length < 1e-15)
  }

  @Test func eulerAnglesTurnAboutFixedXThenYThenZ() {
    let angles = Vector3(0.4, -0.9, 2.5)
    let x = Quaternion(angle: angles.x, axis: Vector3(1, 0, 0))
    let y = Quaternion(angle: angles.y, axis: Vector3(0, 1, 0))
    let z = Quaternion(angle: angles.z, axis: Vector3(0, 0, 1))
    #expect(distance(Quaternion(euler: angles).matrix, (z * y * x).matrix) < 1e-15)
    #expect((Quaternion(euler: angles).matrix.eulerAngles - angles).length < 1e-14)
  }

  @Test func eulerAnglesOfAMatrixGiveItBack() throws {
    for q in try randomQuaternions(200) {
      #expect(distance(Quaternion(euler: q.matrix.eulerAngles).matrix, q.matrix) < 1e-13)
    }
    for y in [Double.pi / 2, -Double.pi / 2] {
      let m = Quaternion(euler: Vector3(0.3, y, 0.5)).matrix
      #expect(distance(Quaternion(euler: m.eulerAngles).matrix, m) < 1e-7)
    }
  }

  @Test func quaternionOfAMatrixGivesItBack() throws {
    let halfTurns = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map {
      Quaternion(angle: Double.pi, axis: $0)
    }
    for q in try randomQuaternions(200) + halfTurns + [.identity] {
      let back = Quaternion(rotation: q.matrix)
      #expect(back.w >= 0 && abs(back.norm - 1) < 1e-14)
      #expect(distance(back.matrix, q.matrix) < 1e-14)
    }
  }

  @Test func angleAndAxisGiveTheRotationBack() throws {
    for q in try randomQuaternions(200) {
      let (angle, axis) = q.angleAndAxis
      #expect((0...Double.pi).contains(angle))
      #expect(distance(Quaternion(angle: angle, axis: axis).matrix, q.matrix) < 1e-14)
    }
    #expect(Quaternion.identity.angleAndAxis.angle == 0)
  }

  @Test func inverses() throws {
    var randoms = Randoms(seed: 4)
    for _ in 0..<100 {
      func vector() -> Vector3 { Vector3(randoms.real(-1...1), randoms.real(-1...1), randoms.real(-1...1)) }
      let map = AffineTransform(linear: Matrix3(vector(), vector(), vector()), translation: vector())
      guard abs(map.linear.determinant) > 1e-2 else { continue }
      let both = try #require(map.inverse) * map
      #expect(distance(both.linear, .identity) < 1e-11)
      #expect(both.translation.length < 1e-11)
      #expect(map.linear.transpose.transpose == map.linear)
      let p = vector()
      #expect((map * (map * p) - (map * map) * p).length < 1e-14)
    }
    #expect(Matrix3(diagonal: Vector3(1, 0, 1)).inverse == nil)
    #expect(Quaternion(w: 0, x: 0, y: 0, z: 0).normalized == nil)
    #expect(Vector3().normalized == nil)
  }

  @Test func perpendicularIsUnitAndPerpendicular() throws {
    for q in try randomQuaternions(100) {
      let v = q.rotate(Vector3(1, 0, 0))
      #expect(abs(dot(v, v.anyPerpendicular)) < 1e-15)
      #expect(abs(v.anyPerpendicular.length - 1) < 1e-15)
    }
  }
}
