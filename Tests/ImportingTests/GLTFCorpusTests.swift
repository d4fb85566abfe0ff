import Foundation
import Testing

@testable import Importing

/// The glTF files of the Khronos validator's tests, held against its reports.
@Suite struct GLTFCorpusTests {
  private struct Report: Decodable {
    struct Issues: Decodable {
      struct Message: Decodable {
        var code: String
        var severity: Int
      }
      var messages: [Message]
    }
    var issues: Issues

    /// The codes of what is an error.
    var errors: Set<String> { Set(issues.messages.filter { $0.severity == 0 }.map(\.code)) }
  }

  /// Errors that leave no doubt about the mesh, and are not looked for: bounds that do not fit the data, declarations
  /// that nothing here reads, and faults in what is not drawn.
  private static let harmless: Set<String> = [
    // The data count, not what the file says of them.
    "ACCESSOR_MIN_MISMATCH", "ACCESSOR_MAX_MISMATCH", "ACCESSOR_ELEMENT_OUT_OF_MIN_BOUND",
    "ACCESSOR_ELEMENT_OUT_OF_MAX_BOUND", "MESH_PRIMITIVE_POSITION_ACCESSOR_WITHOUT_BOUNDS",
    "BUFFER_VIEW_TARGET_OVERRIDE", "MESH_PRIMITIVE_ACCESSOR_WITHOUT_BYTESTRIDE",
    "MESH_PRIMITIVE_INDICES_ACCESSOR_WITH_BYTESTRIDE", "MESH_PRIMITIVE_ACCESSOR_UNALIGNED",
    // Data are looked at when they are drawn: these files use theirs in nothing that is.
    "ACCESSOR_INVALID_FLOAT", "ACCESSOR_ANIMATION_INPUT_NEGATIVE", "ACCESSOR_ANIMATION_INPUT_NON_INCREASING",
    "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION", "ACCESSOR_INVALID_IBM", "IMAGE_DATA_INVALID",
    "IMAGE_UNEXPECTED_EOS", "MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_UNSIGNED_INT",
    // Cameras of files are not used, nor are the roots of skeletons.
    "ONE_OF_MISMATCH", "CAMERA_XMAG_YMAG_ZERO", "CAMERA_ZFAR_LEQUAL_ZNEAR", "SKIN_NO_COMMON_ROOT",
    "SKIN_SKELETON_INVALID", "NODE_SKIN_NO_SCENE",
    // Normals and tangents are made unit length, whatever they were.
    "ACCESSOR_VECTOR3_NON_UNIT", "ACCESSOR_INVALID_SIGN",
  ]

  @Test func whatTheValidatorAcceptsLoadsAndWhatItRefusesIsRefusedOrNoted() throws {
    guard let corpus = Corpus.open() else { return }
    let root = corpus + "/gltf-validator"
    let library = AssetLibrary()
    var (free, faulty, silent) = (0, 0, [String]())
    for folder in try FileManager.default.contentsOfDirectory(atPath: root).sorted() {
      for name in try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted()
      where name.hasSuffix(".gltf") || name.hasSuffix(".glb") {
        let path = "\(root)/\(folder)/\(name)"
        let data = try Data(contentsOf: URL(fileURLWithPath: path + ".report.json"))
        let errors = try JSONDecoder().decode(Report.self, from: data).errors
        if errors.isEmpty { free += 1 } else { faulty += 1 }
        do throws(ImportError) {
          let m = try library.model(file: path)
          #expect(faults(of: m) == [], "\(path)")
          for t in Set(m.materials.flatMap(\.textures)) { _ = try library.texture(t, isColour: true) }
          let notes = m.notes.filter { !$0.hasSuffix("nothing is drawn") }
          if !errors.isEmpty, notes.isEmpty, !errors.isSubset(of: GLTFCorpusTests.harmless) {
            silent.append("\(folder)/\(name) \(errors.sorted())")
          }
        } catch {
          #expect(error.file.hasPrefix(path), "\(error)")
          #expect(!errors.isEmpty, "\(error)")
        }
      }
    }
    #expect(free > 50 && faulty > 100, "\(free) files without errors, \(faulty) with")
    #expect(silent == [])
  }
}
