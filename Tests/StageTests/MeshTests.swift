import Geometry
import Stage
import Testing

@Suite struct MeshTests {
  func mesh(_ points: [Vector3f], _ indices: [UInt32]) -> Mesh {
    Mesh(
      vertices: points.map { .init(position: $0, normal: Vector3f(0, 0, 1), uv: Vector2f(0, 0)) }, indices: indices)
  }

  let corners = [Vector3f(0, 0, 0), Vector3f(1, 0, 0), Vector3f(0, 1, 0), Vector3f(0, 0, 1)]
  let tetrahedron: [UInt32] = [0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3]

  @Test func tetrahedronIsClosedAndOnePiece() {
    let m = mesh(corners, tetrahedron)
    #expect(m.isClosed)
    #expect(m.pieces == [0, 0, 0, 0])
    #expect(m.lowerBound == Vector3(0, 0, 0) && m.upperBound == Vector3(1, 1, 1))
  }

  @Test func hardEdgesStayClosed() {
    let m = mesh(tetrahedron.map { corners[Int($0)] }, Array(0..<12))
    #expect(m.isClosed)
    #expect(m.pieces == [0, 1, 2, 3])
  }

  @Test func aMissingFaceIsAHole() {
    #expect(!mesh(corners, Array(tetrahedron.dropLast(3))).isClosed)
  }

  @Test func aTurnedFaceIsNoSurface() {
    var turned = tetrahedron
    turned.swapAt(0, 1)
    #expect(!mesh(corners, turned).isClosed)
  }

  @Test func aDoubledFaceIsNoSurface() {
    #expect(!mesh(corners, tetrahedron + tetrahedron).isClosed)
    #expect(!mesh(corners, tetrahedron + [0, 2, 1]).isClosed)
  }

  @Test func trianglesWithoutAreaDoNotCount() {
    #expect(mesh(corners, tetrahedron + [0, 0, 1, 2, 3, 2]).isClosed)
  }

  @Test func zeroHasNoSign() {
    let signed = corners.map { p in Vector3f(p.x == 0 ? -0.0 : p.x, p.y, p.z) }
    #expect(mesh(corners + signed, [0, 2, 1, 0, 1, 3, 5, 6, 7, 6, 4, 7]).isClosed)
  }

  @Test func piecesAreNumberedByTheirFirstTriangle() {
    // Two tetrahedra in turn, the second one first.
    let other = tetrahedron.map { $0 + 4 }
    let indices = other[0..<3] + tetrahedron[0..<3] + other[3...] + tetrahedron[3...]
    let m = mesh(corners + corners.map { $0 + 5 }, Array(indices))
    #expect(m.pieces == [0, 1, 0, 0, 0, 1, 1, 1])
    #expect(m.isClosed)
  }

  @Test func verticesThatNoTriangleUsesDoNotCount() {
    let m = mesh(corners + [Vector3f(9, 9, 9)], tetrahedron)
    #expect(m.isClosed && m.upperBound == Vector3(1, 1, 1))
  }

  @Test func digestSeesAllThatIsDrawn() {
    let m = mesh(corners, tetrahedron)
    #expect(m == mesh(corners, tetrahedron))
    #expect(m != mesh(corners.map { $0 * 2 }, tetrahedron))
    #expect(m != mesh(corners, [2, 1, 0] + tetrahedron.dropFirst(3)))
    let slots = Mesh(
      vertices: m.vertices, indices: m.indices, materialSlots: [0, 0, 1, 0], slotNames: ["a", "b"])
    #expect(m != slots)
  }
}
