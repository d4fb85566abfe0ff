import ImageCoding
import Imaging

/// Reads an image file of any supported type. The first bytes decide which it is.
func readImage(_ file: String) throws(ImportError) -> RasterImage {
  let bytes = try readFile(file)
  do throws(ImageCodingError) { return try decodeImage(bytes) } catch {
    throw ImportError(file: file, found: error.found, expected: error.expected)
  }
}

/// Reads a mesh file of any supported type: what has a signature is told by it, and text by its first keyword.
///
/// - Parameter read: gives the bytes of another file, or nil where there is none.
func importModel(
  _ bytes: [UInt8], file: String, read: (String) throws(ImportError) -> [UInt8]?
) throws(ImportError) -> ImportedModel {
  let suffix = file.lastIndex(of: ".").map { file[file.index(after: $0)...].lowercased() } ?? ""
  let start = describeStart(of: bytes)
  let isUnknown = start.hasPrefix("a file that begins")
  if isUnknown && (suffix == "obj" || looksLikeOBJ(bytes)) { return try importOBJ(bytes, file: file, read: read) }
  let bySuffix = ["stl": "an STL file", "gltf": "a glTF file", "dae": "a COLLADA file", "fbx": "an FBX file"]
  throw ImportError(file: file, found: isUnknown ? bySuffix[suffix] ?? start : start, expected: "an OBJ file")
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
