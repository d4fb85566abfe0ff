import Stage

/// A mesh file as it was read.
public struct ImportedModel: Sendable {
  public var mesh: Mesh
  /// One a material slot of the mesh.
  public var materials: [ImportedMaterial]
  /// What the file holds and is not drawn, each as `file:line: what`.
  public var notes: [String]
  /// The files besides its own that the model was read from, in order; a digest of the model has to cover them, and the
  /// textures that the materials name.
  public var companions: [String]
  /// Named nodes, where the pose puts them, and the keypoints that nodes declare; only glTF has such.
  public var nodes: [SceneNode] = []
  public var keypoints: [Keypoint] = []

  public init(mesh: Mesh, materials: [ImportedMaterial], notes: [String], companions: [String] = []) {
    self.mesh = mesh
    self.materials = materials
    self.notes = notes
    self.companions = companions
  }
}
