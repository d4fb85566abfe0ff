import Foundation
import Stage
import Testing

@testable import Importing

/// Real files that live beside a checkout of the project, not in it.
enum Corpus {
  static let folder: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return ["../shared/corpus", "../../shared/corpus"].map { root.appendingPathComponent($0).standardizedFileURL.path }
      .first { FileManager.default.fileExists(atPath: $0) }
  }()

  /// The folder, or nil after a line that says what is skipped.
  static func open() -> String? {
    if folder == nil { print("skipped: there is no shared/corpus beside the checkout") }
    return folder
  }
}

/// What must come of a file.
private enum Fate: Equatable {
  /// It loads: its triangles, its materials, whether it is closed, and how many kinds of thing are noted.
  case loads(Int, materials: Int, closed: Bool, notes: Int)
  /// It is refused, for this reason.
  case refused(String)
}

private let objects: [String: Fate] = [
  "obj/catmark_torus_creases0.obj": .refused(":62: found normal 1, expected none, for the file lists none"),
  "obj/colorspace-issue-184.obj": .loads(1, materials: 1, closed: false, notes: 5),
  "obj/cornell_box.obj": .loads(36, materials: 4, closed: false, notes: 1),
  "obj/cornell_box_multimaterial.obj": .loads(36, materials: 4, closed: false, notes: 1),
  "obj/cube-vertexcol.obj": .loads(12, materials: 3, closed: true, notes: 2),
  "obj/cube.obj": .loads(12, materials: 3, closed: true, notes: 1),
  "obj/invalid-face-definition.obj": .refused(": found no face, expected an OBJ file with at least one face"),
  "obj/issue-138.obj": .loads(12, materials: 2, closed: true, notes: 4),
  "obj/issue-140-zero-face-idx.obj": .refused(
    ":16: found vertex 0, expected from 1, or from -4 to -1 for the 4 listed above it"),
  "obj/issue-161-inconsistent-f.obj": .loads(12, materials: 1, closed: true, notes: 2),
  "obj/issue-162-smoothing-group.obj": .loads(12, materials: 2, closed: true, notes: 4),
  "obj/issue-235-usemtl-then-o.obj": .loads(2, materials: 2, closed: false, notes: 1),
  "obj/issue-244-mtl-searchpaths.obj": .loads(2, materials: 2, closed: false, notes: 3),
  "obj/issue-246-usemtl-whitespace.obj": .loads(1, materials: 1, closed: false, notes: 1),
  "obj/issue-248-texres-texopt.obj": .loads(12, materials: 3, closed: true, notes: 2),
  "obj/issue-295-trianguation-failure.obj": .loads(28, materials: 1, closed: true, notes: 0),
  "obj/issue-92.obj": .loads(1, materials: 1, closed: false, notes: 1),
  "obj/issue-95-2.obj": .loads(1, materials: 1, closed: false, notes: 2),
  "obj/issue-95.obj": .loads(1, materials: 1, closed: false, notes: 2),
  "obj/leading-decimal-dot-issue-201.obj": .loads(1, materials: 1, closed: false, notes: 2),
  "obj/leading-zero-in-exponent-notation-issue-210.obj": .loads(1, materials: 1, closed: false, notes: 2),
  "obj/line-prim.obj": .refused(": found no face, expected an OBJ file with at least one face"),
  "obj/map-bump.obj": .loads(400, materials: 2, closed: false, notes: 2),
  "obj/missing_material_file.obj": .loads(36, materials: 4, closed: false, notes: 4),
  "obj/mtl filename with whitespace issue46.obj": .loads(12, materials: 1, closed: true, notes: 3),
  "obj/mtllib-multiple-files-issue-112.obj": .loads(1, materials: 1, closed: false, notes: 3),
  "obj/no_material.obj": .loads(36, materials: 1, closed: false, notes: 0),
  "obj/norm-texopt.obj": .loads(1, materials: 1, closed: false, notes: 3),
  "obj/pbr-mat-ext.obj": .loads(2, materials: 1, closed: false, notes: 11),
  "obj/points-prim.obj": .refused(": found no face, expected an OBJ file with at least one face"),
  "obj/refl.obj": .loads(12, materials: 3, closed: true, notes: 2),
  "obj/skin-weight.obj": .loads(12, materials: 3, closed: true, notes: 2),
  "obj/smoothing-group-two-squares.obj": .refused(":21: found normal 1, expected none, for the file lists none"),
  "obj/smoothing-normal.obj": .loads(6, materials: 1, closed: false, notes: 1),
  "obj/test-nan.obj": .refused(":12: found nan, expected a finite number below 3.4e38"),
  "obj/texture-filename-with-whitespace.obj": .loads(12, materials: 3, closed: true, notes: 2),
  "obj/texture-options-issue-85.obj": .loads(1, materials: 1, closed: false, notes: 10),
  "obj/tr-and-d-issue-43.obj": .loads(400, materials: 2, closed: false, notes: 2),
  "obj/usemtl-issue-104.obj": .loads(6, materials: 1, closed: false, notes: 1),
  "obj/usemtl-issue-68.obj": .loads(400, materials: 2, closed: false, notes: 1),
  "mixed/cube.OBJ": .loads(12, materials: 1, closed: true, notes: 0),
  "mixed/fuze.obj": .loads(1000, materials: 1, closed: true, notes: 3),
  "mixed/nancolor.obj": .loads(12, materials: 1, closed: true, notes: 2),
  "mixed/negative_indices.obj": .loads(12, materials: 1, closed: true, notes: 0),
  "mixed/notenoughindices.obj": .loads(1, materials: 1, closed: false, notes: 3),
  // Not planar: seen along its normal, its outline runs back over itself.
  "mixed/polygonfaces.obj": .loads(3, materials: 1, closed: false, notes: 3),
]

/// The same for files of the other formats.
private let others: [String: Fate] = [
  "AlphaBlendModeTest.glb": .loads(61, materials: 6, closed: false, notes: 0),
  "BoxInterleaved.glb": .loads(12, materials: 1, closed: true, notes: 0),
  "BoxTextured.glb": .loads(12, materials: 1, closed: true, notes: 0),
  "CesiumMilkTruck.glb": .loads(3624, materials: 4, closed: false, notes: 0),
  "Duck.glb": .loads(4212, materials: 1, closed: true, notes: 0),
  "angle_block.STL": .loads(704, materials: 1, closed: false, notes: 0),
  "box.STL": .loads(8954, materials: 1, closed: true, notes: 0),
  "bunny.ply": .loads(16301, materials: 1, closed: false, notes: 2),
  "empty.ply": .refused(": found no vertex, expected vertices and faces"),
  "empty.stl": .refused(": found no triangle, expected an STL file with at least one triangle"),
  "fuze.ply": .loads(1000, materials: 1, closed: true, notes: 4),
  // Its rows hold more values than its header declares.
  "fuze_ascii.ply": .loads(1000, materials: 1, closed: true, notes: 5),
  "metadata.ply": .loads(2, materials: 1, closed: false, notes: 1),
  "multibody.stl": .loads(32, materials: 1, closed: false, notes: 0),
  "nested.glb": .loads(36, materials: 1, closed: true, notes: 0),
  "points_bin.ply": .refused(": found points without a face, expected a PLY file with at least one face"),
  "two_objects_mixed_case_names.stl": .loads(24, materials: 1, closed: true, notes: 0),
]

@Suite struct CorpusTests {
  @Test func everyOtherModelLoadsOrIsRefusedForItsFault() throws {
    guard let folder = Corpus.open() else { return }
    let library = AssetLibrary()
    var seen: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/mixed")
    where [".ply", ".stl", ".glb"].contains(where: { name.lowercased().hasSuffix($0) }) {
      seen.insert(name)
      let fate = try outcome(library, folder + "/mixed/" + name)
      #expect(others[name] == fate, "\(name)")
      guard case .loads = fate else { continue }
      for t in try library.model(file: folder + "/mixed/" + name).materials.flatMap(\.textures) {
        _ = try library.texture(t, isColour: true)
      }
    }
    #expect(seen == Set(others.keys))
  }

  @Test func everyObjectLoadsOrIsRefusedForItsFault() throws {
    guard let folder = Corpus.open() else { return }
    let library = AssetLibrary()
    var seen: Set<String> = []
    for part in ["obj", "mixed"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/" + part)
      where name.lowercased().hasSuffix(".obj") {
        let key = part + "/" + name
        seen.insert(key)
        let fate = try #require(objects[key], "no fate is written down for \(key)")
        #expect(try outcome(library, folder + "/" + key) == fate, "\(key)")
      }
    }
    #expect(seen == Set(objects.keys))
  }

  private func outcome(_ library: AssetLibrary, _ path: String) throws -> Fate {
    do throws(ImportError) {
      let m = try library.model(file: path)
      #expect(faults(of: m) == [], "\(path)")
      return .loads(
        m.mesh.triangleCount, materials: m.materials.count, closed: m.mesh.isClosed, notes: m.notes.count)
    } catch {
      #expect(error.file == path)
      return .refused(String(error.description.dropFirst(path.count)))
    }
  }
}
