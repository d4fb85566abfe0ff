import Foundation
import Geometry
import Stage
import Testing

@testable import Importing

private func ply(_ header: [String], _ data: [UInt8]) -> [UInt8] {
  Array((["ply"] + header + ["end_header", ""]).joined(separator: "\n").utf8) + data
}

private func read(_ bytes: [UInt8]) throws(ImportError) -> ImportedModel { try importPLY(bytes, file: "m.ply") }

private func refusal(_ bytes: [UInt8]) -> String {
  do {
    _ = try read(bytes)
    return "loads"
  } catch { return error.description }
}

private let plain = [
  "element vertex 3", "property float x", "property float y", "property float z", "element face 1",
  "property list uchar int vertex_indices",
]
private let rows = "0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
private let points = [Vector3f(0, 0, 0), Vector3f(1, 0, 0), Vector3f(0, 1, 0)]

@Suite struct PLYTests {
  @Test func textAndBothBinaryFormsAgree() throws {
    let text = try read(ply(["format ascii 1.0"] + plain, Array(rows.utf8)))
    #expect(positions(text.mesh) == points && text.notes == [])
    #expect(text.mesh.vertices.allSatisfy { $0.normal == Vector3f(0, 0, 1) })
    let numbers: [Float] = [0, 0, 0, 1, 0, 0, 0, 1, 0]
    let little = numbers.flatMap { bytes(of: $0.bitPattern) } + [3] + bytes(of: [Int32(0), 1, 2])
    let big =
      numbers.flatMap { bytes(of: $0.bitPattern.byteSwapped) } + [3] + bytes(of: [Int32(0), 1, 2].map(\.byteSwapped))
    #expect(try read(ply(["format binary_little_endian 1.0"] + plain, little)).mesh == text.mesh)
    #expect(try read(ply(["format binary_big_endian 1.0"] + plain, big)).mesh == text.mesh)
  }

  @Test func everyTypeIsRead() throws {
    let types = ["char", "uint8", "short", "uint16", "int32", "uint", "float32", "double"]
    let header =
      ["format binary_little_endian 1.0", "element vertex 3"] + types.enumerated().map { "property \($1) p\($0)" }
      + ["property double x", "property short y", "property char z"]
      + ["element extra 2", "property list ushort double l", "element face 1", "property list int ushort vertex_index"]
    var data: [UInt8] = []
    for p in points {
      data += [UInt8](repeating: 0xff, count: 1 + 1 + 2 + 2 + 4 + 4 + 4 + 8)
      data += bytes(of: Double(p.x).bitPattern) + bytes(of: Int16(p.y)) + bytes(of: Int8(p.z))
    }
    data += bytes(of: UInt16(0)) + bytes(of: UInt16(2)) + [UInt8](repeating: 0, count: 16)
    data += bytes(of: Int32(3)) + bytes(of: [UInt16(0), 1, 2])
    #expect(positions(try read(ply(header, data)).mesh) == points)
  }

  @Test func normalsCoordinatesAndColours() throws {
    let header = [
      "format ascii 1.0", "element vertex 3", "property float x", "property float y", "property float z",
      "property float nx", "property float ny", "property float nz", "property float s", "property float t",
      "property uchar red", "property uchar green", "property uchar blue", "property uchar alpha", "element face 1",
      "property list uchar int vertex_indices",
    ]
    let m = try read(
      ply(
        header,
        Array("0 0 0 0 0 2 0 0 255 0 0 51\n1 0 0 0 0 1 1 0 0 255 0 255\n0 1 0 0 0 1 0 0.25 0 0 255 0\n3 0 1 2\n".utf8)))
    #expect(m.mesh.vertices.map(\.normal) == Array(repeating: Vector3f(0, 0, 1), count: 3))
    #expect(m.mesh.vertices.map(\.uv) == [Vector2f(0, 1), Vector2f(1, 1), Vector2f(0, 0.75)])
    #expect(m.mesh.colors == [SIMD4(1, 0, 0, 0.2), SIMD4(0, 1, 0, 1), SIMD4(0, 0, 1, 0)])
    // Colours stand for the base colour, which is white then.
    #expect(m.materials[0].baseColor == Vector3(1, 1, 1))
  }

  @Test func coordinatesOfCornersSplitVertices() throws {
    let header = [
      "format ascii 1.0", "element vertex 4", "property float x", "property float y", "property float z",
      "element face 2", "property list uchar int vertex_indices", "property list uchar float texcoord",
    ]
    let m = try read(
      ply(header, Array("0 0 0\n1 0 0\n1 1 0\n0 1 0\n3 0 1 2 6 0 0 1 0 1 1\n3 0 2 3 6 0 0 1 1 0.5 1 9 9\n".utf8)))
    #expect(m.mesh.vertices.count == 4)
    #expect(m.mesh.indices.map { m.mesh.vertices[Int($0)].uv.x } == [0, 1, 1, 0, 1, 0.5])
    #expect(m.notes == ["m.ply:7: values beyond those of the header are not read"])
  }

  @Test func polygonsAndStripsBecomeTriangles() throws {
    let quad = plain.map { $0 == "element vertex 3" ? "element vertex 4" : $0 }
    let m = try read(ply(["format ascii 1.0"] + quad, Array("0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n".utf8)))
    #expect(m.mesh.triangleCount == 2 && area(m.mesh) == 1)
    let strips = quad.map { $0.replacingOccurrences(of: "element face 1", with: "element tristrips 1") }
    let s = try read(ply(["format ascii 1.0"] + strips, Array("0 0 0\n1 0 0\n0 1 0\n1 1 0\n8 0 1 2 3 -1 0 1 2\n".utf8)))
    #expect(s.mesh.triangleCount == 3 && s.mesh.vertices.allSatisfy { $0.normal == Vector3f(0, 0, 1) })
  }

  @Test(arguments: [
    (["element vertex 2000000000"] + Array(plain[1...]), "bytes, expected at least 6 bytes for each"),
    (Array(plain[..<4]), "points without a face"),
    (["element vertex 3", "property float x"] + Array(plain[4...]), "without x, y and z"),
    (plain.map { $0.replacingOccurrences(of: "uchar int", with: "float int") }, "property list"),
    (plain.map { $0.replacingOccurrences(of: "vertex_indices", with: "others") }, "faces without vertex_indices"),
  ]) func faultsOfHeadersAreNamed(header: [String], fault: String) {
    let message = refusal(ply(["format ascii 1.0"] + header, Array(rows.utf8)))
    #expect(message.contains(fault), "\(message)")
  }

  @Test func faultsOfDataAreNamed() {
    func fault(_ rows: String) -> String { refusal(ply(["format ascii 1.0"] + plain, Array(rows.utf8))) }
    #expect(fault("0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n") == "m.ply: found vertex 3 in a face, expected one of 3")
    #expect(fault("0 0 0\n1 0 x\n0 1 0\n3 0 1 2\n") == "m.ply:11: found \"x\", expected a number")
    #expect(fault("0 0 0\n1 0 nan\n0 1 0\n3 0 1 2\n").contains("vertex 1, which is not finite"))
    #expect(fault("0 0 0\n0 0 0\n0 0 0\n3 0 1 2\n").contains("no face that covers an area"))
    #expect(fault("0 0 0\n1 0 0\n0 1 0\n3 0 1").contains("the end of the file"))
    let cut = ply(["format binary_little_endian 1.0"] + plain, [UInt8](repeating: 0, count: 36) + [200])
    #expect(refusal(cut).contains("the end of the file"))
  }

  @Test func aTextureFileIsFound() throws {
    let folder = try TestFolder()
    let header = [
      "format ascii 1.0", "comment TextureFile  a b.png ", "element vertex 3", "property float x", "property float y",
      "property float z", "property float s", "property float t", "element face 1",
      "property list uchar int vertex_indices",
    ]
    let path = try folder.write("m.ply", ply(header, Array("0 0 0 0 0\n1 0 0 0 0\n0 1 0 0 0\n3 0 1 2\n".utf8)))
    #expect(try AssetLibrary().model(file: path).notes == ["\(path): there is no texture file \"a b.png\""])
    let texture = try folder.write("a b.png", [0])
    #expect(try AssetLibrary().model(file: path).materials[0].baseColorTexture?.file == texture)
    #expect(companionFiles(try readFile(path), file: path).map(\.path) == [texture])
  }
}
