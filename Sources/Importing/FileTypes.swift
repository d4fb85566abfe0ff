import ImageCoding
import Imaging

/// Reads an image file of any supported type. The first bytes decide which it is.
func readImage(_ bytes: [UInt8], file: String) throws(ImportError) -> RasterImage {
  do throws(ImageCodingError) { return try decodeImage(bytes) } catch {
    throw ImportError(file: file, found: error.found, expected: error.expected)
  }
}

/// A mesh file as it was read: one still mesh, or a file that holds many at many moments.
enum ModelFile: Sendable {
  case still(ImportedModel)
  case posable(GLTFModel)
}

/// Reads a mesh file of any supported type: what has a signature is told by it, and text by its first keyword; the
/// extension decides only between what looks alike.
///
/// - Parameter read: gives the bytes of another file, or nil where there is none.
func importModel(
  _ bytes: [UInt8], file: String, read: (String) throws(ImportError) -> [UInt8]?
) throws(ImportError) -> ModelFile {
  let suffix = file.lastIndex(of: ".").map { file[file.index(after: $0)...].lowercased() } ?? ""
  if bytes.starts(with: Array("glTF".utf8)) { return .posable(try GLTFModel(bytes, file: file, read: read)) }
  if bytes.starts(with: Array("ply".utf8)), bytes.count > 3, bytes[3] == newline || bytes[3] == carriageReturn {
    return .still(try importPLY(bytes, file: file))
  }
  let start = describeStart(of: bytes)
  let isUnknown = start.hasPrefix("a file that begins")
  if isUnknown, suffix == "glb" { throw ImportError(file: file, found: start, expected: "a GLB file: \"glTF\"") }
  if isUnknown || bytes.isEmpty, suffix == "gltf" || (isUnknown && firstCharacter(of: bytes) == UInt8(ascii: "{")) {
    return .posable(try GLTFModel(bytes, file: file, read: read))
  }
  if isUnknown, isTextSTL(bytes) || (suffix != "obj" && isWholeBinarySTL(bytes)) || suffix == "stl" {
    return .still(try importSTL(bytes, file: file))
  }
  if isUnknown && (suffix == "obj" || looksLikeOBJ(bytes)) {
    return .still(try importOBJ(bytes, file: file, read: read))
  }
  let bySuffix = ["dae": "a COLLADA file", "fbx": "an FBX file"]
  throw ImportError(
    file: file, found: isUnknown ? bySuffix[suffix] ?? start : start, expected: "an OBJ, PLY, STL or glTF file")
}

private func firstCharacter(of bytes: [UInt8]) -> UInt8? {
  bytes.first { $0 != space && $0 != tab && $0 != newline && $0 != carriageReturn }
}

/// Whether the first line that is neither empty nor a comment begins with a keyword of OBJ. A file of comments alone is
/// taken for one too: the reader says that it holds no face.
private func looksLikeOBJ(_ bytes: [UInt8]) -> Bool {
  let keywords: Set<String> = [
    "v", "vt", "vn", "vp", "vw", "f", "fo", "l", "p", "g", "o", "s", "mg", "mtllib", "usemtl", "cstype", "deg", "call",
    "shadow_obj", "trace_obj", "lod", "bevel", "maplib", "usemap", "c_interp", "d_interp",
  ]
  return bytes.withUnsafeBufferPointer { buffer in
    guard var cursor = TextCursor(buffer) else { return false }
    while !cursor.isAtEnd {
      if !cursor.isAtLineEnd() { return keywords.contains(String(decoding: cursor.word().prefix(16), as: UTF8.self)) }
      cursor.nextLine()
    }
    return true
  }
}
