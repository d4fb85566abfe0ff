import Documents
import Importing
import Stage
import Testing

@testable import Sampling

/// Frames of the project's own scenes.
enum SceneFrames {
  /// The checkout: three folders above this file's own.
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    .joined(separator: "/")

  private static let assets = LibraryAssets()

  /// Frames of `Scenes/<name>.yaml` at a size of its own.
  static func frames(_ name: String, _ numbers: Range<Int>, width: Int, height: Int) throws -> [Frame] {
    let scene = try CompiledScene.load(
      path: "\(root)/Scenes/\(name).yaml", overrides: SceneOverrides(width: width, height: height),
      parts: SceneParts(shapes: shapeRegistry, patterns: patternRegistry))
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

  func model(path: String, pose: ModelPose) throws(AssetError) -> SceneModel {
    throw AssetError(message: "the project's scenes name no files")
  }

  func texture(path: String, isColour: Bool) throws(AssetError) -> Texture {
    throw AssetError(message: "the project's scenes name no files")
  }
}
