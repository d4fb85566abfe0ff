import Documents
import Importing
import Stage

/// Where frames get their meshes and textures: everything that is made or read once and shared by many frames. Safe to
/// call from many threads at once; the same request gives the same object.
public protocol AssetSource: AnyObject, Sendable {
  /// The mesh of a parametric shape.
  func mesh(of shape: any Shape) -> Mesh
  /// A mesh file with the materials that it brings, one a slot.
  ///
  /// - Parameter pose: the part of the file, and the moment.
  func model(path: String, pose: ModelPose) throws(AssetError) -> SceneModel
  /// A pattern, baked: value t in all three colour channels, alpha 1.
  func texture(of pattern: any Pattern, resolution: Int) -> Texture
  /// An image file; colours are decoded from sRGB, data are taken as they are.
  func texture(path: String, isColour: Bool) throws(AssetError) -> Texture
  /// The maps of a procedural material, from the lowest layer to the uppermost.
  func surface(of layers: [any SurfaceLayer], resolution: Int) -> SurfaceMaps
  /// A procedural sky, ready for shading.
  func environment(of sky: any Sky) -> Environment
  /// A picture of the whole sphere, ready for shading.
  ///
  /// - Parameter cuttingSun: whether a very bright spot becomes a sun of its own.
  func environment(path: String, cuttingSun: Bool) throws(AssetError) -> Environment
}

/// What a mesh file holds.
public struct SceneModel: Sendable {
  public var mesh: Mesh
  /// One a material slot of the mesh.
  public var materials: [Material]
  /// The named nodes of a glTF file, where its pose puts them.
  public var nodes: [SceneNode]
  /// Keypoints that the file declares, in the mesh's frame.
  public var keypoints: [Keypoint]

  public init(mesh: Mesh, materials: [Material], nodes: [SceneNode] = [], keypoints: [Keypoint] = []) {
    self.mesh = mesh
    self.materials = materials
    self.nodes = nodes
    self.keypoints = keypoints
  }
}

/// Why an asset could not be had; the scene adds the line that names it.
public struct AssetError: Error, Sendable {
  /// "no such file", "not a PNG file: ...".
  public var message: String

  public init(message: String) { self.message = message }
}

/// The registries that a scene's part names are looked up in.
public struct SceneParts: Sendable {
  public var shapes: PartRegistry<any Shape>
  public var patterns: PartRegistry<any Pattern>
  public var skies: PartRegistry<any Sky>

  public init(
    shapes: PartRegistry<any Shape>, patterns: PartRegistry<any Pattern>, skies: PartRegistry<any Sky> = skyRegistry
  ) {
    self.shapes = shapes
    self.patterns = patterns
    self.skies = skies
  }
}
