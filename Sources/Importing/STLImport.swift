// STL files, binary and as text.
//
// - A binary file has 80 bytes of anything, which often begin with "solid" as a text does, a count, and 50 bytes a
//   triangle. A file whose size is just what its count demands is binary; no text is. Else one that begins with "solid"
//   is a text.
// - The normals of the file are those of its flat facets; they are made anew from the corners, smooth but for edges.
// - STL knows no unit and no up axis: nothing is turned or scaled. Several solids make one mesh.

import Geometry
import Stage

func importSTL(_ bytes: [UInt8], file: String) throws(ImportError) -> ImportedModel {
  var notes = Notes()
  let corners =
    isBinarySTL(bytes)
    ? try binarySTL(bytes, file: file, notes: &notes) : try textSTL(bytes, file: file, notes: &notes)
  let expected = "an STL file with at least one triangle"
  guard !corners.isEmpty else { throw ImportError(file: file, found: "no triangle", expected: expected) }
  // One position for the corners that meet in it.
  let (number, first) = corners.withUnsafeBufferPointer { c in numberPositions(count: c.count) { c[$0] } }
  let surface = MeshBuilder.Surface(positions: first.map { corners[Int($0)] }, triangles: number, slot: 0)
  return try finish(surface, file: file, notes: notes, expected: expected)
}

private func binaryCount(_ bytes: [UInt8]) -> Int? {
  guard bytes.count >= 84 else { return nil }
  return Int(bytes[80]) | Int(bytes[81]) << 8 | Int(bytes[82]) << 16 | Int(bytes[83]) << 24
}

/// Whether the size is just what a binary STL file of at least one triangle has.
func isWholeBinarySTL(_ bytes: [UInt8]) -> Bool {
  binaryCount(bytes).map { $0 > 0 && bytes.count == 84 + 50 * $0 } ?? false
}

/// Whether the bytes are those of a binary STL file, as far as they can tell.
func isBinarySTL(_ bytes: [UInt8]) -> Bool {
  guard let count = binaryCount(bytes) else { return false }
  if bytes.count == 84 + 50 * count { return true }
  return !isTextSTL(bytes) || bytes.prefix(512).contains(0)
}

/// Whether the bytes begin with the word "solid".
func isTextSTL(_ bytes: [UInt8]) -> Bool {
  let start = bytes.prefix(256).drop { $0 == space || $0 == tab || $0 == newline || $0 == carriageReturn }
  return String(decoding: start.prefix(5), as: UTF8.self).lowercased() == "solid"
}

private func binarySTL(_ bytes: [UInt8], file: String, notes: inout Notes) throws(ImportError) -> [Vector3f] {
  let count = binaryCount(bytes) ?? 0
  guard bytes.count >= 84 + 50 * count else {
    throw ImportError(
      file: file, found: "\(bytes.count) bytes for \(count) triangles", expected: "\(84 + 50 * count) bytes")
  }
  guard count <= MeshBuilder.limit else {
    throw ImportError(file: file, found: "\(count) triangles", expected: "at most \(MeshBuilder.limit)")
  }
  if bytes.count > 84 + 50 * count { notes.add("bytes behind the last triangle are not read", file: file) }
  var corners: [Vector3f] = []
  corners.reserveCapacity(3 * count)
  bytes.withUnsafeBytes { raw in
    for t in 0..<count {
      for c in 1...3 {
        let at = 84 + 50 * t + 12 * c
        func coordinate(_ k: Int) -> Float {
          Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at + 4 * k, as: UInt32.self)))
        }
        corners.append(Vector3f(coordinate(0), coordinate(1), coordinate(2)))
      }
    }
  }
  if let wrong = corners.firstIndex(where: { !$0.isFinite }) {
    throw ImportError(file: file, found: "triangle \(wrong / 3), which is not finite", expected: "finite coordinates")
  }
  return corners
}

private func textSTL(_ bytes: [UInt8], file: String, notes: inout Notes) throws(ImportError) -> [Vector3f] {
  guard isTextSTL(bytes) else {
    throw ImportError(
      file: file, found: bytes.isEmpty ? "an empty file" : "\(bytes.count) bytes",
      expected: "an STL file, binary or text")
  }
  return try bytes.withUnsafeBufferPointer { (buffer) throws(ImportError) -> [Vector3f] in
    guard var cursor = TextCursor(buffer) else { return [] }
    var corners: [Vector3f] = []
    var inLoop = 0
    func fault(_ found: String, _ expected: String) -> ImportError {
      ImportError(file: file, line: cursor.line, found: found, expected: expected)
    }
    while !cursor.isAtEnd {
      defer { cursor.nextLine() }
      let word = cursor.word()
      guard !word.isEmpty else { continue }
      // Keywords in any case.
      switch String(decoding: word.prefix(16), as: UTF8.self).lowercased() {
      case "vertex":
        var p = Vector3f(0, 0, 0)
        for k in 0..<3 {
          let number = cursor.word()
          guard let x = parseNumber(number), Float(x).isFinite else {
            throw fault(number.isEmpty ? "the line's end" : quoted(number), "a finite number")
          }
          p[k] = Float(x)
        }
        corners.append(p)
        inLoop += 1
      case "endloop":
        guard inLoop == 3 else { throw fault("a facet of \(inLoop) corners", "3") }
        inLoop = 0
      case "facet", "outer", "endfacet", "solid", "endsolid":
        guard inLoop == 0 else { throw fault("a facet of \(inLoop) corners without its end", "endloop after 3") }
      default:
        throw fault(quoted(word), "a line of an STL file: facet, outer, vertex, endloop, endfacet, solid or endsolid")
      }
    }
    guard inLoop == 0 else { throw fault("the end of the file in a facet", "endloop") }
    return corners
  }
}
