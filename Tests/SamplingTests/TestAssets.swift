import Documents
import Geometry
import Imaging
import Importing
import Stage
import Synchronization

@testable import Sampling

/// Assets for tests: shapes and patterns are made once each; a mesh file gives a cube with two slots, an image file a
/// grey texel.
final class TestAssets: AssetSource {
  private struct Made {
    var meshes: [AnyHashable: Mesh] = [:]
    var textures: [String: Texture] = [:]
  }

  // The keys are value types of the house, never changed after they are stored.
  private struct Locked: @unchecked Sendable { var made = Made() }
  private let locked = Mutex(Locked())

  func mesh(of shape: any Shape) -> Mesh {
    let key = AnyHashable(shape)
    return locked.withLock { state in
      if let mesh = state.made.meshes[key] { return mesh }
      let mesh = shape.makeMesh()
      state.made.meshes[key] = mesh
      return mesh
    }
  }

  func model(path: String, pose: ModelPose) throws(AssetError) -> SceneModel {
    if path.hasSuffix("broken.obj") { throw AssetError(message: "line 3: index 9 of 8 vertices") }
    let cube = Box().makeMesh()
    let mesh = Mesh(
      vertices: cube.vertices, indices: cube.indices,
      materialSlots: (0..<cube.triangleCount).map { $0 < 2 ? 0 : 1 }, slotNames: ["lid", "body"])
    return SceneModel(mesh: mesh, materials: [Material(roughness: 0.1), Material(roughness: 0.2)])
  }

  func texture(of pattern: any Pattern, resolution: Int) -> Texture {
    texture(named: "\(pattern) \(resolution)", value: UInt16(resolution & 0xFFF))
  }

  func texture(path: String, isColour: Bool) throws(AssetError) -> Texture {
    if path.hasSuffix("broken.png") { throw AssetError(message: "not a PNG file") }
    return texture(named: path, value: 30000)
  }

  func surface(of layers: [any SurfaceLayer], resolution: Int) -> SurfaceMaps {
    SurfaceMaps(layers, resolution: min(resolution, 16))
  }

  func environment(of sky: any Sky) -> Environment { sky.makeEnvironment() }

  func environment(path: String, cuttingSun: Bool) throws(AssetError) -> Environment {
    if path.hasSuffix("broken.hdr") { throw AssetError(message: "not a Radiance file") }
    let sun = Sun(direction: Vector3(0, 1, 0), irradiance: Vector3(3, 3, 3))
    return Environment(side: 16, sun: cuttingSun ? sun : nil) { d in Vector3(1 + d.z, 1, 1) }
  }

  private func texture(named name: String, value: UInt16) -> Texture {
    locked.withLock { state in
      if let texture = state.made.textures[name] { return texture }
      let digest = UInt16(truncatingIfNeeded: Digest(of: name).low)
      let texel = SIMD4<UInt16>(value, digest, value, 65535)
      let texture = Texture(base: Plane(width: 1, height: 1, values: [texel]))
      state.made.textures[name] = texture
      return texture
    }
  }
}

/// Everything that a frame holds, as a text in which every bit shows.
func fingerprint(_ frame: Frame) -> String {
  func material(_ m: Material) -> String {
    let t = m.baseColorTexture.map { "\($0.texture.digest) \($0.scale) \($0.offset) \(String(describing: $0.ramp))" }
    let maps = [m.metallicRoughnessTexture, m.normalTexture].map {
      $0.map { "\($0.texture.digest) \($0.scale)" } ?? "-"
    }
    let decals = m.decals.map {
      "\($0.objectToDecal) \($0.texture.texture.digest) \($0.isMask) \($0.color) \($0.opacity)"
    }
    return "\(m.baseColor) \(t ?? "-") \(m.metallic) \(m.roughness) \(m.emission) \(maps) \(decals)"
  }
  let environment =
    frame.environment.map { "\($0.environment.digest) \($0.rotation) \($0.scale) \($0.isBackground)" } ?? "-"
  let picture =
    frame.backgroundPicture.map {
      "\($0.texture.digest) \(String(describing: $0.ramp)) \($0.origin) \($0.across) \($0.down) \($0.repeats) \($0.scale)"
    } ?? "-"
  let head =
    "\(frame.width)x\(frame.height) \(frame.camera) \(frame.background) \(String(describing: frame.sun)) "
    + "\(frame.ambient) \(frame.exposure) \(environment) \(picture)"
  let instances = frame.instances.map { i in
    "\(i.id) \(i.category) \(i.name) \(i.mesh.digest) \(i.objectToWorld) \(i.materials.map(material)) \(i.castsShadow)"
  }
  return ([head] + instances).joined(separator: "\n")
}

/// A scene from a text, as if it stood in `scene.yaml`.
func compiled(_ text: String, overrides: SceneOverrides = SceneOverrides()) throws -> CompiledScene {
  try CompiledScene(text: text, path: "scene.yaml", overrides: overrides)
}

/// The project's scenes.
let sceneFolder = "Scenes/"
let sceneNames = [
  "dominoes", "primitives", "shelf", "bin", "road", "defects", "characters", "distractors", "conveyor",
]
