import Documents
import Foundation
import Geometry
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Importing

/// A triangle of a given size, for keys.
private struct Tile: Shape, Hashable {
  var size = 1.0
  static let manual = Manual(name: "tile", summary: "A triangle.", sample: "tile")
  static let fields = [Field<Tile>("size", \.size, "Metres.")]
  func makeMesh() -> Mesh {
    let s = Float(size)
    return Mesh(
      vertices: [Vector3f(0, 0, 0), Vector3f(s, 0, 0), Vector3f(0, s, 0)].map {
        .init(position: $0, normal: Vector3f(0, 0, 1), uv: Vector2f(0, 0))
      }, indices: [0, 1, 2])
  }
}

private struct Slope: Pattern, Hashable {
  static let manual = Manual(name: "slope", summary: "u.", sample: "slope")
  static let fields: [Field<Slope>] = []
  func value(u: Double, v: Double) -> Double { u }
}

private let triangle = "v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n"

@Suite struct AssetLibraryTests {
  private func refusal(_ body: () throws(ImportError) -> Void) -> String {
    do {
      try body()
      return "loads"
    } catch { return error.description }
  }

  @Test func equalAssetsAreOneObject() throws {
    let folder = try TestFolder()
    let path = try folder.write("a.obj", triangle)
    let png = try folder.write(
      "a.png", try PNGEncoder().encode(Plane<UInt8>(width: 2, height: 2, repeating: 9), as: .ids))
    let library = AssetLibrary()
    #expect(library.mesh(of: Tile(size: 2)) === library.mesh(of: Tile(size: 2)))
    #expect(library.mesh(of: Tile(size: 2)) !== library.mesh(of: Tile(size: 3)))
    #expect(library.texture(of: Slope(), resolution: 4) === library.texture(of: Slope(), resolution: 4))
    #expect(library.texture(of: Slope(), resolution: 8).levels[0].width == 8)
    #expect(try library.model(file: path).mesh === library.model(file: path).mesh)
    #expect(try library.texture(file: png, isColour: true) === library.texture(file: png, isColour: true))
    #expect(
      try library.texture(file: png, isColour: false).texel(level: 0, x: 0, y: 0) == SIMD4(2313, 2313, 2313, 65535))
    #expect(try library.digest(file: path) == Digest(of: Array(triangle.utf8)))
  }

  @Test func whatIsKeptIsBoundedAndTheLatestStays() {
    let one = 3 * 32 + 3 * 4 + 4
    let library = AssetLibrary(keeping: 10 * one)
    let favourite = library.mesh(of: Tile(size: 1000))
    for i in 0..<100 {
      let mesh = library.mesh(of: Tile(size: Double(i)))
      #expect(library.bytesKept <= 10 * one)
      #expect(library.mesh(of: Tile(size: Double(i))) === mesh)
      #expect(library.mesh(of: Tile(size: 1000)) === favourite, "what is used stays")
    }
    #expect(AssetLibrary(keeping: 0).mesh(of: Tile()) == Tile().makeMesh())
  }

  @Test func threadsShareALibrary() async throws {
    let folder = try TestFolder()
    let path = try folder.write("a.obj", triangle)
    let library = AssetLibrary(keeping: 1000)
    let results = await withTaskGroup(of: Bool.self) { group in
      for t in 0..<8 {
        group.addTask {
          (0..<50).allSatisfy { i in
            let mesh = library.mesh(of: Tile(size: Double((i + t) % 7)))
            return mesh == Tile(size: Double((i + t) % 7)).makeMesh()
              && (try? library.model(file: path).mesh.triangleCount) == 1
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.allSatisfy { $0 })
  }

  @Test func contentsDecideTheType() throws {
    let folder = try TestFolder()
    let library = AssetLibrary()
    let disguised = try folder.write("mesh.dat", triangle)
    #expect(try library.model(file: disguised).mesh.triangleCount == 1)
    let kinds = "an OBJ, PLY, STL or glTF file"
    let cases: [(name: String, bytes: [UInt8], found: String)] = [
      ("a.obj", Array("glTF....".utf8), "a GLB file of 8 bytes, expected a header of 12 bytes"),
      ("b.obj", [], "an empty file, expected \(kinds)"),
      ("d.STL", Array("solid x".utf8), "no triangle, expected an STL file with at least one triangle"),
      ("e.gltf", Array("{}".utf8), "no \"asset\", expected it"),
      ("f.xyz", Array("hello".utf8), "a file that begins with the bytes 68 65 6c 6c 6f, expected \(kinds)"),
      ("g.fbx", Array("hello".utf8), "an FBX file, expected \(kinds)"),
    ]
    for (name, bytes, found) in cases {
      let path = try folder.write(name, bytes)
      let message = refusal { () throws(ImportError) in _ = try library.model(file: path) }
      #expect(message.hasPrefix(path) && message.hasSuffix(": found \(found)"), "\(message)")
    }
    let ply = try folder.write("c.obj", "ply\nformat")
    #expect(
      refusal { () throws(ImportError) in _ = try library.model(file: ply) }
        == "\(ply):1: found a header without its end, expected end_header")
    let gif = try folder.write("t.png", "GIF89a")
    #expect(
      refusal { () throws(ImportError) in _ = try library.texture(file: gif, isColour: true) }
        == "\(gif): found a GIF file, expected a PNG or JPEG image")
    let cut = try folder.write("u.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])
    #expect(
      refusal { () throws(ImportError) in _ = try library.texture(file: cut, isColour: true) }
        == "\(cut): found a damaged PNG file (the file ends early), expected a whole one")
  }

  @Test(.timeLimit(.minutes(1))) func onlyRegularFilesAreOpened() throws {
    let folder = try TestFolder()
    let library = AssetLibrary()
    #expect(mkfifo(folder.path + "/fifo", 0o600) == 0)
    #expect(symlink("loop", folder.path + "/loop") == 0)
    try folder.write("sub/a.obj", triangle)
    try folder.write("big.obj", "")
    #expect(truncate(folder.path + "/big.obj", off_t(FileLimits.bytes) + 1) == 0)
    for (name, message) in [
      ("no.obj", "found no such file, expected a readable file"), ("sub", "found a folder, expected a regular file"),
      ("fifo", "found a FIFO, expected a regular file"),
      ("loop", "found a loop of symbolic links, expected a readable file"),
      ("sub/a.obj/x", "found a path through something that is not a folder, expected a readable file"),
      ("big.obj", "found 2147483649 bytes, expected at most 2147483648"),
      ("a\0b", "found a name with a NUL byte, expected a file name"),
    ] {
      let path = folder.path + "/" + name
      #expect(refusal { () throws(ImportError) in _ = try library.model(file: path) } == "\(path): \(message)")
      #expect(refusal { () throws(ImportError) in _ = try library.digest(file: path) } == "\(path): \(message)")
    }
    #expect(
      refusal { () throws(ImportError) in _ = try library.model(file: "/dev/zero") }
        == "/dev/zero: found a device, expected a regular file")
  }

  @Test func modelsFindTheirMaterialsBesideThem() throws {
    let folder = try TestFolder()
    let path = try folder.write("m/a.obj", "mtllib sub/a.mtl\nusemtl x\n" + triangle)
    try folder.write("m/sub/a.mtl", "newmtl x\nKd 1 1 1\nmap_Kd t.png\n")
    let model = try AssetLibrary().model(file: path)
    #expect(model.materials[0].baseColorTexture?.file == folder.path + "/m/sub/t.png")
  }

  @Test func aMaterialFileThatIsAFolderIsOnlyNoted() throws {
    let folder = try TestFolder()
    let path = try folder.write("a.obj", "mtllib sub\n" + triangle)
    try folder.write("sub/x", "")
    #expect(try AssetLibrary().model(file: path).notes.contains("\(path):1: there is no material file \"sub\""))
  }

  /// A link in an asset's folder may lead to another place in it, but not out of it, whatever kind of file names it and
  /// whether the link is the file or a folder on the way.
  @Test func linksThatLeadOutAreRefused() throws {
    let folder = try TestFolder()
    try folder.write("secret/out.mtl", "newmtl x\n")
    try folder.write("secret/out.png", "no picture")
    try folder.write("secret/out.bin", [UInt8](repeating: 0, count: 36))
    try folder.write("home/below/in.mtl", "newmtl x\nKd 1 0 0\n")
    #expect(symlink("../secret/out.mtl", folder.path + "/home/link.mtl") == 0)
    #expect(symlink("../secret", folder.path + "/home/down") == 0)
    #expect(symlink(folder.path + "/secret/out.bin", folder.path + "/home/link.bin") == 0)
    #expect(symlink("below/in.mtl", folder.path + "/home/inside.mtl") == 0)

    func said(_ name: String, _ text: String) throws -> String {
      let path = try folder.write("home/" + name, text)
      let said = refusal { () throws(ImportError) in
        let model = try AssetLibrary().model(file: path)
        for m in model.materials {
          _ = try m.baseColorTexture.map { t throws(ImportError) in
            try AssetLibrary().texture(t, isColour: true)
          }
        }
      }
      return said.hasPrefix(folder.path) ? String(said.dropFirst(folder.path.count + 6)) : said
    }
    let rest = ", a link that leads out of the folder, expected a file in the same folder or below"
    #expect(
      try said("a.obj", "mtllib link.mtl\nusemtl x\n" + triangle) == "a.obj:1: found the path \"link.mtl\"" + rest)
    #expect(
      try said("b.obj", "mtllib down/out.mtl\nusemtl x\n" + triangle)
        == "b.obj:1: found the path \"down/out.mtl\"" + rest)
    try folder.write("home/c.mtl", "newmtl x\nmap_Kd down/out.png\n")
    #expect(
      try said("c.obj", "mtllib c.mtl\nusemtl x\n" + triangle) == "c.mtl:2: found the path \"down/out.png\"" + rest)
    let ply =
      "ply\nformat ascii 1.0\ncomment TextureFile down/out.png\nelement vertex 3\nproperty float x\n"
      + "property float y\nproperty float z\nproperty float s\nproperty float t\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"
      + "0 0 0 0 0\n1 0 0 1 0\n0 1 0 0 1\n3 0 1 2\n"
    #expect(try said("d.ply", ply).contains("\"down/out.png\"" + rest))
    for uri in ["link.bin", "down/out.bin"] {
      var file = GLTFTestFile(members: [
        #""meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"nodes":[{"mesh":0}],"scenes":[{"nodes":[0]}]"#
      ])
      file.add([0, 0, 0, 1, 0, 0, 0, 1, 0], "VEC3", more: #","min":[0,0,0],"max":[1,1,0]"#)
      #expect(try said("e.gltf", file.json(uri: uri)).contains("\"\(uri)\"" + rest))
    }
    // What stays inside is read through links as well.
    let path = try folder.write("home/f.obj", "mtllib inside.mtl\nusemtl x\n" + triangle)
    #expect(try AssetLibrary().model(file: path).materials[0].baseColor == Vector3(1, 0, 0))
  }
}
