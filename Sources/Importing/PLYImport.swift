// PLY files, as text and in both binary forms.
//
// - Vertices: x y z; nx ny nz; texture coordinates s t, u v or texture_u texture_v, v upwards; red green blue alpha as
//   whole numbers to their type's maximum or as floats to 1. Colours are what a screen showed: sRGB, decoded here.
// - Faces: vertex_indices or vertex_index, polygons of any size; texcoord with two numbers a corner.
// - Triangle strips: element tristrips, in which -1 begins a new strip.
// - A comment "TextureFile NAME", as MeshLab writes it, is the texture of the base colour, where there is such a file.
// - PLY knows no unit and no up axis: nothing is turned or scaled. Other elements and properties are passed over.

import Geometry
import Imaging
import Stage

func importPLY(_ bytes: [UInt8], file: String) throws(ImportError) -> ImportedModel {
  var notes = Notes()
  let header = try PLYHeader(bytes, file: file, notes: &notes)
  return try bytes.withUnsafeBufferPointer { (buffer) throws(ImportError) -> ImportedModel in
    switch header.encoding {
    case .ascii:
      guard var text = TextCursor(UnsafeBufferPointer(rebasing: buffer[header.end...])) else {
        throw ImportError(file: file, found: "no data", expected: "vertices and faces")
      }
      text.startLine(header.lines + 1)
      var reader = PLYReader(PLYText(cursor: text, file: file), header, file, notes, left: buffer.count - header.end)
      return try reader.model()
    case .littleEndian, .bigEndian:
      let source = PLYBinary(
        bytes: UnsafeRawBufferPointer(buffer), position: header.end, isBig: header.encoding == .bigEndian, file: file)
      var reader = PLYReader(source, header, file, notes, left: buffer.count - header.end)
      return try reader.model()
    }
  }
}

private struct PLYReader<Source: PLYSource> {
  private var source: Source
  private let header: PLYHeader
  private let file: String
  private var notes: Notes
  /// Bytes of data.
  private let left: Int

  private var positions: [Vector3f] = []
  private var normals: [Vector3f] = []
  private var uvs: [Vector2f] = []
  private var colors: [SIMD4<Float>] = []
  /// Corners of triangles, and where faces bring texture coordinates of their own, those.
  private var triangles: [UInt32] = []
  private var cornerUVs: [Vector2f] = []
  private var hasFaces = false

  init(_ source: Source, _ header: PLYHeader, _ file: String, _ notes: Notes, left: Int) {
    self.source = source
    self.header = header
    self.file = file
    self.notes = notes
    self.left = left
  }

  mutating func model() throws(ImportError) -> ImportedModel {
    var left = left
    for element in header.elements {
      guard !element.properties.isEmpty else { continue }
      let least = element.leastBytes(header.encoding)
      // The last value of a text needs nothing behind it.
      guard element.count * least <= left + 1 else {
        throw ImportError(
          file: file, line: element.line,
          found: "\(element.count) of \"\(element.name.prefix(40))\" in \(max(left, 0)) bytes",
          expected: "at least \(least) bytes for each")
      }
      left -= element.count * least
      switch element.name {
      case "vertex": try readVertices(element)
      case "face": try readFaces(element)
      case "tristrips": try readStrips(element)
      default:
        notes.add("the element \"\(element.name.prefix(40))\" is not used", file: file, line: element.line)
        for _ in 0..<element.count {
          for p in element.properties { try skip(p) }
          endElement(element)
        }
      }
    }
    guard !positions.isEmpty else { throw ImportError(file: file, found: "no vertex", expected: "vertices and faces") }
    guard hasFaces, !triangles.isEmpty else {
      throw ImportError(file: file, found: "points without a face", expected: "a PLY file with at least one face")
    }
    let count = UInt32(positions.count)
    for t in triangles {
      guard t < count else {
        throw ImportError(file: file, found: "vertex \(t) in a face", expected: "one of \(count)")
      }
      guard positions[Int(t)].isFinite else {
        throw ImportError(file: file, found: "vertex \(t), which is not finite", expected: "finite coordinates")
      }
    }
    if !cornerUVs.isEmpty { splitByCornerUVs() }
    var surface = MeshBuilder.Surface(positions: positions, triangles: triangles, slot: 0)
    (positions, triangles) = ([], [])
    if !normals.isEmpty, normals.allSatisfy({ $0.isFinite && $0.length > 0 }) {
      surface.normals = normals.map { $0.normalized ?? Vector3f(0, 0, 1) }
    } else if !normals.isEmpty {
      notes.add("normals without a direction: all normals are made anew", file: file)
    }
    surface.uvs = uvs
    surface.colors = colors
    var texture: ImportedTexture?
    if let name = header.textureFile, !surface.uvs.isEmpty {
      let path = try resolve(name, in: file, line: nil)
      if isRegularFile(path) {
        texture = ImportedTexture(file: path)
      } else {
        notes.add("there is no texture file \"\(name.prefix(60))\"", file: file)
      }
    }
    return try finish(
      surface, texture: texture, file: file, notes: notes, expected: "a PLY file with at least one face")
  }

  @inline(__always) private mutating func endElement(_ element: PLYHeader.Element) {
    if source.endElement() {
      notes.add("values beyond those of the header are not read", file: file, line: element.line)
    }
  }

  private mutating func skip(_ p: PLYHeader.Property) throws(ImportError) {
    guard let type = p.count else {
      _ = try source.next(p.type)
      return
    }
    for _ in 0..<(try count(type)) { _ = try source.next(p.type) }
  }

  /// The number of a list's elements. Each is read on its own, so a wrong number ends with the file.
  private mutating func count(_ type: PLYHeader.Scalar) throws(ImportError) -> Int {
    let n = try source.next(type)
    guard n >= 0, n <= 0x1p31, n == n.rounded() else {
      throw ImportError(file: file, found: "a list of \(n) elements", expected: "a whole number of 0 or more")
    }
    return Int(n)
  }

  // MARK: Vertices

  private mutating func readVertices(_ element: PLYHeader.Element) throws(ImportError) {
    guard positions.isEmpty else {
      throw ImportError(file: file, line: element.line, found: "a second element vertex", expected: "one")
    }
    func place(_ names: [[String]]) -> [Int]? {
      names.lazy.map { set in
        set.compactMap { n in element.properties.firstIndex { $0.name == n && $0.count == nil } }
      }.first { !$0.isEmpty && $0.count == names[0].count }
    }
    guard let xyz = place([["x", "y", "z"]]) else {
      throw ImportError(file: file, line: element.line, found: "vertices without x, y and z", expected: "all three")
    }
    let normal = place([["nx", "ny", "nz"]])
    let uv = place([["s", "t"], ["u", "v"], ["texture_u", "texture_v"]])
    let color = place([["red", "green", "blue"], ["r", "g", "b"], ["diffuse_red", "diffuse_green", "diffuse_blue"]])
    let alpha = element.properties.firstIndex { ["alpha", "a", "diffuse_alpha"].contains($0.name) && $0.count == nil }
    let used = Set(xyz + (normal ?? []) + (uv ?? []) + (color ?? []) + (alpha.map { [$0] } ?? []))
    for (i, p) in element.properties.enumerated() where !used.contains(i) {
      notes.add("the property \"\(p.name.prefix(40))\" is not used", file: file, line: element.line)
    }
    positions.reserveCapacity(element.count)
    var row = [Double](repeating: 0, count: element.properties.count)
    for _ in 0..<element.count {
      for (i, p) in element.properties.enumerated() {
        if p.count != nil { try skip(p) } else { row[i] = try source.next(p.type) }
      }
      positions.append(Vector3f(Float(row[xyz[0]]), Float(row[xyz[1]]), Float(row[xyz[2]])))
      if let n = normal { normals.append(Vector3f(Float(row[n[0]]), Float(row[n[1]]), Float(row[n[2]]))) }
      if let t = uv { uvs.append(Vector2f(Float(row[t[0]]), Float(1 - row[t[1]]))) }
      if let c = color {
        func channel(_ i: Int) -> Double {
          let x = row[i] / PLYReader.white(element.properties[i].type)
          return x > 0 ? min(x, 1) : 0
        }
        func linear(_ i: Int) -> Float { Float(SRGB.linear(channel(i))) }
        colors.append(SIMD4(linear(c[0]), linear(c[1]), linear(c[2]), alpha.map { Float(channel($0)) } ?? 1))
      }
      endElement(element)
    }
    if uvs.contains(where: { !$0.x.isFinite || !$0.y.isFinite }) {
      notes.add("texture coordinates that are not finite: none are used", file: file)
      uvs = []
    }
  }

  private static func white(_ type: PLYHeader.Scalar) -> Double {
    switch type {
    case .int8: 127
    case .uint8: 255
    case .int16: 32767
    case .uint16: 65535
    case .int32: 2_147_483_647
    case .uint32: 4_294_967_295
    case .float, .double: 1
    }
  }

  // MARK: Faces

  private mutating func index(_ x: Double) throws(ImportError) -> UInt32 {
    guard x >= 0, x < 0x1p31, x == x.rounded() else {
      throw ImportError(file: file, found: "vertex \(x) in a face", expected: "a whole number of 0 or more")
    }
    return UInt32(x)
  }

  private mutating func readFaces(_ element: PLYHeader.Element) throws(ImportError) {
    hasFaces = hasFaces || element.count > 0
    let list = element.properties.firstIndex {
      ($0.name == "vertex_indices" || $0.name == "vertex_index") && $0.count != nil
    }
    guard let list else {
      throw ImportError(
        file: file, line: element.line, found: "faces without vertex_indices", expected: "a list of that name")
    }
    let wedge = element.properties.firstIndex { $0.name == "texcoord" && $0.count != nil }
    for (i, p) in element.properties.enumerated() where i != list && i != wedge {
      notes.add("the property \"\(p.name.prefix(40))\" of faces is not used", file: file, line: element.line)
    }
    triangles.reserveCapacity(3 * element.count)
    var corners: [UInt32] = []
    var coordinates: [Vector2f] = []
    for _ in 0..<element.count {
      corners.removeAll(keepingCapacity: true)
      coordinates.removeAll(keepingCapacity: true)
      for (i, p) in element.properties.enumerated() {
        guard let type = p.count, i == list || i == wedge else {
          try skip(p)
          continue
        }
        let n = try count(type)
        if i == list {
          for _ in 0..<n { corners.append(try index(try source.next(p.type))) }
        } else {
          for _ in 0..<n / 2 {
            let u = try source.next(p.type)
            let v = try source.next(p.type)
            coordinates.append(u.isFinite && v.isFinite ? Vector2f(Float(u), Float(1 - v)) : Vector2f(0, 0))
          }
          if n % 2 != 0 { _ = try source.next(p.type) }
        }
      }
      if wedge != nil, coordinates.count != corners.count {
        coordinates = Array(repeating: Vector2f(0, 0), count: corners.count)
      }
      endElement(element)
      add(corners, wedge == nil ? [] : coordinates, line: element.line)
    }
  }

  private mutating func add(_ corners: [UInt32], _ coordinates: [Vector2f], line: Int) {
    func put(_ k: Int) {
      triangles.append(corners[k])
      if !coordinates.isEmpty { cornerUVs.append(coordinates[k]) }
    }
    guard corners.count > 3 else {
      if corners.count == 3 {
        for k in 0..<3 { put(k) }
      } else {
        notes.add("faces of fewer than 3 corners are not drawn", file: file, line: line)
      }
      return
    }
    guard corners.allSatisfy({ $0 < UInt32(positions.count) && positions[Int($0)].isFinite }) else {
      // The vertices may come behind the faces, or not be there: a fan, whose indices are looked at later.
      for k in 1..<corners.count - 1 { for c in [0, k, k + 1] { put(c) } }
      return
    }
    let polygon = Triangulation(corners.map { Vector3(positions[Int($0)]) })
    if !polygon.isExact {
      notes.add("a polygon that crosses itself or is too intricate is drawn as a fan", file: file, line: line)
    }
    for (a, b, c) in polygon.triangles { for k in [a, b, c] { put(k) } }
  }

  private mutating func readStrips(_ element: PLYHeader.Element) throws(ImportError) {
    hasFaces = hasFaces || element.count > 0
    for _ in 0..<element.count {
      for p in element.properties {
        guard let type = p.count, p.name == "vertex_indices" || p.name == "vertex_index" else {
          try skip(p)
          continue
        }
        var strip: [UInt32] = []
        for _ in 0..<(try count(type)) {
          let x = try source.next(p.type)
          guard x != -1 else {
            strip.removeAll(keepingCapacity: true)
            continue
          }
          strip.append(try index(x))
          let n = strip.count
          guard n >= 3 else { continue }
          // Every other triangle runs the other way.
          triangles.append(strip[n - 3])
          triangles.append(strip[n % 2 == 1 ? n - 2 : n - 1])
          triangles.append(strip[n % 2 == 1 ? n - 1 : n - 2])
          if !cornerUVs.isEmpty { cornerUVs.append(contentsOf: repeatElement(Vector2f(0, 0), count: 3)) }
        }
      }
      endElement(element)
    }
  }

  /// One vertex for the corners of a vertex that agree in their texture coordinates.
  private mutating func splitByCornerUVs() {
    while cornerUVs.count < triangles.count { cornerUVs.append(Vector2f(0, 0)) }
    var newest = [Int32](repeating: -1, count: positions.count)
    var older: [Int32] = []
    var source: [Int] = []
    var newUVs: [Vector2f] = []
    for c in triangles.indices {
      let p = Int(triangles[c])
      var v = newest[p]
      while v >= 0, newUVs[Int(v)] != cornerUVs[c] { v = older[Int(v)] }
      if v < 0 {
        v = Int32(source.count)
        older.append(newest[p])
        newest[p] = v
        source.append(p)
        newUVs.append(cornerUVs[c])
      }
      triangles[c] = UInt32(v)
    }
    positions = source.map { positions[$0] }
    if !normals.isEmpty { normals = source.map { normals[$0] } }
    if !colors.isEmpty { colors = source.map { colors[$0] } }
    uvs = newUVs
  }
}

/// The model of a file of one surface and no material.
func finish(
  _ surface: MeshBuilder.Surface, texture: ImportedTexture? = nil, file: String, notes: Notes, expected: String
) throws(ImportError) -> ImportedModel {
  var builder = MeshBuilder(file: file, notes: notes)
  try builder.add(surface)
  let hasArea = builder.hasArea
  let notes = builder.notes.lines
  guard hasArea, let mesh = builder.mesh(slotNames: ["default"], needsTangents: false) else {
    throw ImportError(file: file, found: "no face that covers an area", expected: expected)
  }
  var material = ImportedMaterial(name: "default", baseColorTexture: texture)
  if !mesh.colors.isEmpty || texture != nil { material.baseColor = Vector3(1, 1, 1) }
  return ImportedModel(mesh: mesh, materials: [material], notes: notes)
}
