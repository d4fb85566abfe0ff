import Geometry
import Stage
import Testing

@testable import Importing

/// A right-angled triangle in glTF's x-y plane, and what turns it up: (x, y, z) becomes (x, -z, y).
private let corners: [Float] = [0, 0, 0, 1, 0, 0, 0, 1, 0]
private let standing = [Vector3f(0, 0, 0), Vector3f(1, 0, 0), Vector3f(0, 0, 1)]

/// One triangle in one mesh; further attributes by name.
private func triangle(_ attributes: String = "", primitive: String = "", nodes: String = "{\"mesh\":0}") -> GLTFTestFile
{
  var file = GLTFTestFile()
  file.add(corners, "VEC3")
  file.members = [
    "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0\(attributes)}\(primitive)}]}]",
    "\"nodes\":[\(nodes)]",
  ]
  return file
}

private func refusal(_ file: GLTFTestFile, _ pose: ModelPose = .rest) -> String {
  do {
    _ = try file.model(pose)
    return "loads"
  } catch { return error.description }
}

private func near(_ a: [Vector3f], _ b: [Vector3f], _ tolerance: Float = 1e-6) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).length <= tolerance }
}

@Suite struct GLTFTests {
  @Test func aTriangleStandsUp() throws {
    let m = try triangle().model()
    #expect(positions(m.mesh) == standing)
    #expect(m.mesh.vertices[0].normal == Vector3f(0, -1, 0))
    #expect(m.notes == [])
    #expect(faults(of: m) == [])
  }

  @Test func textAndBinaryAreTheSame() throws {
    let file = triangle()
    let binary = try GLTFModel(file.binary, file: "m.glb") { _ in nil }.model(.rest)
    #expect(try binary.mesh == file.model().mesh)
  }

  @Test func buffersLieInTheFileOrBesideIt() throws {
    let file = triangle()
    let text = Array(file.json(uri: "a%20b/c.bin").utf8)
    let m = try GLTFModel(text, file: "x/m.gltf") { path in path == "x/a b/c.bin" ? file.buffer : nil }.model(.rest)
    #expect(positions(m.mesh) == standing)
    #expect(m.companions == ["x/a b/c.bin"])
    for uri in ["../c.bin", "%2e%2e/c.bin", "/c.bin", "a/../../c.bin", "..%2Fc.bin", "..\\\\c.bin"] {
      #expect(throws: ImportError.self, "\(uri)") {
        try GLTFModel(Array(file.json(uri: uri).utf8), file: "x/m.gltf") { _ in file.buffer }
      }
    }
  }

  // MARK: Accessors

  @Test func interleavedAttributesAreFound() throws {
    var file = triangle()
    file = GLTFTestFile(members: file.members)
    var data: [UInt8] = []
    for i in 0..<3 {
      data += [Float](corners[3 * i..<3 * i + 3]).flatMap { bytes(of: $0.bitPattern) }
      data += bytes(of: [Int8(0), 0, 127, 0])
    }
    let v = file.view(data, stride: 16)
    file.accessors = [
      "{\"bufferView\":\(v),\"componentType\":5126,\"count\":3,\"type\":\"VEC3\"}",
      "{\"bufferView\":\(v),\"byteOffset\":12,\"componentType\":5120,\"normalized\":true,\"count\":3,\"type\":\"VEC3\"}",
    ]
    file.members[0] = "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0,\"NORMAL\":1}}]}]"
    let m = try file.model()
    #expect(positions(m.mesh) == standing)
    #expect(m.mesh.vertices.allSatisfy { $0.normal == Vector3f(0, -1, 0) })
  }

  @Test func sparseValuesTakeTheirPlaces() throws {
    var file = triangle()
    let i = file.view([1, 2])
    let v = file.view([Float](arrayLiteral: 5, 0, 0, 0, 7, 0).flatMap { bytes(of: $0.bitPattern) })
    let sparse =
      "\"sparse\":{\"count\":2,\"indices\":{\"bufferView\":\(i),\"componentType\":5121},\"values\":{\"bufferView\":\(v)}}"
    file.accessors[0] = "{\"bufferView\":0,\"componentType\":5126,\"count\":3,\"type\":\"VEC3\",\(sparse)}"
    #expect(positions(try file.model().mesh) == [Vector3f(0, 0, 0), Vector3f(5, 0, 0), Vector3f(0, 0, 7)])
    // Over nothing, the rest are zeros.
    file.accessors[0] = "{\"componentType\":5126,\"count\":3,\"type\":\"VEC3\",\(sparse)}"
    #expect(positions(try file.model().mesh) == [Vector3f(0, 0, 0), Vector3f(5, 0, 0), Vector3f(0, 0, 7)])
  }

  /// glTF 2.0, section 3.11: c / 127, c / 255, c / 32767, c / 65535, and no less than -1.
  @Test func normalizedIntegersBecomeFractions() throws {
    let cases: [(code: Int, data: [UInt8], u: Float)] = [
      (5120, bytes(of: [Int8(127), -128, 0, 0]), 1), (5121, [51, 255, 0, 0], 0.2),
      (5122, bytes(of: [Int16(-32768), 0]), -1), (5123, bytes(of: [UInt16(13107), 65535]), 0.2),
    ]
    for (code, data, u) in cases {
      var file = triangle(",\"TEXCOORD_0\":1")
      file.add(data + data + data, code, "VEC2", count: 3, stride: 4, more: ",\"normalized\":true")
      #expect(try file.model().mesh.vertices[0].uv.x == u, "\(code)")
    }
    // Not normalized, they are numbers (KHR_mesh_quantization).
    var file = triangle(",\"TEXCOORD_0\":1")
    file.add([3, 4, 0, 0, 3, 4, 0, 0, 3, 4, 0, 0], 5121, "VEC2", count: 3, stride: 4)
    #expect(try file.model().mesh.vertices[0].uv == Vector2f(3, 4))
  }

  @Test func vertexColoursAreLinearAndCut() throws {
    var file = triangle(",\"COLOR_0\":1")
    file.add([0.5, 0.25, 2, 0, 0, 0, 1, 1, 1], "VEC3")
    let m = try file.model()
    #expect(m.mesh.colors == [SIMD4(0.5, 0.25, 1, 1), SIMD4(0, 0, 0, 1), SIMD4(1, 1, 1, 1)])
    #expect(m.notes == ["m.gltf:2: vertex colours outside 0 to 1 are cut to it"])
  }

  // MARK: Primitives

  @Test(arguments: [(4, [0, 1, 2]), (5, [0, 1, 2, 1, 3, 2]), (6, [1, 2, 0, 2, 3, 0])])
  func stripsAndFansTurnTheRightWay(mode: Int, order: [Int]) throws {
    var file = GLTFTestFile()
    let points: [Float] = mode == 6 ? [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0] : [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]
    file.add(points, "VEC3")
    file.members = ["\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0},\"mode\":\(mode)}]}]"]
    let m = try file.model()
    let expected = order.map { Vector3f(points[3 * $0], -points[3 * $0 + 2], points[3 * $0 + 1]) }
    #expect(positions(m.mesh) == expected)
    #expect(m.mesh.vertices.allSatisfy { $0.normal == Vector3f(0, -1, 0) })
  }

  @Test func pointsAndLinesAreLeftOutWithANote() throws {
    var file = triangle()
    file.members[0] =
      "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0},\"mode\":0},{\"attributes\":{\"POSITION\":0}}]}]"
    let m = try file.model()
    #expect(m.mesh.triangleCount == 1)
    #expect(m.notes == ["m.gltf:2: points and lines are not drawn"])
  }

  // MARK: Nodes

  @Test func nodesPlaceTheirMeshes() throws {
    // The parent turns by 90 degrees about y (z to x), the child moves by 2 along its own z and doubles.
    let s = 0.5.squareRoot()
    let nodes =
      "{\"children\":[1],\"rotation\":[0,\(s),0,\(s)]},{\"mesh\":0,\"translation\":[0,0,2],\"scale\":[2,2,2],\"name\":\"n\"}"
    let m = try triangle(nodes: nodes).model()
    // x goes to -z, z to x: in our frame the triangle's x runs along +y.
    #expect(near(positions(m.mesh), [Vector3f(2, 0, 0), Vector3f(2, 2, 0), Vector3f(2, 0, 2)]))
    #expect((m.mesh.vertices[0].normal - Vector3f(1, 0, 0)).length < 1e-6)
    // Chosen by name it stays where it is.
    #expect(try triangle(nodes: nodes).model(ModelPose(node: "n")).mesh == m.mesh)
    #expect(refusal(triangle(nodes: nodes), ModelPose(node: "m")).contains("no node \"m\", expected one of \"n\""))
  }

  @Test func aMatrixIsReadByColumns() throws {
    let nodes = "{\"mesh\":0,\"matrix\":[1,0,0,0, 0,1,0,0, 0,0,1,0, 10,20,30,1]}"
    #expect(positions(try triangle(nodes: nodes).model().mesh) == standing.map { $0 + Vector3f(10, -30, 20) })
  }

  @Test func mirroredNodesKeepTheirOutside() throws {
    let m = try triangle(nodes: "{\"mesh\":0,\"scale\":[-1,1,1]}").model()
    let p = positions(m.mesh)
    let n = cross(p[1] - p[0], p[2] - p[0])
    #expect(dot(n, m.mesh.vertices[0].normal) > 0)
    #expect(n.y < 0)
  }

  @Test func scenesAreChosenByName() throws {
    var file = triangle(nodes: "{\"mesh\":0},{\"mesh\":0,\"translation\":[1,0,0]}")
    file.members.append("\"scenes\":[{\"name\":\"a\",\"nodes\":[0]},{\"name\":\"b\",\"nodes\":[0,1]}],\"scene\":1")
    #expect(try file.model().mesh.triangleCount == 2)
    #expect(try file.model(ModelPose(scene: "a")).mesh.triangleCount == 1)
  }

  @Test func aFileWithoutTrianglesLoadsAsNothing() throws {
    let m = try GLTFTestFile().model()
    #expect(m.mesh.lowerBound == m.mesh.upperBound)
    #expect(m.notes == ["m.gltf: no triangle covers an area: nothing is drawn"])
  }

  // MARK: Morphs, skins and animations

  private var morphed: GLTFTestFile {
    var file = triangle()
    file.add([0, 0, 0, 1, 0, 0, 0, 0, 0], "VEC3")
    file.add([0, 0, 0, 0, 0, 0, 0, 4, 0], "VEC3")
    file.members[0] =
      "\"meshes\":[{\"weights\":[1,0.5],\"primitives\":[{\"attributes\":{\"POSITION\":0},\"targets\":[{\"POSITION\":1},{\"POSITION\":2}]}]}]"
    return file
  }

  @Test func morphTargetsAddUp() throws {
    #expect(positions(try morphed.model().mesh) == [Vector3f(0, 0, 0), Vector3f(2, 0, 0), Vector3f(0, 0, 3)])
    let chosen = try morphed.model(ModelPose(morphWeights: [-0.5]))
    #expect(positions(chosen.mesh) == [Vector3f(0, 0, 0), Vector3f(0.5, 0, 0), Vector3f(0, 0, 1)])
    var own = morphed
    own.members[1] = "\"nodes\":[{\"mesh\":0,\"weights\":[0,0.25]}]"
    #expect(positions(try own.model().mesh) == [Vector3f(0, 0, 0), Vector3f(1, 0, 0), Vector3f(0, 0, 2)])
    #expect(refusal(morphed, ModelPose(morphWeights: [1, 2, 3])).contains("3 morph weights, expected at most 2"))
  }

  /// Two joints: the first at rest, the second moved by (0, 0, 3) from where it was bound, at (0, 1, 0).
  @Test func skinsBlendTheirJoints() throws {
    var file = triangle(
      ",\"JOINTS_0\":1,\"WEIGHTS_0\":2",
      nodes: "{\"mesh\":0,\"skin\":0,\"translation\":[100,0,0]},{\"children\":[2]},{\"translation\":[0,1,3]}")
    file.add([0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0], 5121, "VEC4", count: 3)
    file.add([1, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 2, 0, 0], "VEC4")
    file.add([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1], "MAT4")
    file.members.append("\"skins\":[{\"joints\":[1,2],\"inverseBindMatrices\":3}]")
    // The node's own transform does not count; weights are made to sum to 1.
    let m = try file.model()
    #expect(near(positions(m.mesh), [Vector3f(0, 0, 0), Vector3f(1, -1.5, 0), Vector3f(0, -3, 1)]))
  }

  private func animated(_ interpolation: String, _ path: String, _ keys: [Float], _ type: String) -> GLTFTestFile {
    var file = triangle()
    file.add([1, 3], "SCALAR", more: ",\"min\":[1],\"max\":[3]")
    file.add(keys, type)
    file.members.append(
      "\"animations\":[{\"name\":\"go\",\"samplers\":[{\"input\":1,\"output\":2,\"interpolation\":\"\(interpolation)\"}],"
        + "\"channels\":[{\"sampler\":0,\"target\":{\"node\":0,\"path\":\"\(path)\"}}]}]")
    return file
  }

  private func place(_ file: GLTFTestFile, _ time: Double?) throws -> Vector3f {
    positions(try file.model(ModelPose(time: time)).mesh)[0]
  }

  @Test func translationsAreInterpolated() throws {
    let linear = animated("LINEAR", "translation", [0, 0, 0, 8, 0, 0], "VEC3")
    #expect(try place(linear, nil) == Vector3f(0, 0, 0))
    #expect(try [0, 1, 1.5, 3, 9].map { try place(linear, $0).x } == [0, 0, 2, 8, 8])
    let step = animated("STEP", "translation", [0, 0, 0, 8, 0, 0], "VEC3")
    #expect(try [1, 2.9, 3].map { try place(step, $0).x } == [0, 0, 8])
    // In tangent, value, out tangent: from 1 with slope 2 to 5 with slope -2, over two seconds.
    let cubic = animated(
      "CUBICSPLINE", "translation", [9, 0, 0, 1, 0, 0, 2, 0, 0, -2, 0, 0, 5, 0, 0, 9, 0, 0], "VEC3")
    // Half way: (1 + 5) / 2 + 2 * (2 - (-2)) / 8 = 4; at a quarter by Hermite's formula 2.375.
    #expect(try [1, 1.5, 2, 3].map { try place(cubic, $0).x } == [1, 2.375, 4, 5])
  }

  @Test func rotationsTakeTheShorterWay() throws {
    let h = Float(0.5.squareRoot())
    // A quarter turn about y, its end given by the quaternion of opposite sign.
    let file = animated("LINEAR", "rotation", [0, 0, 0, 1, 0, -h, 0, -h], "VEC4")
    let m = try file.model(ModelPose(animation: "go", time: 2))
    // After an eighth of a turn x has gone to (cos 45, 0, -sin 45), in our frame (cos 45, sin 45, 0).
    #expect(near([positions(m.mesh)[1]], [Vector3f(h, h, 0)]))
    #expect(refusal(file, ModelPose(animation: "og")).contains("did you mean \"go\"?"))
    #expect(refusal(triangle(), ModelPose(time: 1)).contains("no animation"))
  }

  @Test func weightsAreAnimated() throws {
    var file = morphed
    file.add([0, 1], "SCALAR", more: ",\"min\":[0],\"max\":[1]")
    file.add([0, 0, 1, 0], "SCALAR")
    file.members.append(
      "\"animations\":[{\"samplers\":[{\"input\":3,\"output\":4}],\"channels\":[{\"sampler\":0,\"target\":{\"node\":0,\"path\":\"weights\"}}]}]"
    )
    let m = try file.model(ModelPose(time: 0.5))
    #expect(positions(m.mesh) == [Vector3f(0, 0, 0), Vector3f(1.5, 0, 0), Vector3f(0, 0, 1)])
  }

  // MARK: Faults

  @Test func faultsNameTheirPlace() {
    var file = triangle()
    file.members[1] = "\"nodes\":[{\"mesh\":1}]"
    #expect(refusal(file) == "m.gltf:3: found /nodes/0/mesh: mesh 1, expected one of 1")
    file = triangle(",\"NORMAL\":7")
    #expect(refusal(file).contains("/meshes/0/primitives/0/attributes/NORMAL: accessor 7"))
    file = triangle(nodes: "{\"children\":[1]},{\"children\":[0]}")
    #expect(refusal(file).contains("a node that is its own ancestor"))
    file = triangle()
    file.accessors[0] = "{\"bufferView\":0,\"componentType\":5126,\"count\":4000,\"type\":\"VEC3\"}"
    #expect(refusal(file).contains("4000 elements of 12 bytes from 0, expected at most the 36 bytes of buffer view 0"))
    file = triangle()
    file.accessors[0] = "{\"componentType\":5126,\"count\":2000000000,\"type\":\"VEC3\"}"
    #expect(refusal(file).contains("2000000000 elements without data"))
    file = triangle()
    file.members.append("\"extensionsRequired\":[\"KHR_draco_mesh_compression\"]")
    #expect(refusal(file).contains("the required extension KHR_draco_mesh_compression"))
    file = triangle(primitive: ",\"indices\":1")
    file.add([0, 1, 3], 5121, "SCALAR", count: 3)
    #expect(refusal(file).contains("vertex 3 in the indices, expected one of 3"))
  }
}
