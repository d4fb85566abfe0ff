import Importing
import Rasterization
import Stage

@testable import Sampling

/// Frames of the project's own scenes.
enum SceneFrames {
  /// The checkout: three folders above this file's own.
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    .joined(separator: "/")

  static func scene(_ name: String, width: Int, height: Int) throws -> CompiledScene {
    let scene = try CompiledScene.load(
      path: "\(root)/Scenes/\(name).yaml", overrides: SceneOverrides(width: width, height: height))
    scene.attach(assets: assets) { frame in
      let counts = Rasterizer().visibility(of: frame)
      return (counts.map { InstanceVisibility(visiblePixels: $0.visible, amodalPixels: $0.amodal) }, 1)
    }
    return scene
  }

  private static let assets = LibraryAssets()

  /// Frames of `Scenes/<name>.yaml` at a size of its own.
  static func frames(_ name: String, _ numbers: Range<Int>, width: Int, height: Int) throws -> [Frame] {
    let scene = try scene(name, width: width, height: height)
    return try numbers.map { try scene.frame($0, assets: assets) }
  }
}

/// The asset library as a scene's source.
private final class LibraryAssets: AssetSource {
  private let library = AssetLibrary()

  func mesh(of shape: any Shape) -> Mesh { library.mesh(of: shape) }
  func texture(of pattern: any Pattern, resolution: Int) -> Texture {
    library.texture(of: pattern, resolution: resolution)
  }
  func surface(of layers: [any SurfaceLayer], resolution: Int) -> SurfaceMaps {
    library.surface(of: layers, resolution: resolution)
  }
  func environment(of sky: any Sky) -> Environment { library.environment(of: sky) }
  func environment(path: String, cuttingSun: Bool) throws(AssetError) -> Environment {
    do { return try library.environment(file: path, cuttingSun: cuttingSun) } catch {
      throw AssetError(message: "\(error)")
    }
  }
  func texture(path: String, isColour: Bool) throws(AssetError) -> Texture {
    do { return try library.texture(file: path, isColour: isColour) } catch { throw AssetError(message: "\(error)") }
  }
  /// Materials are plain: what is tested is geometry.
  func model(path: String, pose: ModelPose) throws(AssetError) -> SceneModel {
    do {
      let model = try library.model(file: path, pose: pose)
      return SceneModel(mesh: model.mesh, materials: model.materials.map { _ in Material() })
    } catch { throw AssetError(message: "\(error)") }
  }
}
