import Foundation
import Geometry
import Stage

@testable import Importing

/// A folder of files that goes away with the test.
struct TestFolder: ~Copyable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("importing-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  @discardableResult func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

/// Reads OBJ text with the other files given by name.
func model(_ text: String, files: [String: String] = [:]) throws(ImportError) -> ImportedModel {
  try importOBJ(Array(text.utf8), file: "m.obj") { files[$0].map { Array($0.utf8) } }
}

/// The message of the error that `text` ends in, or "loads".
func refusal(_ text: String, files: [String: String] = [:]) -> String {
  do {
    _ = try model(text, files: files)
    return "loads"
  } catch { return error.description }
}

func positions(_ mesh: Mesh) -> [Vector3f] { mesh.indices.map { mesh.vertices[Int($0)].position } }

/// The sum of the triangles' vector areas' lengths.
func area(_ mesh: Mesh) -> Float {
  let p = positions(mesh)
  return stride(from: 0, to: p.count, by: 3).reduce(0) { $0 + cross(p[$1 + 1] - p[$1], p[$1 + 2] - p[$1]).length / 2 }
}

/// What every imported model must be, whatever the file: finite, with unit normals and a material for every slot.
func faults(of model: ImportedModel) -> [String] {
  var faults: [String] = []
  let mesh = model.mesh
  for (i, v) in mesh.vertices.enumerated() {
    if !v.position.isFinite || !v.uv.x.isFinite || !v.uv.y.isFinite { faults.append("vertex \(i) is not finite") }
    if !(abs(v.normal.length - 1) < 1e-5) { faults.append("vertex \(i) has a normal of length \(v.normal.length)") }
  }
  if model.materials.count != mesh.slotNames.count { faults.append("\(model.materials.count) materials") }
  if zip(model.materials, mesh.slotNames).contains(where: { $0.name != $1 }) { faults.append("names differ") }
  for m in model.materials {
    let unit = [m.baseColor.x, m.baseColor.y, m.baseColor.z, m.metallic, m.roughness]
    if unit.contains(where: { !($0 >= 0 && $0 <= 1) }) { faults.append("material \(m.name) is out of range") }
    if !m.emission.isFinite || m.emission.min() < 0 { faults.append("material \(m.name) emits \(m.emission)") }
  }
  return faults
}

/// A small generator of test data (Vigna, SplitMix64).
struct TestRandom {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}
