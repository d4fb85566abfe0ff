import Documents
import Geometry
import Stage

extension Material {
  var hasTextures: Bool {
    baseColorTexture != nil || metallicRoughnessTexture != nil || normalTexture != nil || occlusionTexture != nil
      || emissiveTexture != nil
  }
}

struct MaterialKey: Hashable {
  var material: Material
  var isMask: Bool
}

extension GLTFBuilder {
  /// The number of a material in the file; equal ones are one, by the name of the first that has it.
  ///
  /// - Parameter isMask: whether the base colour's texture has no colour of its own, but says where the surface is.
  mutating func material(_ original: Material, name: String, isMask: Bool = false) throws(GLTFExportError) -> Int {
    var m = original
    // Decals are meshes of their own.
    m.decals = []
    let key = MaterialKey(material: m, isMask: isMask)
    if let known = knownMaterials[key] { return known }
    let colour = isMask ? ImageKey.Kind.mask : .colour(hasAlpha: m.alphaMode != .opaque)
    var surface: [(String, Node)] = [
      ("baseColorFactor", .reals([m.baseColor.x, m.baseColor.y, m.baseColor.z, m.opacity].map { min(max($0, 0), 1) }))
    ]
    if let use = m.baseColorTexture {
      surface.append(("baseColorTexture", .object(try textureInfo(use, colour, name))))
    }
    surface.append(("metallicFactor", .real(m.metallic)))
    surface.append(("roughnessFactor", .real(m.roughness)))
    if let use = m.metallicRoughnessTexture {
      surface.append(("metallicRoughnessTexture", .object(try textureInfo(use, .data, name))))
    }
    var members: [(String, Node)] = [
      ("name", .text(materialNames.unique(name))), ("pbrMetallicRoughness", .object(surface)),
    ]
    if let use = m.normalTexture {
      members.append(("normalTexture", .object(try textureInfo(use, .data, name) + [("scale", .real(m.normalScale))])))
    }
    if let use = m.occlusionTexture {
      let info = try textureInfo(use, .data, name) + [("strength", .real(m.occlusionStrength))]
      members.append(("occlusionTexture", .object(info)))
    }
    if let use = m.emissiveTexture {
      members.append(("emissiveTexture", .object(try textureInfo(use, .colour(hasAlpha: false), name))))
    }
    // A factor may be up to 1; what shines brighter has a strength beside it.
    let emission = m.emission * lightScale
    let strength = max(emission.x, emission.y, emission.z)
    if strength > 0 { members.append(("emissiveFactor", .vector(strength > 1 ? emission / strength : emission))) }
    switch m.alphaMode {
    case .opaque: break
    case .mask(let cutoff): members += [("alphaMode", .text("MASK")), ("alphaCutoff", .real(cutoff))]
    case .blend: members.append(("alphaMode", .text("BLEND")))
    }
    if m.isDoubleSided { members.append(("doubleSided", Node(.boolean(true)))) }
    let own = materialExtensions(m, strength: strength)
    if !own.isEmpty { members.append(("extensions", .object(own))) }
    materials.append(.object(members))
    knownMaterials[key] = materials.count - 1
    return materials.count - 1
  }

  private mutating func materialExtensions(_ m: Material, strength: Double) -> [(String, Node)] {
    var list: [(String, Node)] = []
    func add(_ name: String, _ members: [(String, Node)]) { list.append((name, .object(members))) }
    if strength > 1 { add("KHR_materials_emissive_strength", [("emissiveStrength", .real(strength))]) }
    if m.clearcoat > 0 {
      add(
        "KHR_materials_clearcoat",
        [("clearcoatFactor", .real(m.clearcoat)), ("clearcoatRoughnessFactor", .real(m.clearcoatRoughness))])
    }
    if m.sheenColor != Vector3() {
      add(
        "KHR_materials_sheen",
        [("sheenColorFactor", .vector(m.sheenColor)), ("sheenRoughnessFactor", .real(m.sheenRoughness))])
    }
    if m.specular != 1 || m.specularColor != Vector3(1, 1, 1) {
      add(
        "KHR_materials_specular",
        [("specularFactor", .real(m.specular)), ("specularColorFactor", .vector(m.specularColor))])
    }
    if m.ior != 1.5 { add("KHR_materials_ior", [("ior", .real(m.ior))]) }
    if m.transmission > 0 { add("KHR_materials_transmission", [("transmissionFactor", .real(m.transmission))]) }
    for (name, _) in list { extensions.insert(name) }
    return list
  }

  /// How a material refers to a texture.
  private mutating func textureInfo(
    _ use: TextureUse, _ kind: ImageKey.Kind, _ name: String
  ) throws(GLTFExportError) -> [(String, Node)] {
    var info: [(String, Node)] = [("index", .whole(try texture(use, kind, name)))]
    var transform: [(String, Node)] = []
    if use.offset != Vector2(0, 0) { transform.append(("offset", .vector(use.offset))) }
    if use.rotation != 0 { transform.append(("rotation", .real(use.rotation))) }
    if use.scale != Vector2(1, 1) { transform.append(("scale", .vector(use.scale))) }
    if !transform.isEmpty {
      extensions.insert("KHR_texture_transform")
      info.append(("extensions", .object([("KHR_texture_transform", .object(transform))])))
    }
    return info
  }
}
