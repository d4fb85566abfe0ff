// Wavefront OBJ ("Object Files (.obj)", Wavefront Advanced Visualizer Manual, appendix B1): polygons, normals, texture
// coordinates, materials and smoothing groups. Lines, points and free-form surfaces have no area to draw and are noted.

import Geometry

struct OBJReader {
  private let file: String
  private var cursor: TextCursor
  private var document = OBJDocument()
  private var slotOfName: [String: Int32] = [:]
  private var currentName: String?
  private var currentSlot: Int32 = -1
  private var smoothing = Smoothing.crease
  private var librariesSeen: Set<String> = []

  static func read(_ bytes: [UInt8], file: String) throws(ImportError) -> OBJDocument {
    guard !bytes.contains(0) else {
      throw ImportError(file: file, found: "binary data", expected: "the text of an OBJ file")
    }
    return try bytes.withUnsafeBufferPointer { (buffer) throws(ImportError) -> OBJDocument in
      guard let cursor = TextCursor(buffer) else {
        throw ImportError(file: file, found: "an empty file", expected: faces)
      }
      var reader = OBJReader(file: file, cursor: cursor)
      try reader.readAll()
      return reader.document
    }
  }

  private static let faces = "an OBJ file with at least one face"

  private init(file: String, cursor: TextCursor) {
    self.file = file
    self.cursor = cursor
  }

  private mutating func readAll() throws(ImportError) {
    while !cursor.isAtEnd {
      if !cursor.isAtLineEnd() { try readLine() }
      cursor.nextLine()
    }
    try checkIndices()
    guard !document.faces.isEmpty else { throw ImportError(file: file, found: "no face", expected: OBJReader.faces) }
  }

  private mutating func readLine() throws(ImportError) {
    let line = cursor.line
    let key = cursor.word()
    switch (key.count, key[0], key.count > 1 ? key[1] : 0) {
    case (1, UInt8(ascii: "v"), _): try readPosition()
    case (2, UInt8(ascii: "v"), UInt8(ascii: "t")): try readUV()
    case (2, UInt8(ascii: "v"), UInt8(ascii: "n")): try readNormal()
    case (1, UInt8(ascii: "f"), _), (2, UInt8(ascii: "f"), UInt8(ascii: "o")): try readFace()
    case (1, UInt8(ascii: "s"), _): try readSmoothing()
    case (1, UInt8(ascii: "g"), _), (1, UInt8(ascii: "o"), _): break
    case (1, UInt8(ascii: "l"), _): document.notes.add("lines are not drawn", file: file, line: line)
    case (1, UInt8(ascii: "p"), _): document.notes.add("points are not drawn", file: file, line: line)
    default:
      switch String(decoding: key.prefix(60), as: UTF8.self) {
      case "usemtl": useMaterial(cursor.rest())
      case "mtllib":
        let text = cursor.rest()
        if librariesSeen.insert(text).inserted { document.libraries.append((text, line)) }
      default: document.notes.add("\(quoted(key)) is not used", file: file, line: line)
      }
    }
  }

  /// `v x y z [w]` or `v x y z r g b [a]`.
  private mutating func readPosition() throws(ImportError) {
    let p = Vector3f(try coordinate(), try coordinate(), try coordinate())
    guard document.positions.count < Int(Int32.max) else { throw tooMany("vertices") }
    document.positions.append(p)
    guard !cursor.isAtLineEnd() else { return }
    let line = cursor.line
    var extra: [Double] = []
    while !cursor.isAtLineEnd() { extra.append(try number("a number")) }
    if extra.count == 1 {
      if extra[0] != 1 { document.notes.add("the weight w of vertices is not used", file: file, line: line) }
    } else if extra.contains(where: { !$0.isFinite }) {
      document.notes.add("vertex colours are not used, and some are not finite", file: file, line: line)
    } else {
      document.notes.add("vertex colours are not used", file: file, line: line)
    }
  }

  /// `vt u [v [w]]`, v upwards in the file.
  private mutating func readUV() throws(ImportError) {
    let u = try coordinate()
    let v = cursor.isAtLineEnd() ? 0 : try finite()
    guard document.uvs.count < Int(Int32.max) else { throw tooMany("texture coordinates") }
    document.uvs.append(Vector2f(u, Float(1 - v)))
  }

  /// `vn x y z`.
  private mutating func readNormal() throws(ImportError) {
    let n = Vector3f(try coordinate(), try coordinate(), try coordinate())
    guard document.normals.count < Int(Int32.max) else { throw tooMany("normals") }
    document.normals.append(n)
  }

  private mutating func readFace() throws(ImportError) {
    let line = cursor.line
    let first = document.corners.count
    while !cursor.isAtLineEnd() { document.corners.append(try readCorner()) }
    guard document.corners.count - first >= 3 else {
      document.notes.add("a face of fewer than 3 corners is not drawn", file: file, line: line)
      document.corners.removeSubrange(first...)
      return
    }
    guard document.corners.count < Int(Int32.max) else { throw tooMany("corners of faces") }
    if currentSlot < 0 { currentSlot = slot(line: line) }
    document.faces.append(
      .init(
        firstCorner: Int32(first), slot: currentSlot, smoothing: smoothing, line: Int32(truncatingIfNeeded: line)))
  }

  /// `v`, `v/vt`, `v//vn` or `v/vt/vn`; what stands between slashes may be missing.
  private mutating func readCorner() throws(ImportError) -> OBJDocument.Corner {
    let word = cursor.word()
    var i = 0
    var corner = OBJDocument.Corner(position: -1, uv: -1, normal: -1)
    corner.position = try readIndex(word, &i, document.positions.count, "vertex")
    if i < word.count, word[i] == slash {
      i += 1
      if i < word.count, word[i] != slash {
        corner.uv = try readIndex(word, &i, document.uvs.count, "texture coordinate")
      }
      if i < word.count, word[i] == slash {
        i += 1
        if i < word.count { corner.normal = try readIndex(word, &i, document.normals.count, "normal") }
      }
    }
    guard i == word.count else { throw unexpected(quoted(word), "a corner of a face such as 1, 1/2, 1//3 or 1/2/3") }
    return corner
  }

  /// An index from 1, or from -1 backwards over what was read so far; returns it from 0. Those beyond the end are found
  /// once all is read, for a file may name vertices before it lists them.
  private func readIndex(
    _ word: UnsafeBufferPointer<UInt8>, _ i: inout Int, _ count: Int, _ what: String
  ) throws(ImportError) -> Int32 {
    guard let index = parseInteger(word, from: &i) else {
      throw unexpected(quoted(word), "a corner of a face such as 1, 1/2, 1//3 or 1/2/3")
    }
    if index > 0, index <= Int(Int32.max) { return Int32(index - 1) }
    if index < 0, index >= -count { return Int32(count + index) }
    throw unexpected("\(what) \(index)", "from 1, or from -\(count) to -1 for the \(count) listed above it")
  }

  private func checkIndices() throws(ImportError) {
    let (v, t, n) = (document.positions.count, document.uvs.count, document.normals.count)
    for f in document.faces.indices {
      for c in document.corners[document.corners(of: f)] where c.position >= v || c.uv >= t || c.normal >= n {
        let (what, index, count) =
          c.position >= v
          ? ("vertex", c.position, v) : c.uv >= t ? ("texture coordinate", c.uv, t) : ("normal", c.normal, n)
        throw ImportError(
          file: file, line: Int(document.faces[f].line), found: "\(what) \(Int(index) + 1)",
          expected: count == 0 ? "none, for the file lists none" : "at most \(count)")
      }
    }
  }

  /// `s off`, `s 0` or `s N`.
  private mutating func readSmoothing() throws(ImportError) {
    let word = cursor.word()
    if word.elementsEqual("off".utf8) {
      smoothing = .flat
      return
    }
    if word.elementsEqual("on".utf8) {
      smoothing = .group(1)
      return
    }
    var i = 0
    guard let group = parseInteger(word, from: &i), i == word.count, group >= 0, group <= Int(Int32.max) else {
      throw unexpected(word.isEmpty ? "nothing" : quoted(word), "a smoothing group of 0 or more, or off")
    }
    smoothing = group == 0 ? .flat : .group(Int32(group))
  }

  private mutating func useMaterial(_ name: String) {
    currentName = name
    currentSlot = slotOfName[name] ?? -1
  }

  /// The slot of the current material, made where it is new.
  private mutating func slot(line: Int) -> Int32 {
    if let name = currentName, let known = slotOfName[name] { return known }
    let new = Int32(document.slots.count)
    document.slots.append((currentName, line))
    if let currentName { slotOfName[currentName] = new }
    return new
  }

  private mutating func number(_ expected: String) throws(ImportError) -> Double {
    let word = cursor.word()
    guard let x = parseNumber(word) else { throw unexpected(word.isEmpty ? "the line's end" : quoted(word), expected) }
    return x
  }

  private mutating func finite() throws(ImportError) -> Double {
    let x = try number("a finite number")
    guard Float(x).isFinite else { throw unexpected("\(x)", "a finite number below 3.4e38") }
    return x
  }

  private mutating func coordinate() throws(ImportError) -> Float { Float(try finite()) }

  private func unexpected(_ found: String, _ expected: String) -> ImportError {
    ImportError(file: file, line: cursor.line, found: found, expected: expected)
  }

  private func tooMany(_ what: String) -> ImportError { unexpected("more than \(Int32.max) \(what)", "fewer") }
}

private let slash = UInt8(ascii: "/")
