import Foundation

@testable import Importing

/// Puts a glTF file together: data go into one buffer, with a view and an accessor each.
struct GLTFTestFile {
  var buffer: [UInt8] = []
  var views: [String] = []
  var accessors: [String] = []
  /// The other members of the root: `"nodes": [...]`.
  var members: [String] = []

  /// An accessor of floats; its index.
  @discardableResult mutating func add(_ values: [Float], _ type: String, more: String = "") -> Int {
    add(values.flatMap { bytes(of: $0.bitPattern) }, 5126, type, count: values.count / width(type), more: more)
  }

  /// An accessor of data that are bytes already.
  @discardableResult mutating func add(
    _ data: [UInt8], _ component: Int, _ type: String, count: Int, stride: Int? = nil, more: String = ""
  ) -> Int {
    let v = view(data, stride: stride)
    accessors.append(
      "{\"bufferView\":\(v),\"componentType\":\(component),\"count\":\(count),\"type\":\"\(type)\"\(more)}")
    return accessors.count - 1
  }

  mutating func view(_ data: [UInt8], stride: Int? = nil) -> Int {
    while buffer.count % 4 != 0 { buffer.append(0) }
    views.append(
      "{\"buffer\":0,\"byteOffset\":\(buffer.count),\"byteLength\":\(data.count)"
        + (stride.map { ",\"byteStride\":\($0),\"target\":34962" } ?? "") + "}")
    buffer += data
    return views.count - 1
  }

  private func width(_ type: String) -> Int {
    ["SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16][type] ?? 1
  }

  func json(uri: String?) -> String {
    var all = ["\"asset\":{\"version\":\"2.0\"}"] + members
    if !buffer.isEmpty {
      all.append("\"buffers\":[{\"byteLength\":\(buffer.count)" + (uri.map { ",\"uri\":\"\($0)\"" } ?? "") + "}]")
      all.append("\"bufferViews\":[\(views.joined(separator: ","))]")
      all.append("\"accessors\":[\(accessors.joined(separator: ","))]")
    }
    return "{" + all.joined(separator: ",\n") + "}"
  }

  /// A .gltf file with its buffer inside.
  var text: [UInt8] {
    Array(json(uri: "data:application/octet-stream;base64," + Data(buffer).base64EncodedString()).utf8)
  }

  /// A .glb file.
  var binary: [UInt8] {
    var json = Array(json(uri: nil).utf8)
    while json.count % 4 != 0 { json.append(0x20) }
    var data = buffer
    while data.count % 4 != 0 { data.append(0) }
    let chunks =
      bytes(of: UInt32(json.count)) + Array("JSON".utf8) + json
      + (data.isEmpty ? [] : bytes(of: UInt32(data.count)) + Array("BIN\0".utf8) + data)
    return Array("glTF".utf8) + bytes(of: UInt32(2)) + bytes(of: UInt32(chunks.count + 12)) + chunks
  }

  func model(_ pose: ModelPose = .rest) throws(ImportError) -> ImportedModel {
    try GLTFModel(text, file: "m.gltf") { _ in nil }.model(pose)
  }
}

/// Little-endian.
func bytes(of value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
func bytes(of values: [some FixedWidthInteger]) -> [UInt8] { values.flatMap { bytes(of: $0) } }
