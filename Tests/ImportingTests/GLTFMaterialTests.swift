import Geometry
import Stage
import Testing

@testable import Importing

/// The material of a triangle that has the given JSON.
private func shaded(_ material: String, attributes: String = "", more: String = "") throws(ImportError) -> ImportedModel
{
  var file = GLTFTestFile()
  file.add([0, 0, 0, 1, 0, 0, 0, 1, 0], "VEC3")
  file.add([0, 1, 1, 1, 0, 0], "VEC2")
  file.add([0, 0, 0, 1, 1, 1], "VEC2")
  file.members = [
    "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0\(attributes)},\"material\":0}]}]",
    "\"materials\":[\(material)]",
    "\"images\":[{\"uri\":\"a.png\"},{\"uri\":\"data:image/png;base64,iVBORw0KGgo=\"}]",
    "\"samplers\":[{\"wrapS\":33071,\"wrapT\":33648}]", "\"textures\":[{\"source\":0,\"sampler\":0},{\"source\":1},{}]",
  ]
  var m = try file.model()
  // The images are names only.
  m.notes.removeAll { $0.hasSuffix("an image file that is not there") }
  return m
}

private let uv = ",\"TEXCOORD_0\":1,\"TEXCOORD_1\":2"

@Suite struct GLTFMaterialTests {
  @Test func factorsAndTextures() throws {
    let m = try shaded(
      """
      {"name":"m","doubleSided":true,"alphaMode":"MASK","alphaCutoff":0.25,"emissiveFactor":[0.5,0,1],
       "normalTexture":{"index":0,"scale":2},"occlusionTexture":{"index":1,"strength":0.5},"emissiveTexture":{"index":1},
       "pbrMetallicRoughness":{"baseColorFactor":[0.1,0.2,0.3,0.4],"metallicFactor":0.5,"roughnessFactor":0.25,
       "baseColorTexture":{"index":0},"metallicRoughnessTexture":{"index":1}},
       "extensions":{"KHR_materials_emissive_strength":{"emissiveStrength":4},"KHR_materials_ior":{"ior":1.33},
       "KHR_materials_clearcoat":{"clearcoatFactor":0.5,"clearcoatRoughnessFactor":0.125},
       "KHR_materials_sheen":{"sheenColorFactor":[1,0,0],"sheenRoughnessFactor":0.5},
       "KHR_materials_specular":{"specularFactor":0.75,"specularColorFactor":[1,0.5,0]},
       "KHR_materials_transmission":{"transmissionFactor":0.625}}}
      """, attributes: uv
    )
    let material = try #require(m.materials.first)
    #expect(m.notes == [])
    #expect(material.baseColor == Vector3(0.1, 0.2, 0.3) && material.opacity == 0.4)
    #expect(material.metallic == 0.5 && material.roughness == 0.25)
    #expect(material.emission == Vector3(2, 0, 4))
    #expect(material.alphaMode == .mask(cutoff: 0.25) && material.isDoubleSided)
    #expect(material.normalScale == 2 && material.occlusionStrength == 0.5)
    #expect(material.baseColorTexture?.file == "a.png")
    #expect(material.baseColorTexture?.wrapU == .clamp && material.baseColorTexture?.wrapV == .mirror)
    #expect(material.metallicRoughnessTexture?.file == "m.gltf#images/1")
    #expect(material.metallicRoughnessTexture?.embedded?.bytes == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(material.ior == 1.33 && material.clearcoat == 0.5 && material.clearcoatRoughness == 0.125)
    #expect(material.sheenColor == Vector3(1, 0, 0) && material.sheenRoughness == 0.5)
    #expect(material.specular == 0.75 && material.specularColor == Vector3(1, 0.5, 0))
    #expect(material.transmission == 0.625)
  }

  @Test func theDefaultIsWhiteMetalOfOneSide() throws {
    let m = try #require(try shaded("{}").materials.first)
    #expect(m.name == "material_0" && m.baseColor == Vector3(1, 1, 1) && m.metallic == 1 && m.roughness == 1)
    #expect(m.alphaMode == .opaque && !m.isDoubleSided && m.emission == Vector3())
  }

  @Test func texturesAreTransformed() throws {
    let m = try shaded(
      """
      {"pbrMetallicRoughness":{"baseColorTexture":{"index":0,"extensions":{"KHR_texture_transform":
      {"offset":[0.5,0.25],"rotation":1.5,"scale":[2,3],"texCoord":1}}}}}
      """, attributes: uv)
    let t = try #require(m.materials.first?.baseColorTexture)
    #expect(t.offset == Vector2(0.5, 0.25) && t.rotation == 1.5 && t.scale == Vector2(2, 3))
    // The second set of coordinates is the one that is used.
    #expect(m.mesh.vertices.map(\.uv) == [Vector2f(0, 0), Vector2f(0, 1), Vector2f(1, 1)])
  }

  @Test func aSecondSetBesideTheFirstIsNoted() throws {
    let m = try shaded(
      """
      {"occlusionTexture":{"index":0,"texCoord":1},"pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}
      """, attributes: uv)
    #expect(m.materials.first?.occlusionTexture == nil && m.materials.first?.baseColorTexture != nil)
    #expect(m.notes.first?.hasSuffix("textures that use a second set of texture coordinates are not drawn") == true)
  }

  @Test func unlitIsLightOfItsOwn() throws {
    let m = try shaded(
      """
      {"pbrMetallicRoughness":{"baseColorFactor":[0.5,0.25,1,1],"baseColorTexture":{"index":0}},
      "extensions":{"KHR_materials_unlit":{}}}
      """, attributes: uv)
    let material = try #require(m.materials.first)
    #expect(material.emission == Vector3(0.5, 0.25, 1) && material.emissiveTexture?.file == "a.png")
    #expect(material.baseColor == Vector3() && material.specular == 0)
  }

  @Test func normalMapsBringTangents() throws {
    let m = try shaded("{\"normalTexture\":{\"index\":0}}", attributes: uv)
    #expect(m.mesh.tangents == Array(repeating: SIMD4(1, 0, 0, 1), count: 3))
    #expect(try shaded("{}", attributes: uv).mesh.tangents.isEmpty)
  }

  @Test func whatIsNotThereIsNoted() throws {
    let m = try shaded(
      "{\"emissiveTexture\":{\"index\":2},\"extensions\":{\"KHR_materials_iridescence\":{}}}", attributes: uv)
    #expect(m.notes.count == 2)
    #expect(m.notes.contains { $0.hasSuffix("the extension KHR_materials_iridescence is not drawn") })
  }

  @Test func factorsOutOfRangeAreRefused() {
    #expect(throws: ImportError.self) { try shaded("{\"pbrMetallicRoughness\":{\"metallicFactor\":1.5}}") }
    #expect(throws: ImportError.self) { try shaded("{\"emissiveFactor\":[0,-1,0]}") }
    #expect(throws: ImportError.self) { try shaded("{\"normalTexture\":{\"index\":9}}") }
  }
}
