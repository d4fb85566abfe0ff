import Geometry
import ImageCoding
import Imaging
import Stage
import Synchronization

/// The meshes and textures of scenes, each made or read once and shared by the frames that show it.
///
/// Any number of threads may ask at a time. Two that ask for the same new asset at once may both make it; one of the two
/// equal results is kept. Files are taken not to change while a library lives.
public final class AssetLibrary: Sendable {
  private enum Key: Hashable {
    case mesh(ShapeKey)
    case pattern(PatternKey, resolution: Int)
    case file(String)
    case model(String, ModelPose)
    case image(String, isColour: Bool)
    case digest(String)
  }

  private enum Asset: Sendable {
    case mesh(Mesh)
    case texture(Texture)
    case file(ModelFile)
    case model(ImportedModel)
    case digest(Digest)
  }

  private let cache: Mutex<AssetCache<Key, Asset>>

  /// - Parameter bytes: how much the library keeps. Assets in use elsewhere live on when the library drops them.
  public init(keeping bytes: Int = 128 << 20) { cache = Mutex(AssetCache(limit: max(bytes, 0))) }

  /// How many bytes of meshes and textures are kept now.
  public var bytesKept: Int { cache.withLock { $0.bytes } }

  /// The mesh of `shape`.
  public func mesh(of shape: any Shape) -> Mesh {
    let key = Key.mesh(ShapeKey(shape: shape))
    if case .mesh(let mesh) = cache.withLock({ $0.find(key) }) { return mesh }
    let mesh = shape.makeMesh()
    guard case .mesh(let kept) = keep(.mesh(mesh), AssetLibrary.bytes(of: mesh), key) else { return mesh }
    return kept
  }

  /// The pattern as a square texture of `resolution` texels a side.
  public func texture(of pattern: any Pattern, resolution: Int) -> Texture {
    let key = Key.pattern(PatternKey(pattern: pattern), resolution: resolution)
    if case .texture(let texture) = cache.withLock({ $0.find(key) }) { return texture }
    let texture = Texture.baked(pattern, resolution: resolution)
    guard case .texture(let kept) = keep(.texture(texture), texture.byteCount, key) else {
      return texture
    }
    return kept
  }

  /// The model of a mesh file: OBJ, PLY, STL, glTF; the file's contents decide, not its name.
  ///
  /// - Parameter pose: the part and the moment of a glTF file; of other files only `.rest` makes sense, and anything else
  ///   is an error.
  public func model(file: String, pose: ModelPose = .rest) throws(ImportError) -> ImportedModel {
    let key = Key.model(file, pose)
    if case .model(let model) = cache.withLock({ $0.find(key) }) { return model }
    let model: ImportedModel
    switch try modelFile(file) {
    case .still(let still):
      guard pose == .rest else {
        throw ImportError(
          file: file, found: "a file of one still mesh", expected: "a glTF file for a scene, node, animation or morph")
      }
      model = still
    case .posable(let gltf): model = try gltf.model(pose)
    }
    guard case .model(let kept) = keep(.model(model), AssetLibrary.bytes(of: model.mesh), key) else { return model }
    return kept
  }

  /// The file behind models. A glTF file is kept for its other moments; the one mesh of any other is kept as a model.
  private func modelFile(_ file: String) throws(ImportError) -> ModelFile {
    let key = Key.file(file)
    if case .file(let known) = cache.withLock({ $0.find(key) }) { return known }
    let new = try importModel(try readFile(file), file: file) { (path) throws(ImportError) in
      isRegularFile(path) ? try readFile(path) : nil
    }
    guard case .posable(let gltf) = new, case .file(let kept) = keep(.file(new), gltf.byteCount, key) else {
      return new
    }
    return kept
  }

  /// The texture of an image file: PNG or JPEG.
  ///
  /// - Parameter isColour: whether the samples are sRGB colours, or linear data such as roughness.
  public func texture(file: String, isColour: Bool) throws(ImportError) -> Texture {
    try texture(ImportedTexture(file: file), isColour: isColour)
  }

  /// The texture that a model's material names, from a file or from inside the model's own.
  public func texture(_ image: ImportedTexture, isColour: Bool) throws(ImportError) -> Texture {
    let key = Key.image(image.file, isColour: isColour)
    if case .texture(let texture) = cache.withLock({ $0.find(key) }) { return texture }
    let pixels: RasterImage
    if let embedded = image.embedded {
      pixels = try readImage(embedded.bytes, file: image.file)
    } else {
      pixels = try readImage(try readFile(image.file), file: image.file)
    }
    let texture = Texture(image: pixels, isColour: isColour)
    guard case .texture(let kept) = keep(.texture(texture), texture.byteCount, key) else {
      return texture
    }
    return kept
  }

  /// The digest of a file's bytes.
  public func digest(file: String) throws(ImportError) -> Digest {
    let key = Key.digest(file)
    if case .digest(let digest) = cache.withLock({ $0.find(key) }) { return digest }
    let digest = Digest(of: try readFile(file))
    _ = keep(.digest(digest), MemoryLayout<Digest>.size + file.utf8.count, key)
    return digest
  }

  private func keep(_ asset: Asset, _ bytes: Int, _ key: Key) -> Asset {
    cache.withLock { $0.insert(asset, bytes: bytes, for: key) }
  }

  private static func bytes(of mesh: Mesh) -> Int {
    mesh.vertices.count * MemoryLayout<Mesh.Vertex>.stride + (mesh.indices.count + mesh.pieces.count) * 4
      + mesh.materialSlots.count * 2 + (mesh.tangents.count + mesh.colors.count) * 16
  }
}

/// A shape as a key: equal where type and parameters are.
private struct ShapeKey: Hashable {
  let shape: any Shape

  static func == (a: ShapeKey, b: ShapeKey) -> Bool {
    func equal<S: Shape>(_ x: S, _ y: any Shape) -> Bool { (y as? S) == x }
    return equal(a.shape, b.shape)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: shape)))
    shape.hash(into: &hasher)
  }
}

/// A pattern as a key: equal where type and parameters are.
private struct PatternKey: Hashable {
  let pattern: any Pattern

  static func == (a: PatternKey, b: PatternKey) -> Bool {
    func equal<P: Pattern>(_ x: P, _ y: any Pattern) -> Bool { (y as? P) == x }
    return equal(a.pattern, b.pattern)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: pattern)))
    pattern.hash(into: &hasher)
  }
}
