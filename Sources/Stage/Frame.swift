import Geometry

/// One concrete frame: everything that decides its pixels and its labels, with no dice left.
public struct Frame: Sendable {
  /// The frame's number in its dataset, from 0; also its image id.
  public var index: Int
  /// In pixels.
  public var width: Int
  public var height: Int
  public var camera: Camera
  /// Linear RGB where nothing is hit, and neither a picture nor the environment is seen there.
  public var background: Vector3
  /// Seen in place of `background` and of the environment.
  public var backgroundPicture: BackgroundPicture?
  /// Light from all around beside `ambient`; its sun, if it has one, is not among it: whoever wants it makes it the
  /// frame's.
  public var environment: EnvironmentUse?
  public var sun: Sun?
  /// At most `LocalLight.most`.
  public var lights: [LocalLight]
  /// Nil where light from all around reaches everything.
  public var ambientOcclusion: AmbientOcclusion?
  public var ambient: HemisphericLight
  /// Exposure value in stops: radiance is multiplied by 2^exposure before the tone curve.
  public var exposure: Double
  public var textureFilter = TextureFilter.trilinear
  /// In drawing order; where two surfaces lie at exactly the same depth, the earlier one is seen.
  public var instances: [Instance]
  /// Lens, shutter, sensor and development; nothing of them by default.
  public var photography = PhotographicChain()
  /// How the camera moves while the shutter is open.
  public var cameraMotion = Motion()
  /// Where in time it lies; nil where the scene has no time.
  public var sequence: SequencePlace?
  /// What the scene names of itself for others to learn from, in its order.
  public var parameters: [NamedValue] = []

  public init(
    index: Int = 0, width: Int, height: Int, camera: Camera, background: Vector3 = Vector3(),
    backgroundPicture: BackgroundPicture? = nil, environment: EnvironmentUse? = nil, sun: Sun? = nil,
    lights: [LocalLight] = [], ambientOcclusion: AmbientOcclusion? = nil,
    ambient: HemisphericLight = HemisphericLight(sky: Vector3(), ground: Vector3()), exposure: Double = 0,
    instances: [Instance] = []
  ) {
    self.index = index
    self.width = width
    self.height = height
    self.camera = camera
    self.background = background
    self.backgroundPicture = backgroundPicture
    self.environment = environment
    self.sun = sun
    self.lights = lights
    self.ambientOcclusion = ambientOcclusion
    self.ambient = ambient
    self.exposure = exposure
    self.instances = instances
  }
}

/// How textures are averaged over a pixel's footprint on the surface.
public enum TextureFilter: String, CaseIterable, Hashable, Sendable {
  /// One lookup between two mip levels, as wide as the footprint is long: quick, and blurred where a surface is seen at a
  /// flat angle.
  case trilinear
  /// Up to eight such lookups side by side along the footprint.
  case anisotropic
}

/// One object of a frame.
public struct Instance: Sendable {
  /// From 1, unique in the frame; 0 for what carries no label (its pixels are background in every label).
  public var id: UInt32
  /// From 1; 0 exactly where `id` is 0.
  public var category: Int
  /// The object's name in the scene, `boxes[3]`; unique in the frame.
  public var name: String
  public var mesh: Mesh
  /// The mesh's frame to the world; not singular.
  public var objectToWorld: AffineTransform
  /// One a material slot of the mesh, at least.
  public var materials: [Material]
  public var castsShadow: Bool
  /// How it moves while the shutter is open.
  public var motion = Motion()
  /// What the scene says of it for others to learn from, in its order.
  public var attributes: [NamedValue] = []
  public var symmetries: [Symmetry] = []
  /// For each material slot the name of the part of the object that it belongs to; empty where the slots' own names are
  /// the parts'.
  public var partNames: [String] = []

  public init(
    id: UInt32, category: Int, name: String, mesh: Mesh, objectToWorld: AffineTransform, materials: [Material],
    castsShadow: Bool = true
  ) {
    precondition(materials.count >= mesh.slotNames.count, "an instance has a material for each slot of its mesh")
    self.id = id
    self.category = category
    self.name = name
    self.mesh = mesh
    self.objectToWorld = objectToWorld
    self.materials = materials
    self.castsShadow = castsShadow
  }
}

/// A class of objects, as a dataset names it.
public struct Category: Hashable, Sendable {
  /// From 1.
  public var id: Int
  public var name: String
  public var supercategory: String
  /// Whether its objects are stuff (a ground, a wall: what has no number) rather than things.
  public var isStuff: Bool
  /// Names of the parts of its objects that are classes of their own.
  public var parts: [String]

  public init(id: Int, name: String, supercategory: String = "", isStuff: Bool = false, parts: [String] = []) {
    self.id = id
    self.name = name
    self.supercategory = supercategory
    self.isStuff = isStuff
    self.parts = parts
  }
}
