import Geometry
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

  public init(mesh: Mesh, materials: [ImportedMaterial], notes: [String], companions: [String] = []) {
    self.mesh = mesh
    self.materials = materials
    self.notes = notes
    self.companions = companions
  }
}

/// A material of a mesh file in the terms of `Material`; textures are named, not loaded.
public struct ImportedMaterial: Hashable, Sendable {
  public var name: String
  /// Linear RGB, 0 to 1; multiplies the texture.
  public var baseColor: Vector3
  public var baseColorTexture: ImportedTexture?
  public var metallic: Double
  /// Perceptual roughness, 0 to 1.
  public var roughness: Double
  /// Linear RGB, 0 or more.
  public var emission: Vector3

  public init(
    name: String, baseColor: Vector3 = Vector3(0.8, 0.8, 0.8), baseColorTexture: ImportedTexture? = nil,
    metallic: Double = 0, roughness: Double = 0.5, emission: Vector3 = Vector3()
  ) {
    self.name = name
    self.baseColor = baseColor
    self.baseColorTexture = baseColorTexture
    self.metallic = metallic
    self.roughness = roughness
    self.emission = emission
  }
}

/// A texture file as a material uses it.
public struct ImportedTexture: Hashable, Sendable {
  /// The path, with the folder of the file that names it in front.
  public var file: String
  /// Texture coordinates are `uv * scale + offset`, v downwards.
  public var scale: Vector2
  public var offset: Vector2

  public init(file: String, scale: Vector2 = Vector2(1, 1), offset: Vector2 = Vector2(0, 0)) {
    self.file = file
    self.scale = scale
    self.offset = offset
  }
}
