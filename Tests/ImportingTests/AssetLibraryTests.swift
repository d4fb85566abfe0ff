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
}
