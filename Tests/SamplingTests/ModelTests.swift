import Documents
import Foundation
import Geometry
import Importing
import Stage
import Testing

@testable import Sampling

/// Remembers what it was asked for.
private final class AskedAssets: AssetSource {
  private let inner = TestAssets()
  private let library = AssetLibrary()

  func mesh(of shape: any Shape) -> Mesh { inner.mesh(of: shape) }
  func texture(of pattern: any Pattern, resolution: Int) -> Texture {
    inner.texture(of: pattern, resolution: resolution)
  }
  func texture(path: String, isColour: Bool) throws(AssetError) -> Texture {
    try inner.texture(path: path + (isColour ? " colour" : " data"), isColour: isColour)
  }
  func surface(of layers: [any SurfaceLayer], resolution: Int) -> SurfaceMaps {
    inner.surface(of: layers, resolution: resolution)
  }
  func environment(of sky: any Sky) -> Environment { inner.environment(of: sky) }
  func environment(path: String, cuttingSun: Bool) throws(AssetError) -> Environment {
    try inner.environment(path: path, cuttingSun: cuttingSun)
  }
  func model(path: String, pose: ModelPose) throws(AssetError) -> SceneModel {
    do throws(ImportError) {
      let m = try library.model(file: path, pose: pose)
      return SceneModel(mesh: m.mesh, materials: m.materials.map { Material(roughness: $0.roughness) })
    } catch { throw AssetError(message: "\(error)") }
  }
}

@Suite struct ModelTests {
  /// A folder with the image files that scenes here name; a scene's digest reads them, whatever they hold.
  private static let images: String = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sampling-images").path
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["n", "mr", "o", "e"] { try? Data([0]).write(to: URL(fileURLWithPath: "\(folder)/\(name).png")) }
    return folder
  }()

  private func scene(_ object: String, path: String = ModelTests.images + "/scene.yaml") throws -> CompiledScene {
    try CompiledScene(
      text: """
        camera: {eye: [0, -5, 0]}
        objects:
          - {id: a, category: c, \(object)}
        """, path: path)
  }

  private func material(_ text: String) throws -> Material {
    try #require(
      try scene("shape: sphere, material: {\(text)}").frame(0, assets: AskedAssets()).instances.first?.materials.first)
  }

  @Test func everyFieldOfAMaterialIsSaid() throws {
    let m = try material(
      """
      opacity: 0.5, alpha_mode: mask, alpha_cutoff: 0.25, double_sided: false, normal_scale: 2,
      clearcoat: 0.1, clearcoat_roughness: 0.2, sheen_color: [0.1, 0.2, 0.3], sheen_roughness: 0.4, specular: 0.6,
      specular_color: [1, 2, 3], ior: 1.33, transmission: 0.7, occlusion_strength: 0.8, projection: triplanar,
      triplanar_scale: 3, normal_texture: {file: n.png, rotation: 90, wrap: mirror},
      metallic_roughness_texture: {file: mr.png}, occlusion_texture: {file: o.png}, emission_texture: {file: e.png}
      """)
    #expect(m.opacity == 0.5 && m.alphaMode == .mask(cutoff: 0.25) && !m.isDoubleSided && m.normalScale == 2)
    #expect(m.clearcoat == 0.1 && m.clearcoatRoughness == 0.2 && m.sheenColor == Vector3(0.1, 0.2, 0.3))
    #expect(m.sheenRoughness == 0.4 && m.specular == 0.6 && m.specularColor == Vector3(1, 2, 3))
    #expect(m.ior == 1.33 && m.transmission == 0.7 && m.occlusionStrength == 0.8)
    #expect(m.projection == .triplanar(scale: 3))
    #expect(m.normalTexture?.rotation == 90.degreesInRadians && m.normalTexture?.wrapU == .mirror)
    // Colours are decoded from sRGB, data are not; under their textures the factors are 1.
    #expect(m.normalTexture?.encoding == .linear && m.emissiveTexture?.encoding == .sRGB)
    #expect(m.metallicRoughnessTexture?.encoding == .linear && m.occlusionTexture?.encoding == .linear)
    #expect(m.metallic == 1 && m.roughness == 1 && m.emission == Vector3(1, 1, 1))
  }

  @Test func theDefaultsAreAsTheyWere() throws {
    let m = try material("color: 0.5")
    #expect(m.alphaMode == .opaque && m.opacity == 1 && m.isDoubleSided && m.ior == 1.5 && m.projection == .uv)
    #expect(m.normalTexture == nil && m.metallic == 0 && m.roughness == 0.5 && m.emission == Vector3())
    // Glass needs no more than to say so.
    #expect(try material("opacity: 0.5").alphaMode == .blend)
    #expect(try material("opacity: 0.5, alpha_mode: opaque").alphaMode == .opaque)
  }

  @Test func normalMapsBringTangents() throws {
    let scene = try scene("shape: sphere, material: {normal_texture: {file: n.png}}")
    let assets = AskedAssets()
    let mesh = try #require(try scene.frame(0, assets: assets).instances.first?.mesh)
    #expect(mesh.tangents.count == mesh.vertices.count)
    #expect(try scene.frame(0, assets: assets).instances.first?.mesh === mesh)
    let plain = try self.scene("shape: sphere, material: {color: 0.5}").frame(0, assets: assets)
    #expect(plain.instances.first?.mesh.tangents.isEmpty == true)
  }

  /// A quad that an animation lifts by a metre a second, and a cube-shaped STL file; layouts know the bounds of both.
  @Test func posesAreDrawnAndPrintedAndPlaced() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sampling-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func floats(_ v: [Float]) -> Data { v.withUnsafeBytes { Data($0) } }
    let data = floats([0, 0, 0, 1, 0, 0, 0, 1, 0]) + floats([0, 10]) + floats([0, 0, 0, 0, 10, 0])
    let views = [(0, 36), (36, 8), (44, 24)].map { "{\"buffer\":0,\"byteOffset\":\($0.0),\"byteLength\":\($0.1)}" }
    let json = """
      {"asset":{"version":"2.0"},"nodes":[{"mesh":0,"name":"n"}],
      "meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],
      "animations":[{"name":"up","samplers":[{"input":1,"output":2}],
      "channels":[{"sampler":0,"target":{"node":0,"path":"translation"}}]}],
      "buffers":[{"byteLength":68,"uri":"data:application/octet-stream;base64,\(data.base64EncodedString())"}],
      "bufferViews":[\(views.joined(separator: ","))],
      "accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"},
      {"bufferView":1,"componentType":5126,"count":2,"type":"SCALAR","min":[0],"max":[10]},
      {"bufferView":2,"componentType":5126,"count":2,"type":"VEC3"}]}
      """
    try Data(json.utf8).write(to: URL(fileURLWithPath: folder + "/m.gltf"))
    let assets = AskedAssets()
    let scene = try scene(
      "mesh: {file: m.gltf, node: n, animation: up, time: {$uniform: [1, 9]}}", path: folder + "/scene.yaml")
    for frame in 0..<4 {
      let drawn = try #require(try scene.frame(frame, assets: assets).instances.first?.mesh)
      #expect(drawn.lowerBound.z > 1 && drawn.lowerBound.z < 9)
      // What is printed is the same frame again.
      let printed = try CompiledScene(
        text: yaml(try scene.document(frame: frame)), path: folder + "/scene.yaml")
      #expect(try printed.frame(0, assets: assets).instances.first?.mesh == drawn)
    }
    let bounds = ObjectBounds(parts: .standard, files: SceneFiles(scene: folder + "/scene.yaml"))
    var nodes = 0
    let spec = try ObjectSpec.decode(
      try YAMLReader.read("{id: a, mesh: {file: m.gltf, time: 2.5}}", file: 0, nodes: &nodes))
    let box = try #require(try bounds.boxes(of: spec).first)
    #expect(abs(box.center.z - 3) < 1e-6 && abs(box.reach(Vector3(0, 0, 1)) - 0.5) < 1e-6)
  }
}
