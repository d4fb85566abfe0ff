// The JSON of a glTF file to a `GLTFDocument` (glTF 2.0 specification, section 5).
//
// What is wrong in a way that leaves open what was meant is refused. What breaks a rule but has one meaning is used all
// the same, and noted: alignment, empty lists, undeclared extensions and the like.

import Geometry

struct GLTFReader {
  let root: GLTFValue
  let file: String
  var document = GLTFDocument()
  private(set) var notes: Notes

  /// The extensions that a file may require. Lights and metadata are not drawn, which takes nothing from the mesh.
  static let known: Set<String> = [
    "KHR_mesh_quantization", "KHR_texture_transform", "KHR_materials_emissive_strength", "KHR_materials_unlit",
    "KHR_materials_clearcoat", "KHR_materials_sheen", "KHR_materials_specular", "KHR_materials_ior",
    "KHR_materials_transmission", "KHR_materials_variants", "KHR_lights_punctual", "KHR_xmp_json_ld",
  ]

  init(_ root: GLTFValue, file: String, notes: Notes) throws(ImportError) {
    self.root = root
    self.file = file
    self.notes = notes
    try readAsset()
    try readExtensions()
    try readData()
    try readImages()
    document.materials = try collection("materials")
    for m in document.materials { _ = try m.members() }
    try readMeshes()
    try readSkins()
    try readNodes()
    try readScenes()
    try readAnimations()
    try checkCameras()
  }

  mutating func note(_ what: String, _ value: GLTFValue) {
    notes.add(what, file: file, line: value.line)
  }

  /// The elements of a list at the root.
  mutating func collection(_ key: String) throws(ImportError) -> [GLTFValue] {
    guard let value = try root.get(key) else { return [] }
    let items = try value.elements()
    if items.isEmpty { note("an empty list, which should be left out", value) }
    return items
  }

  private mutating func readAsset() throws(ImportError) {
    let version = try root.require("asset").require("version")
    let text = try version.text()
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, parts[0] == 2, parts[1] != nil else { throw version.error(expected: "version \"2.0\"") }
    guard let least = try root.require("asset").get("minVersion") else { return }
    let leastText = try least.text()
    guard leastText == "2.0" || leastText == text else { throw least.error(expected: "at most version \"\(text)\"") }
  }

  private mutating func readExtensions() throws(ImportError) {
    var used: Set<String> = []
    for item in try root.list("extensionsUsed") {
      let name = try item.text()
      if !used.insert(name).inserted { note("an extension that is listed twice", item) }
      if !GLTFReader.known.contains(name) { note("the extension \"\(name.prefix(60))\" is not used", item) }
    }
    for item in try root.list("extensionsRequired") {
      let name = try item.text()
      guard GLTFReader.known.contains(name) else {
        throw item.error(found: "the required extension \(name)", expected: "one that is known here")
      }
      if !used.contains(name) { note("an extension that is required and not listed as used", item) }
    }
    guard let extensions = try root.get("extensions") else { return }
    for (name, value) in try extensions.members() {
      _ = try value.members()
      if !used.contains(name) { note("an extension that is not listed as used", value) }
    }
  }

  // MARK: Data

  private mutating func readData() throws(ImportError) {
    for value in try collection("buffers") {
      let length = try value.require("byteLength").integer(in: 1...(1 << 53))
      document.buffers.append(.init(value: value, uri: try value.get("uri"), length: length))
    }
    for value in try collection("bufferViews") {
      let buffer = try value.require("buffer").index(of: "buffer", count: document.buffers.count)
      let offset = try value.integer("byteOffset", in: 0...(1 << 53), default: 0)
      let length = try value.require("byteLength").integer(in: 1...(1 << 53))
      guard offset + length <= document.buffers[buffer].length else {
        throw value.error(
          found: "bytes \(offset) to \(offset + length)",
          expected: "at most the \(document.buffers[buffer].length) of buffer \(buffer)")
      }
      let stride = try value.get("byteStride")?.integer(in: 4...252)
      if let stride, stride % 4 != 0 { note("a stride that is no multiple of 4", value) }
      if stride != nil, try value.get("target")?.number() != 34962 {
        note("a stride in a view that is not for vertices", value)
      }
      document.views.append(.init(buffer: buffer, range: offset..<offset + length, stride: stride))
    }
    for value in try collection("accessors") { document.accessors.append(try accessor(value)) }
  }

  private mutating func accessor(_ value: GLTFValue) throws(ImportError) -> GLTFDocument.Accessor {
    let shapes = [
      "SCALAR": (1, 1), "VEC2": (2, 1), "VEC3": (3, 1), "VEC4": (4, 1), "MAT2": (2, 2), "MAT3": (3, 3), "MAT4": (4, 4),
    ]
    let componentValue = try value.require("componentType")
    let typeValue = try value.require("type")
    let type = try typeValue.text()
    let count = try value.require("count").integer(in: 1...Int(Int32.max))
    let view = try value.index("bufferView", of: "buffer view", count: document.views.count)
    let offset = try value.integer("byteOffset", in: 0...(1 << 53), default: 0)
    // A type or component that is not known makes an accessor of no use; whether that matters is seen where it is used.
    let component = GLTFDocument.Accessor.Component(rawValue: try componentValue.integer(in: 0...Int(Int32.max)))
    let shape = shapes[type]
    if component == nil { note("a component type that is not known", componentValue) }
    if shape == nil { note("a type of accessor that is not known", typeValue) }
    var result = GLTFDocument.Accessor(
      value: value, view: view, offset: offset, component: component ?? .float,
      isNormalized: try value.boolean("normalized", default: false), count: count,
      type: component == nil || shape == nil ? "" : type, rows: shape?.0 ?? 1, columns: shape?.1 ?? 1, sparse: nil)
    if result.isNormalized, result.component == .float || result.component == .unsignedInt {
      note("normalized floats or 32-bit integers, which are taken as they are", value)
      result.isNormalized = false
    }
    for key in ["min", "max"] where !result.type.isEmpty { _ = try value.get(key)?.numbers(result.width) }
    if let sparse = try value.get("sparse") {
      result.sparse = try self.sparse(sparse, of: result)
    }
    guard !result.type.isEmpty else { return result }
    guard let view else {
      if try value.get("byteOffset") != nil { note("an offset without a buffer view", value) }
      return result
    }
    let stride = document.views[view].stride ?? result.elementBytes
    guard stride >= result.elementBytes else {
      throw value.error(
        found: "a stride of \(stride) bytes", expected: "at least the \(result.elementBytes) of an element")
    }
    let size = document.views[view].range.count
    guard offset <= size, (count - 1) * stride + result.lastBytes <= size - offset else {
      throw value.error(
        found: "\(count) elements of \(result.elementBytes) bytes from \(offset)",
        expected: "at most the \(size) bytes of buffer view \(view)")
    }
    if (offset + document.views[view].range.lowerBound) % result.component.size != 0
      || (document.views[view].stride ?? 0) % result.component.size != 0
    {
      note("data that is not aligned to its components", value)
    }
    if result.columns > 1, offset % 4 != 0 { note("matrices that are not aligned to 4 bytes", value) }
    return result
  }

  private mutating func sparse(
    _ value: GLTFValue, of accessor: GLTFDocument.Accessor
  ) throws(ImportError) -> GLTFDocument.Accessor.Sparse {
    let count = try value.require("count").integer(in: 1...accessor.count)
    let indices = try value.require("indices")
    let values = try value.require("values")
    let component = try indices.require("componentType")
    guard let kind = GLTFDocument.Accessor.Component(rawValue: try component.integer(in: 0...Int(Int32.max))),
      [.unsignedByte, .unsignedShort, .unsignedInt].contains(kind)
    else { throw component.error(expected: "5121, 5123 or 5125") }
    func place(_ part: GLTFValue, _ size: Int) throws(ImportError) -> (view: Int, offset: Int) {
      let view = try part.require("bufferView").index(of: "buffer view", count: document.views.count)
      let offset = try part.integer("byteOffset", in: 0...(1 << 53), default: 0)
      let bytes = document.views[view].range.count
      guard document.views[view].stride == nil else {
        throw part.error(found: "a buffer view with a stride", expected: "elements side by side")
      }
      guard offset <= bytes, count * size <= bytes - offset else {
        throw part.error(
          found: "\(count) elements of \(size) bytes from \(offset)",
          expected: "at most the \(bytes) bytes of buffer view \(view)")
      }
      return (view, offset)
    }
    let i = try place(indices, kind.size)
    return .init(
      count: count, indices: (i.view, i.offset, kind), values: try place(values, accessor.elementBytes))
  }

  // MARK: Images

  private mutating func readImages() throws(ImportError) {
    for value in try collection("samplers") {
      document.samplers.append(
        .init(
          wrapS: try value.integer("wrapS", in: 0...65535, default: 10497),
          wrapT: try value.integer("wrapT", in: 0...65535, default: 10497)))
    }
    for value in try collection("images") {
      let view = try value.index("bufferView", of: "buffer view", count: document.views.count)
      let uri = try value.get("uri")
      guard (view == nil) != (uri == nil) else {
        throw value.error(
          found: view == nil ? "an image of nothing" : "an image in two places", expected: "one of uri, bufferView")
      }
      if let view {
        if try value.get("mimeType") == nil { note("an image without its media type", value) }
        if document.views[view].stride != nil { note("an image in a buffer view with a stride", value) }
      }
      document.images.append(.init(value: value, uri: uri, view: view))
    }
    for value in try collection("textures") {
      document.textures.append(
        .init(
          image: try value.index("source", of: "image", count: document.images.count),
          sampler: try value.index("sampler", of: "sampler", count: document.samplers.count)))
    }
  }

  // MARK: Meshes

  private mutating func readMeshes() throws(ImportError) {
    for value in try collection("meshes") {
      let listed = try value.require("primitives")
      let items = try listed.elements()
      guard !items.isEmpty else { throw listed.error(expected: "at least one primitive") }
      var primitives: [GLTFDocument.Primitive] = []
      for item in items { primitives.append(try primitive(item)) }
      let targets = primitives[0].targets.count
      if primitives.contains(where: { $0.targets.count != targets }) {
        throw value.error(found: "primitives with unequal numbers of morph targets", expected: "the same number in all")
      }
      let weights = try self.weights(value) ?? Array(repeating: 0, count: targets)
      guard weights.count == targets else {
        throw value.error(found: "\(weights.count) weights", expected: "\(targets), one a morph target")
      }
      document.meshes.append(.init(name: try value.text("name"), primitives: primitives, weights: weights))
    }
  }

  func weights(_ value: GLTFValue) throws(ImportError) -> [Double]? {
    guard let list = try value.get("weights") else { return nil }
    var weights: [Double] = []
    for item in try list.elements() { weights.append(try item.number()) }
    return weights
  }

  private mutating func primitive(_ value: GLTFValue) throws(ImportError) -> GLTFDocument.Primitive {
    func accessors(_ value: GLTFValue) throws(ImportError) -> [String: Int] {
      var table: [String: Int] = [:]
      for (name, item) in try value.members() {
        table[name] = try item.index(of: "accessor", count: document.accessors.count)
      }
      return table
    }
    let attributes = try accessors(try value.require("attributes"))
    for name in attributes.keys.sorted() where !GLTFReader.isKnown(attribute: name) {
      note("the attribute \"\(name.prefix(40))\" is not used", value)
    }
    var targets: [[String: Int]] = []
    for item in try value.list("targets") { targets.append(try accessors(item)) }
    let count = attributes["POSITION"].map { document.accessors[$0].count }
    // Of what is drawn, each vertex has all attributes; others are looked at too, for a file that is wrong there is not
    // to be trusted elsewhere.
    for (name, index) in attributes.sorted(by: { $0.key < $1.key }) {
      if let count, document.accessors[index].count != count {
        throw value.error(
          found: "\(document.accessors[index].count) elements of \(name)", expected: "\(count), as many as positions")
      }
    }
    for (k, target) in targets.enumerated() {
      for (name, index) in target.sorted(by: { $0.key < $1.key }) {
        if attributes[name] == nil { note("a morph target for an attribute that is not there", value) }
        if let count, document.accessors[index].count != count {
          throw value.error(
            found: "\(document.accessors[index].count) elements of \(name) in morph target \(k)",
            expected: "\(count), as many as positions")
        }
      }
    }
    return .init(
      value: value, attributes: attributes,
      indices: try value.index("indices", of: "accessor", count: document.accessors.count),
      material: try value.index("material", of: "material", count: document.materials.count),
      mode: try value.integer("mode", in: 0...6, default: 4), targets: targets)
  }

  private static func isKnown(attribute name: String) -> Bool {
    if ["POSITION", "NORMAL", "TANGENT"].contains(name) { return true }
    guard let bar = name.lastIndex(of: "_"), let n = Int(name[name.index(after: bar)...]) else { return false }
    return ["TEXCOORD", "JOINTS", "WEIGHTS", "COLOR"].contains(name[..<bar])
      && name.hasSuffix("_\(n)") && (name.hasPrefix("COLOR") ? n == 0 : n >= 0)
  }

  /// Cameras are not used, but what is wrong with them is said.
  private mutating func checkCameras() throws(ImportError) {
    for value in try collection("cameras") {
      let type = try value.require("type").text()
      guard let lens = try value.get(type) else { continue }
      for (key, item) in try lens.members() where ["znear", "zfar", "yfov", "xmag", "ymag"].contains(key) {
        _ = try item.number()
      }
    }
  }
}
