import Geometry
import ImageCoding
import Stage
import Testing

@testable import Importing

/// Damaged files of every format load whole or are refused with a message: no crash, no hang, no memory beyond what their
/// bytes are worth. Fixed seeds: a failure comes again.
@Suite struct FormatFuzzTests {
  private static let rounds = 3000

  private func damaged(_ seed: [UInt8], _ random: inout TestRandom) -> [UInt8] {
    var bytes = seed
    for _ in 0...random.below(5) {
      let at = random.below(bytes.count)
      let interesting: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x0a, 0x2d, 0x22, 0x39, 0x5b, 0x7b, 0x2e]
      let byte = random.below(2) == 0 ? UInt8(random.below(256)) : interesting[random.below(interesting.count)]
      switch random.below(6) {
      case 0: bytes[at] = byte
      case 1: bytes[at] ^= 1 << UInt8(random.below(8))
      case 2: bytes.removeSubrange(at..<min(at + 1 + random.below(24), bytes.count))
      case 3:
        bytes.insert(contentsOf: bytes[at..<min(at + random.below(40), bytes.count)], at: random.below(bytes.count))
      case 4: for i in at..<min(at + 4, bytes.count) { bytes[i] = byte }
      default: bytes.removeSubrange(at...)
      }
      if bytes.isEmpty { return [random.below(2) == 0 ? 0x70 : 0x7b] }
    }
    return bytes
  }

  /// Reads damaged copies of `seed`, and how many were read and refused.
  private func fuzz(
    _ seed: [UInt8], number: UInt64, _ read: ([UInt8]) throws(ImportError) -> ImportedModel
  ) -> (loaded: Int, refused: Int) {
    var random = TestRandom(seed: number)
    var (loaded, refused) = (0, 0)
    for round in 0..<FormatFuzzTests.rounds {
      // A third are cut short, from the front of the file to its end.
      let bytes =
        round % 3 == 0 ? Array(seed.prefix(seed.count * round / FormatFuzzTests.rounds)) : damaged(seed, &random)
      do throws(ImportError) {
        let m = try read(bytes)
        #expect(faults(of: m) == [], "round \(round)")
        loaded += 1
      } catch {
        #expect(!error.found.isEmpty && error.file.hasPrefix("m."), "round \(round): \(error)")
        refused += 1
      }
    }
    return (loaded, refused)
  }

  private static let vertices: [Float] = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0.5, 0.5, 1]

  private static func ply(_ format: String) -> [UInt8] {
    let header =
      "ply\nformat \(format) 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\n"
      + "property uchar green\nproperty uchar blue\nelement face 3\nproperty list uchar int vertex_indices\nend_header\n"
    let faces: [[Int32]] = [[0, 1, 2, 3], [0, 1, 4], [1, 2, 4]]
    if format == "ascii" {
      let rows = (0..<5).map { "\(vertices[3 * $0]) \(vertices[3 * $0 + 1]) \(vertices[3 * $0 + 2]) 10 20 30\n" }
      return Array(
        (header + rows.joined()
          + faces.map { "\($0.count) " + $0.map(String.init).joined(separator: " ") + "\n" }.joined()).utf8)
    }
    let isBig = format == "binary_big_endian"
    var data: [UInt8] = []
    for i in 0..<5 {
      for k in 0..<3 {
        let pattern = vertices[3 * i + k].bitPattern
        data += bytes(of: isBig ? pattern.byteSwapped : pattern)
      }
      data += [10, 20, 30]
    }
    for f in faces { data += [UInt8(f.count)] + bytes(of: f.map { isBig ? $0.byteSwapped : $0 }) }
    return Array(header.utf8) + data
  }

  @Test(arguments: ["ascii", "binary_little_endian", "binary_big_endian"]) func damagedPLY(format: String) {
    let (loaded, refused) = fuzz(FormatFuzzTests.ply(format), number: 5) { (b) throws(ImportError) in
      try importPLY(b, file: "m.ply")
    }
    #expect(loaded > 20 && refused > 300, "\(loaded) loaded, \(refused) refused")
  }

  @Test func damagedSTL() {
    let p = FormatFuzzTests.vertices
    var binary = [UInt8](repeating: 0x20, count: 80) + bytes(of: UInt32(2))
    var text = "solid a\n"
    for t in [[0, 1, 4], [1, 2, 4]] {
      binary += [UInt8](repeating: 0, count: 12)
      text += "facet normal 0 0 1\nouter loop\n"
      for i in t {
        for k in 0..<3 { binary += bytes(of: p[3 * i + k].bitPattern) }
        text += "vertex \(p[3 * i]) \(p[3 * i + 1]) \(p[3 * i + 2])\n"
      }
      binary += [0, 0]
      text += "endloop\nendfacet\n"
    }
    for (seed, number) in [(binary, UInt64(6)), (Array((text + "endsolid a\n").utf8), 7)] {
      let (loaded, refused) = fuzz(seed, number: number) { (b) throws(ImportError) in try importSTL(b, file: "m.stl") }
      #expect(loaded > 20 && refused > 300, "\(loaded) loaded, \(refused) refused")
    }
  }

  /// Everything that a glTF file can have, small.
  private static let gltf: GLTFTestFile = {
    var file = GLTFTestFile()
    file.add(vertices, "VEC3", more: ",\"min\":[0,0,0],\"max\":[1,1,1]")
    file.add([0, 1, 2, 0, 2, 3, 0, 1, 4], 5121, "SCALAR", count: 9)
    file.add([0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1], "VEC3")
    file.add([0, 0, 1, 0, 1, 1, 0, 1, 0.5, 0.5], "VEC2")
    file.add([UInt8](repeating: 0, count: 20), 5121, "VEC4", count: 5)
    file.add([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], "VEC4")
    file.add([0, 1], "SCALAR", more: ",\"min\":[0],\"max\":[1]")
    file.add([0, 0, 0, 1, 0, 0], "VEC3")
    let i = file.view([1, 2])
    let v = file.view([5, 0, 0, 0, 7, 0].flatMap { bytes(of: Float($0).bitPattern) })
    file.accessors.append(
      "{\"componentType\":5126,\"count\":5,\"type\":\"VEC3\",\"sparse\":{\"count\":2,\"indices\":{\"bufferView\":\(i),\"componentType\":5121},\"values\":{\"bufferView\":\(v)}}}"
    )
    file.members = [
      "\"meshes\":[{\"weights\":[0.5],\"primitives\":[{\"attributes\":{\"POSITION\":0,\"NORMAL\":2,\"TEXCOORD_0\":3,\"JOINTS_0\":4,\"WEIGHTS_0\":5},\"indices\":1,\"material\":0,\"targets\":[{\"POSITION\":8}]}]}]",
      "\"materials\":[{\"name\":\"a\",\"normalTexture\":{\"index\":0},\"pbrMetallicRoughness\":{\"baseColorFactor\":[1,0.5,0,1],\"baseColorTexture\":{\"index\":0}},\"alphaMode\":\"MASK\"}]",
      "\"images\":[{\"uri\":\"a%20b.png\"}],\"samplers\":[{\"wrapS\":33071}],\"textures\":[{\"source\":0,\"sampler\":0}]",
      "\"nodes\":[{\"mesh\":0,\"skin\":0},{\"children\":[2],\"rotation\":[0,0,0,1]},{\"translation\":[1,2,3]}]",
      "\"skins\":[{\"joints\":[1,2]}],\"scenes\":[{\"nodes\":[0,1]}],\"scene\":0",
      "\"animations\":[{\"samplers\":[{\"input\":6,\"output\":7}],\"channels\":[{\"sampler\":0,\"target\":{\"node\":1,\"path\":\"translation\"}}]}]",
    ]
    return file
  }()

  @Test func damagedGLTF() throws {
    let whole = try GLTFModel(FormatFuzzTests.gltf.text, file: "m.gltf") { _ in nil }.model(ModelPose(time: 0.5))
    #expect(whole.mesh.triangleCount == 3 && faults(of: whole) == [])
    for (seed, name, number) in [
      (FormatFuzzTests.gltf.text, "m.gltf", UInt64(8)), (FormatFuzzTests.gltf.binary, "m.glb", 9),
    ] {
      let (loaded, refused) = fuzz(seed, number: number) { (b) throws(ImportError) in
        try GLTFModel(b, file: name) { _ in nil }.model(ModelPose(time: 0.5))
      }
      #expect(loaded > 20 && refused > 300, "\(name): \(loaded) loaded, \(refused) refused")
    }
  }

  /// Whatever the bytes, the front door takes them.
  @Test func damagedFilesOfAnyKindAtTheDoor() {
    var random = TestRandom(seed: 10)
    let seeds = [
      FormatFuzzTests.ply("ascii"), FormatFuzzTests.gltf.text, FormatFuzzTests.gltf.binary,
      Array("solid a\nfacet\n".utf8),
    ]
    for round in 0..<FormatFuzzTests.rounds {
      let bytes = damaged(seeds[round % seeds.count], &random)
      let name = "m." + ["obj", "ply", "stl", "gltf", "glb", "dat"][random.below(6)]
      do throws(ImportError) { _ = try importModel(bytes, file: name) { _ in nil } } catch {
        #expect(error.file == name, "round \(round): \(error)")
      }
    }
  }
}
