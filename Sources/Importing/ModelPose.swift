/// Which part of a model file is meant, and at which moment: what a scene says beside the file's name. Files that hold
/// one still mesh (OBJ, PLY, STL) know none of it.
public struct ModelPose: Hashable, Sendable {
  /// The glTF scene, by name. Nil: the file's default scene, or its first.
  public var scene: String?
  /// The node, by name, that is drawn with what hangs below it, placed as in its scene. Nil: all of the scene.
  public var node: String?
  /// The animation, by name. Nil: the first where `time` is not nil, else none.
  public var animation: String?
  /// Seconds from the animation's start; before its first key and behind its last the nearest key holds.
  public var time: Double?
  /// The weights of morph targets for all meshes that have any, in their order, in place of the file's and of the
  /// animation's; targets beyond the list have weight 0.
  public var morphWeights: [Double]?

  public init(
    scene: String? = nil, node: String? = nil, animation: String? = nil, time: Double? = nil,
    morphWeights: [Double]? = nil
  ) {
    self.scene = scene
    self.node = node
    self.animation = animation
    self.time = time
    self.morphWeights = morphWeights
  }

  public static let rest = ModelPose()
}
