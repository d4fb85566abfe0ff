import Geometry
import Stage

/// Reads an OBJ file and the MTL files it names.
///
/// - Parameters:
///   - bytes: of the file at `file`.
///   - read: gives the bytes of another file, or nil where there is none.
func importOBJ(
  _ bytes: [UInt8], file: String, read: (String) throws(ImportError) -> [UInt8]?
) throws(ImportError) -> ImportedModel {
  let document = try OBJReader.read(bytes, file: file)
  var (mesh, notes) = try OBJMeshBuilder.build(document, file: file)

  var known: [String: ImportedMaterial] = [:]
  var companions: [String] = []
  for library in document.libraries {
    for (path, text) in try libraryFiles(library.text, in: file, line: library.line, read: read, notes: &notes)
    where !companions.contains(path) {
      companions.append(path)
      // The first definition of a name counts.
      for m in try MTLReader.read(text, file: path, notes: &notes) where known[m.name] == nil { known[m.name] = m }
    }
  }
  let materials = document.slots.map { slot in
    guard let name = slot.name else {
      if document.slots.count > 1 {
        notes.add("faces without a material get the default one", file: file, line: slot.line)
      }
      return ImportedMaterial(name: "default")
    }
    if let material = known[name] { return material }
    notes.add("the material \"\(name)\" is not defined; the default one stands for it", file: file, line: slot.line)
    return ImportedMaterial(name: name)
  }
  return ImportedModel(mesh: mesh, materials: materials, notes: notes.lines, companions: companions)
}

/// The files that an `mtllib` line names: one name with blanks in it where there is such a file, else several names with
/// blanks between them, where `\ ` is a blank inside a name. A name without a file is noted.
private func libraryFiles(
  _ text: String, in file: String, line: Int, read: (String) throws(ImportError) -> [UInt8]?, notes: inout Notes
) throws(ImportError) -> [(String, [UInt8])] {
  var names: [String] = [""]
  var isEscaped = false
  for c in text {
    switch c {
    case "\\" where !isEscaped:
      isEscaped = true
      continue
    case " ", "\t":
      if isEscaped { names[names.count - 1].append(c) } else { names.append("") }
    default:
      if isEscaped { names[names.count - 1].append("\\") }
      names[names.count - 1].append(c)
    }
    isEscaped = false
  }
  names.removeAll(where: \.isEmpty)
  if names.count > 1, let whole = try? resolve(text, in: file, line: line), let bytes = try read(whole) {
    return [(whole, bytes)]
  }
  var files: [(String, [UInt8])] = []
  for name in names {
    let path = try resolve(name, in: file, line: line)
    if let bytes = try read(path) {
      files.append((path, bytes))
    } else {
      notes.add("there is no material file \"\(name)\"", file: file, line: line)
    }
  }
  return files
}
