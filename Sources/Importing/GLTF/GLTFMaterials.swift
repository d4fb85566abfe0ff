// Materials of a glTF file in the terms of `Material` (glTF 2.0, section 3.9, and the KHR_materials extensions).

import Geometry
import Stage

struct GLTFMaterials {
  private let document: GLTFDocument
  private let data: GLTFData
  private let file: String
  private var notes: Notes
  /// The set of texture coordinates that the textures of the material in work use.
  private var coordinateSets: [Int] = []

  /// A material and the set of texture coordinates that it takes, TEXCOORD_n.
  struct Entry {
    var material: ImportedMaterial
    var coordinates: Int
  }

  /// The materials by their index in the file, of those in `used`; nil for primitives without a material.
  static func read(
    _ used: [Int?], _ document: GLTFDocument, _ data: GLTFData, file: String, notes: inout Notes
  ) throws(ImportError) -> [Entry] {
    var reader = GLTFMaterials(document: document, data: data, file: file, notes: notes)
    var entries: [Entry] = []
    for index in used {
      guard let index else {
        entries.append(
          Entry(
            material: .init(name: "default", baseColor: Vector3(1, 1, 1), metallic: 1, roughness: 1), coordinates: 0))
        entries[entries.count - 1].material.isDoubleSided = false
        continue
      }
      entries.append(try reader.material(document.materials[index], index))
    }
    notes = reader.notes
    return entries
  }

  private init(document: GLTFDocument, data: GLTFData, file: String, notes: Notes) {
    self.document = document
    self.data = data
    self.file = file
    self.notes = notes
  }

  private mutating func note(_ what: String, _ value: GLTFValue) {
    notes.add(what, file: file, line: value.line)
  }

  private mutating func material(_ value: GLTFValue, _ index: Int) throws(ImportError) -> Entry {
    coordinateSets = []
    var m = ImportedMaterial(
      name: try value.text("name") ?? "material_\(index)", baseColor: Vector3(1, 1, 1), metallic: 1, roughness: 1)
    m.isDoubleSided = try value.boolean("doubleSided", default: false)
    if let pbr = try value.get("pbrMetallicRoughness") {
      if let factor = try pbr.get("baseColorFactor") {
        let v = try unit(factor, 4)
        m.baseColor = Vector3(v[0], v[1], v[2])
        m.opacity = v[3]
      }
      m.baseColorTexture = try texture(pbr.get("baseColorTexture"))
      m.metallic = try pbr.number("metallicFactor", in: 0...1, default: 1)
      m.roughness = try pbr.number("roughnessFactor", in: 0...1, default: 1)
      m.metallicRoughnessTexture = try texture(pbr.get("metallicRoughnessTexture"))
    }
    if let normal = try value.get("normalTexture") {
      m.normalTexture = try texture(normal)
      m.normalScale = try normal.get("scale")?.number() ?? 1
    }
    if let occlusion = try value.get("occlusionTexture") {
      m.occlusionTexture = try texture(occlusion)
      m.occlusionStrength = try occlusion.number("strength", in: 0...1, default: 1)
    }
    m.emissiveTexture = try texture(value.get("emissiveTexture"))
    if let factor = try value.get("emissiveFactor") {
      let v = try unit(factor, 3)
      m.emission = Vector3(v[0], v[1], v[2])
    }
    let mode = try value.text("alphaMode") ?? "OPAQUE"
    let cutoff = try value.number("alphaCutoff", in: 0...(.infinity), default: 0.5)
    switch mode {
    case "OPAQUE": m.alphaMode = .opaque
    case "MASK": m.alphaMode = .mask(cutoff: min(cutoff, 2))
    case "BLEND": m.alphaMode = .blend
    default: note("an alpha mode that is not known; the material is opaque", value)
    }
    let coordinates = settleCoordinates(&m, value)
    try readExtensions(value, &m)
    return Entry(material: m, coordinates: coordinates)
  }

  private mutating func readExtensions(_ value: GLTFValue, _ m: inout ImportedMaterial) throws(ImportError) {
    guard let extensions = try value.get("extensions") else { return }
    for (name, e) in try extensions.members() {
      switch name {
      case "KHR_materials_emissive_strength":
        m.emission *= try e.number("emissiveStrength", in: 0...(.infinity), default: 1)
      case "KHR_materials_clearcoat":
        m.clearcoat = try e.number("clearcoatFactor", in: 0...1, default: 0)
        m.clearcoatRoughness = try e.number("clearcoatRoughnessFactor", in: 0...1, default: 0)
        try noteTextures(e, ["clearcoatTexture", "clearcoatRoughnessTexture", "clearcoatNormalTexture"])
      case "KHR_materials_sheen":
        if let color = try e.get("sheenColorFactor") {
          let v = try unit(color, 3)
          m.sheenColor = Vector3(v[0], v[1], v[2])
        }
        m.sheenRoughness = try e.number("sheenRoughnessFactor", in: 0...1, default: 0)
        try noteTextures(e, ["sheenColorTexture", "sheenRoughnessTexture"])
      case "KHR_materials_specular":
        m.specular = try e.number("specularFactor", in: 0...1, default: 1)
        if let color = try e.get("specularColorFactor") {
          let v = try color.numbers(3)
          m.specularColor = Vector3(max(v[0], 0), max(v[1], 0), max(v[2], 0))
        }
        try noteTextures(e, ["specularTexture", "specularColorTexture"])
      case "KHR_materials_ior":
        let ior = try e.number("ior", in: 0...(.infinity), default: 1.5)
        m.ior = ior == 0 ? 0 : max(ior, 1)
      case "KHR_materials_transmission":
        m.transmission = try e.number("transmissionFactor", in: 0...1, default: 0)
        try noteTextures(e, ["transmissionTexture"])
      case "KHR_materials_unlit": break
      default: note("the extension \(name.prefix(60)) is not drawn", e)
      }
    }
    // Last, for it stands in place of all the rest: light of the base colour, and nothing reflected.
    if try value.ext("KHR_materials_unlit") != nil {
      m.emission = m.baseColor
      m.emissiveTexture = m.baseColorTexture
      m.baseColor = Vector3()
      if m.alphaMode == .opaque { m.baseColorTexture = nil }
      (m.metallic, m.roughness, m.specular, m.clearcoat, m.transmission) = (0, 1, 0, 0, 0)
      m.sheenColor = Vector3()
      (m.metallicRoughnessTexture, m.normalTexture, m.occlusionTexture) = (nil, nil, nil)
    }
  }

  private mutating func noteTextures(_ value: GLTFValue, _ keys: [String]) throws(ImportError) {
    for key in keys {
      guard let t = try value.get(key) else { continue }
      _ = try t.require("index").index(of: "texture", count: document.textures.count)
      note("\(key) is not drawn", t)
    }
  }

  private mutating func unit(_ value: GLTFValue, _ count: Int) throws(ImportError) -> [Double] {
    let v = try value.numbers(count)
    guard v.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw value.error(found: "\(v)", expected: "numbers from 0 to 1")
    }
    return v
  }

  // MARK: Textures

  /// The texture of a textureInfo; nil where it has no image that can be read, which is noted.
  private mutating func texture(_ info: GLTFValue?) throws(ImportError) -> ImportedTexture? {
    guard let info else { return nil }
    let texture = document.textures[try info.require("index").index(of: "texture", count: document.textures.count)]
    var coordinates = try info.integer("texCoord", in: 0...1000, default: 0)
    var (scale, offset, rotation) = (Vector2(1, 1), Vector2(0, 0), 0.0)
    if let transform = try info.ext("KHR_texture_transform") {
      if let v = try transform.get("offset")?.numbers(2) { offset = Vector2(v[0], v[1]) }
      if let v = try transform.get("scale")?.numbers(2) { scale = Vector2(v[0], v[1]) }
      rotation = try transform.get("rotation")?.number() ?? 0
      coordinates = try transform.integer("texCoord", in: 0...1000, default: coordinates)
    }
    guard let index = texture.image else {
      note("a texture without an image of a kind that is read", info)
      return nil
    }
    guard var result = try image(document.images[index], index) else { return nil }
    (result.scale, result.offset, result.rotation) = (scale, offset, rotation)
    if let sampler = texture.sampler.map({ document.samplers[$0] }) {
      result.wrapU = try wrap(sampler.wrapS, info)
      result.wrapV = try wrap(sampler.wrapT, info)
    }
    coordinateSets.append(coordinates)
    return result
  }

  private func wrap(_ code: Int, _ value: GLTFValue) throws(ImportError) -> TextureUse.Wrap {
    switch code {
    case 10497: return .repeat
    case 33071: return .clamp
    case 33648: return .mirror
    default: throw value.error(found: "the wrapping mode \(code)", expected: "33071, 33648 or 10497")
    }
  }

  private mutating func image(_ image: GLTFDocument.Image, _ index: Int) throws(ImportError) -> ImportedTexture? {
    let place = "\(file)#images/\(index)"
    if let view = image.view {
      return ImportedTexture(
        file: place, embedded: EmbeddedImage(Array(try data.bytes(of: view, document, at: image.value))))
    }
    guard let uri = image.uri else { return nil }
    switch try GLTFURI(uri) {
    case .data(let bytes, _): return ImportedTexture(file: place, embedded: EmbeddedImage(bytes))
    case .path(let name):
      return ImportedTexture(file: try resolve(name, in: file, line: uri.line))
    case .remote:
      note("an image on another machine, which is not fetched", uri)
      return nil
    }
  }

  /// One set of texture coordinates serves a surface here: that of the base colour, else of the first texture. Textures
  /// that want another are left out.
  private mutating func settleCoordinates(_ m: inout ImportedMaterial, _ value: GLTFValue) -> Int {
    guard let chosen = coordinateSets.first else { return 0 }
    guard coordinateSets.contains(where: { $0 != chosen }) else { return chosen }
    // In the order in which they were read.
    var sets = coordinateSets[...]
    func keep(_ texture: inout ImportedTexture?) {
      guard texture != nil, let set = sets.popFirst() else { return }
      if set != chosen { texture = nil }
    }
    keep(&m.baseColorTexture)
    keep(&m.metallicRoughnessTexture)
    keep(&m.normalTexture)
    keep(&m.occlusionTexture)
    keep(&m.emissiveTexture)
    note("textures that use a second set of texture coordinates are not drawn", value)
    return chosen
  }
}
