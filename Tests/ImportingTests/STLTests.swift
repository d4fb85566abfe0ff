import Geometry
import Stage
import Testing

@testable import Importing

/// A cube's triangles, corner by corner.
private let cube: [Vector3f] = {
  let m = Box().makeMesh()
  return m.indices.map { m.vertices[Int($0)].position }
}()

private func binary(_ corners: [Vector3f], head: String = "solid binary", count: Int? = nil) -> [UInt8] {
  var file = Array(head.utf8.prefix(80))
  file += [UInt8](repeating: 0x20, count: 80 - file.count) + bytes(of: UInt32(count ?? corners.count / 3))
  for t in stride(from: 0, to: corners.count, by: 3) {
    for p in [Vector3f(0, 0, 0)] + corners[t..<t + 3] {
      for k in 0..<3 { file += bytes(of: p[k].bitPattern) }
    }
    file += [0, 0]
  }
  return file
}

private func text(_ corners: [Vector3f]) -> String {
  var lines = ["  SOLID a name"]
  for t in stride(from: 0, to: corners.count, by: 3) {
    lines += ["facet normal 0 0 0", "outer loop"]
    lines += corners[t..<t + 3].map { "Vertex \($0.x) \($0.y) \($0.z)" } + ["endloop", "endfacet"]
  }
  return (lines + ["endsolid a name", ""]).joined(separator: "\r\n")
}

private func refusal(_ bytes: [UInt8]) -> String {
  do {
    _ = try importSTL(bytes, file: "m.stl")
    return "loads"
  } catch { return error.description }
}

@Suite struct STLTests {
  @Test func textAndBinaryAgreeThoughBothBeginWithSolid() throws {
    let a = try importSTL(binary(cube), file: "m.stl")
    let b = try importSTL(Array(text(cube).utf8), file: "m.stl")
    #expect(a.mesh == b.mesh && a.mesh.isClosed && a.mesh.triangleCount == 12)
    #expect(positions(a.mesh) == cube)
    // Corners that agree in position and normal are one: four a side.
    #expect(a.mesh.vertices.count == 24)
    #expect(faults(of: a) == [])
  }

  @Test func whatIsBehindTheTrianglesIsNoted() throws {
    let m = try importSTL(binary(cube, head: "") + [1, 2, 3], file: "m.stl")
    #expect(m.notes == ["m.stl: bytes behind the last triangle are not read"])
  }

  @Test func faultsAreNamed() {
    #expect(
      refusal(binary(cube, head: "x", count: 13)) == "m.stl: found 684 bytes for 13 triangles, expected 734 bytes")
    #expect(refusal(binary(cube, head: "", count: 4_000_000_000)).contains("for 4000000000 triangles"))
    #expect(refusal(binary([])).contains("no triangle"))
    #expect(
      refusal(binary([.init(0, 0, 0), .init(.nan, 0, 0), .init(0, 1, 0)])).contains("triangle 0, which is not finite"))
    #expect(
      refusal(Array("solid\nfacet normal 0 0 1\nouter loop\nvertex 0 0\n".utf8)).hasPrefix(
        "m.stl:4: found the line's end"))
    #expect(
      refusal(Array("solid\nvertex 0 0 0\nvertex 0 0 0\nendloop\n".utf8))
        == "m.stl:4: found a facet of 2 corners, expected 3")
    #expect(refusal(Array("solid\nvertex 0 0 0\n".utf8)).contains("the end of the file in a facet"))
    #expect(refusal(Array("solid\nhello\n".utf8)).hasPrefix("m.stl:2: found \"hello\""))
    #expect(refusal([]).contains("an empty file"))
  }
}
