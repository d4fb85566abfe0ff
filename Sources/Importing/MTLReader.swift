// Wavefront MTL materials in the terms of metallic-roughness.
//
// - Kd, linear, is the base colour; map_Kd multiplies it, as the format says, except where Kd is black, which exporters
//   write when they mean "all from the map".
// - Pr and Pm (the PBR extension of 2013) are roughness and metallic. Without Pr: Ks of 0 is a surface without gloss,
//   roughness 1; else Ns, a Blinn-Phong exponent, becomes the GGX alpha of the same lobe width,
//   alpha = sqrt(2 / (Ns + 2)) (Walter, Marschner, Li and Torrance 2007, section 5.2), and roughness is sqrt(alpha).
// - Ke, linear, is emission.
// - Transparency (d, Tr), other maps and all other keys are not drawn, and noted.

import Documents
import Geometry

struct MTLReader {
  private let file: String
  private var cursor: TextCursor
  private var materials: [Draft] = []
  private var notes: Notes

  /// A material as far as its lines were read.
  private struct Draft {
    var material: ImportedMaterial
    var diffuse: Vector3?
    var specular: Vector3?
    var exponent: Double?
    var roughness: Double?
  }

  /// Materials in the order of the file.
  static func read(
    _ bytes: [UInt8], file: String, notes: inout Notes
  ) throws(ImportError) -> [ImportedMaterial] {
    guard !bytes.contains(0) else {
      throw ImportError(file: file, found: "binary data", expected: "the text of an MTL file")
    }
    let before = notes
    let (materials, after) = try bytes.withUnsafeBufferPointer {
      (buffer) throws(ImportError) -> ([ImportedMaterial], Notes) in
      guard let cursor = TextCursor(buffer) else { return ([], before) }
      var reader = MTLReader(file: file, cursor: cursor, notes: before)
      try reader.readAll()
      return (reader.materials.map(MTLReader.finish), reader.notes)
    }
    notes = after
    return materials
  }

  private init(file: String, cursor: TextCursor, notes: Notes) {
    self.file = file
    self.cursor = cursor
    self.notes = notes
  }

  private mutating func readAll() throws(ImportError) {
    while !cursor.isAtEnd {
      if !cursor.isAtLineEnd() { try readLine() }
      cursor.nextLine()
    }
  }

  private static func finish(_ draft: Draft) -> ImportedMaterial {
    var m = draft.material
    if let diffuse = draft.diffuse { m.baseColor = diffuse }
    if m.baseColorTexture != nil, draft.diffuse == nil || draft.diffuse == Vector3() { m.baseColor = Vector3(1, 1, 1) }
    if let roughness = draft.roughness {
      m.roughness = roughness
    } else if draft.specular == Vector3() {
      m.roughness = 1
    } else if let exponent = draft.exponent {
      m.roughness = (2 / (exponent + 2)).squareRoot().squareRoot()
    }
    return m
  }

  private mutating func readLine() throws(ImportError) {
    let line = cursor.line
    let key = String(decoding: cursor.word().prefix(60), as: UTF8.self)
    if key == "newmtl" {
      let name = cursor.rest()
      guard !name.isEmpty else { throw unexpected("nothing", "the name of a material") }
      materials.append(Draft(material: ImportedMaterial(name: name)))
      return
    }
    guard var draft = materials.popLast() else {
      throw ImportError(file: file, line: line, found: "\"\(key)\"", expected: "newmtl and a name first")
    }
    switch key {
    case "Kd": draft.diffuse = try color(upTo: 1)
    case "Ks": draft.specular = try color(upTo: .infinity)
    case "Ke": draft.material.emission = try color(upTo: .infinity)
    case "Ns": draft.exponent = try number(upTo: .infinity)
    case "Pr": draft.roughness = try number(upTo: 1)
    case "Pm": draft.material.metallic = try number(upTo: 1)
    case "map_Kd": draft.material.baseColorTexture = try texture()
    case "d":
      if try number(upTo: 1) != 1 { notes.add("transparency is not drawn", file: file, line: line) }
    case "Tr":
      if try number(upTo: 1) != 0 { notes.add("transparency is not drawn", file: file, line: line) }
    default: notes.add("\"\(key)\" is not used", file: file, line: line)
    }
    materials.append(draft)
  }

  /// One number for all channels, or three.
  private mutating func color(upTo limit: Double) throws(ImportError) -> Vector3 {
    let r = try number(upTo: limit)
    if cursor.isAtLineEnd() { return Vector3(r, r, r) }
    let g = try number(upTo: limit)
    return Vector3(r, g, try number(upTo: limit))
  }

  /// A number of 0 or more; one beyond `limit` is cut to it, and noted.
  private mutating func number(upTo limit: Double) throws(ImportError) -> Double {
    let word = cursor.word()
    guard let x = parseNumber(word), x.isFinite else {
      throw unexpected(word.isEmpty ? "the line's end" : quoted(word), "a finite number")
    }
    if x < 0 || x > limit { notes.add("a value outside its range is cut to it", file: file, line: cursor.line) }
    return min(max(x, 0), limit)
  }

  /// Options, each with how many words may follow.
  private static let options: [(name: String, least: Int, most: Int)] = [
    ("-blendu", 1, 1), ("-blendv", 1, 1), ("-bm", 1, 1), ("-boost", 1, 1), ("-cc", 1, 1), ("-clamp", 1, 1),
    ("-colorspace", 1, 1), ("-imfchan", 1, 1), ("-mm", 2, 2), ("-o", 1, 3), ("-s", 1, 3), ("-t", 1, 3),
    ("-texres", 1, 1), ("-type", 1, 1),
  ]

  /// `map_Kd [options] name`; the name may hold blanks, and options may follow it.
  private mutating func texture() throws(ImportError) -> ImportedTexture {
    let line = cursor.line
    var words = cursor.rest().split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    var name: [String] = []
    var scale = Vector2(1, 1)
    var offset = Vector2(0, 0)
    while let word = words.first {
      words.removeFirst()
      guard word.hasPrefix("-"), word.count > 1 else {
        name.append(word)
        continue
      }
      guard let option = MTLReader.options.first(where: { $0.name == word }) else {
        // Behind the name's first word this is part of the name: "wood - dark.png", "a -b.png".
        if name.isEmpty {
          let known = MTLReader.options.map(\.name)
          throw unexpected(
            "the option \"\(word)\"",
            "one of " + known.joined(separator: ", ")
              + (nearestName(to: word, among: known).map { "; did you mean \"\($0)\"?" } ?? ""))
        }
        name.append(word)
        continue
      }
      // An option may be given fewer numbers than it takes; the name begins where the numbers end.
      var values: [Double?] = []
      while values.count < option.most, let next = words.first {
        let value = MTLReader.number(next)
        if values.count >= option.least, value == nil { break }
        values.append(value)
        words.removeFirst()
      }
      guard values.count >= option.least else { throw unexpected("the line's end", "a value for \(word)") }
      guard word == "-o" || word == "-s" else {
        notes.add("the texture option \(word) is not used", file: file, line: line)
        continue
      }
      let numbers = values.compactMap { $0 }.filter(\.isFinite)
      guard numbers.count == values.count else { throw unexpected("\(word) without a number", "one to three numbers") }
      let missing = word == "-o" ? 0.0 : 1
      let pair = Vector2(numbers[0], numbers.count > 1 ? numbers[1] : missing)
      if word == "-o" { offset = pair } else { scale = pair }
    }
    guard !name.isEmpty else { throw unexpected("no file name", "the name of a texture") }
    let path = try resolve(name.joined(separator: " "), in: file, line: line)
    // With the file's v running up: V = v * s + o. Ours runs down: 1 - V = (1 - v) * s + (1 - s - o).
    return ImportedTexture(file: path, scale: scale, offset: Vector2(offset.x, 1 - scale.y - offset.y))
  }

  private static func number(_ word: String) -> Double? {
    Array(word.utf8).withUnsafeBufferPointer { parseNumber($0) }
  }

  private func unexpected(_ found: String, _ expected: String) -> ImportError {
    ImportError(file: file, line: cursor.line, found: found, expected: expected)
  }
}
