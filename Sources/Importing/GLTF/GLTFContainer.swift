// A .gltf file is a JSON text; a .glb file is a header of 12 bytes ("glTF", version 2, length) and chunks, of which the
// first holds the JSON and the second, where there is one, the first buffer (glTF 2.0 specification, section 4).

import Documents

struct GLTFContainer {
  var json: GLTFValue
  /// Where the binary chunk lies in the file; nil where there is none.
  var binary: Range<Int>?

  init(_ bytes: [UInt8], file: String, notes: inout Notes) throws(ImportError) {
    guard bytes.starts(with: Array("glTF".utf8)) else {
      json = try GLTFContainer.tree(bytes[...], file: file, isText: true)
      return
    }
    func word(_ at: Int) -> Int {
      Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16 | Int(bytes[at + 3]) << 24
    }
    func fault(_ found: String, _ expected: String) -> ImportError {
      ImportError(file: file, found: found, expected: expected)
    }
    guard bytes.count >= 12 else { throw fault("a GLB file of \(bytes.count) bytes", "a header of 12 bytes") }
    guard word(4) == 2 else { throw fault("GLB version \(word(4))", "version 2") }
    let length = word(8)
    guard length <= bytes.count else { throw fault("\(bytes.count) bytes", "\(length) bytes, as the header says") }
    if length < bytes.count { notes.add("bytes behind the end that its header states are not read", file: file) }
    var text: Range<Int>?
    var position = 12
    var number = 0
    while position < length {
      guard position + 8 <= length else { throw fault("a chunk header cut short", "8 bytes at \(position)") }
      let (size, kind) = (word(position), word(position + 4))
      guard size % 4 == 0 else { throw fault("a chunk of \(size) bytes", "a multiple of 4") }
      guard size <= length - position - 8 else {
        throw fault("a chunk of \(size) bytes at \(position)", "at most the \(length - position - 8) that are left")
      }
      let content = position + 8..<position + 8 + size
      switch kind {
      case 0x4E4F_534A where number == 0: text = content
      case 0x004E_4942 where number == 1: binary = content
      case 0x4E4F_534A, 0x004E_4942:
        throw fault("chunk \(number) of a kind that cannot stand there", "JSON first, then at most one of binary data")
      default:
        guard number > 0 else { throw fault("a first chunk of another kind", "the JSON chunk") }
        notes.add("chunks of unknown kinds are not read", file: file)
      }
      position = content.upperBound
      number += 1
    }
    guard let text, !text.isEmpty else { throw fault("no JSON chunk", "one with the scene") }
    json = try GLTFContainer.tree(bytes[text], file: file, isText: false)
  }

  private static func tree(_ bytes: ArraySlice<UInt8>, file: String, isText: Bool) throws(ImportError) -> GLTFValue {
    let result: Result<Node, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(JSONError) { return .success(try JSONReader.tree(buffer)) } catch { return .failure(error) }
    }
    switch result {
    case .success(let node):
      let value = GLTFValue(node: node, pointer: "", file: file, hasLines: isText)
      _ = try value.members()
      return value
    case .failure(let e):
      throw ImportError(
        file: file, line: isText ? e.line : nil, found: "no JSON at \(e.line):\(e.column): \(e.found)",
        expected: e.expected)
    }
  }
}
