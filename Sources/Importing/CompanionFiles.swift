/// The files that a mesh or material file names, for a digest that has to cover them: of OBJ the material libraries, of
/// MTL and PLY the textures, of glTF buffers and images. Each with the name in the file and the path. Files that are not
/// there, and paths that the importer will refuse, are left out.
package func companionFiles(_ bytes: [UInt8], file: String) -> [(name: String, path: String)] {
  let suffix = file.lastIndex(of: ".").map { file[file.index(after: $0)...].lowercased() } ?? ""
  let names: [String]
  if bytes.starts(with: Array("glTF".utf8)) || suffix == "gltf" {
    names = gltfNames(bytes, file: file)
  } else if bytes.starts(with: Array("ply".utf8)) {
    var notes = Notes()
    names = (try? PLYHeader(bytes, file: file, notes: &notes))?.textureFile.map { [$0] } ?? []
  } else if suffix == "obj" {
    names = lineNames(bytes, ["mtllib"])
  } else if suffix == "mtl" {
    names = lineNames(bytes, ["map_Kd", "map_Ke", "map_Pr", "map_Pm", "map_Bump", "bump", "norm", "map_d"])
  } else {
    names = []
  }
  var found: [(name: String, path: String)] = []
  for name in names {
    guard let path = try? resolve(name, in: file, line: nil), isRegularFile(path) else { continue }
    if !found.contains(where: { $0.path == path }) { found.append((name, path)) }
  }
  return found
}

private func gltfNames(_ bytes: [UInt8], file: String) -> [String] {
  var notes = Notes()
  guard let root = try? GLTFContainer(bytes, file: file, notes: &notes).json else { return [] }
  var names: [String] = []
  for key in ["buffers", "images"] {
    for item in (try? root.list(key)) ?? [] {
      if let uri = try? item.get("uri"), case .path(let name)? = try? GLTFURI(uri) { names.append(name) }
    }
  }
  return names
}

/// What may be the name on lines that begin with one of `keys`: names may hold blanks, follow each other, and stand
/// behind options, so every rest of the line and every word is one. What is no file falls out later.
private func lineNames(_ bytes: [UInt8], _ keys: Set<String>) -> [String] {
  var names: [String] = []
  for line in bytes.split(whereSeparator: { $0 == newline || $0 == carriageReturn }) {
    guard let first = line.first(where: { $0 != space && $0 != tab }), [0x6d, 0x62, 0x6e].contains(first),
      line.count < 4096
    else { continue }
    let text = String(decoding: line, as: UTF8.self)
    let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard let key = words.first, keys.contains(String(key)) else { continue }
    for (i, word) in words.enumerated().dropFirst().prefix(20) {
      names.append(String(text[word.startIndex..<words[words.count - 1].endIndex]))
      if i < words.count - 1 { names.append(String(word)) }
    }
  }
  return names
}
