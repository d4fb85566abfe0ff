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
    case sky(SkyKey)
    case surface(SurfaceKey)
    case sphere(String, cuttingSun: Bool)
  }

  private enum Asset: Sendable {
    case mesh(Mesh)
    case texture(Texture)
    case file(ModelFile)
    case model(ImportedModel)
    case digest(Digest)
    case environment(Environment)
    case surface(SurfaceMaps)
  }

  private let cache: Mutex<AssetCache<Key, Asset>>
  private let notes: @Sendable (String) -> Void
  private let noted = Mutex<Set<String>>([])

  /// - Parameters:
  ///   - bytes: how much the library keeps. Assets in use elsewhere live on when the library drops them.
  ///   - notes: told what files hold that is not drawn (`ImportedModel.notes`), every line once, on the thread that asked
  ///     for the model.
  public init(keeping bytes: Int = 128 << 20, notes: @escaping @Sendable (String) -> Void = { _ in }) {
    cache = Mutex(AssetCache(limit: max(bytes, 0)))
    self.notes = notes
  }

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
    for line in model.notes where noted.withLock({ $0.insert(line).inserted }) { notes(line) }
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

  /// The maps of a procedural material, from the lowest layer to the uppermost.
  public func surface(of layers: [any SurfaceLayer], resolution: Int) -> SurfaceMaps {
    let key = Key.surface(SurfaceKey(layers: layers, resolution: resolution))
    if case .surface(let maps) = cache.withLock({ $0.find(key) }) { return maps }
    let maps = SurfaceMaps(layers, resolution: resolution)
    guard case .surface(let kept) = keep(.surface(maps), maps.byteCount, key) else { return maps }
    return kept
  }

  /// The environment that a sky makes.
  public func environment(of sky: any Sky) -> Environment {
    let key = Key.sky(SkyKey(sky: sky))
    if case .environment(let environment) = cache.withLock({ $0.find(key) }) { return environment }
    let environment = sky.makeEnvironment()
    guard case .environment(let kept) = keep(.environment(environment), environment.byteCount, key) else {
      return environment
    }
    return kept
  }

  /// The environment of a Radiance picture of the whole sphere by longitude and latitude.
  ///
  /// - Parameter cuttingSun: whether a very bright spot becomes a sun of its own.
  public func environment(file: String, cuttingSun: Bool) throws(ImportError) -> Environment {
    let key = Key.sphere(file, cuttingSun: cuttingSun)
    if case .environment(let environment) = cache.withLock({ $0.find(key) }) { return environment }
    let picture: Plane<SIMD3<Float>>
    let bytes = try readFile(file)
    do throws(ImageCodingError) { picture = try decodeHDR(bytes) } catch {
      throw ImportError(file: file, found: error.found, expected: error.expected)
    }
    guard abs(picture.width - 2 * picture.height) <= 2 else {
      throw ImportError(
        file: file, found: "a picture of \(picture.width) x \(picture.height) pixels",
        expected: "the whole sphere by longitude and latitude, twice as wide as high")
    }
    let environment = Environment(equirectangular: picture, cuttingSun: cuttingSun)
    guard case .environment(let kept) = keep(.environment(environment), environment.byteCount, key) else {
      return environment
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

/// Layers as a key: equal where types and parameters are.
private struct SurfaceKey: Hashable {
  let layers: [any SurfaceLayer]
  let resolution: Int

  static func == (a: SurfaceKey, b: SurfaceKey) -> Bool {
    func equal<L: SurfaceLayer>(_ x: L, _ y: any SurfaceLayer) -> Bool { (y as? L) == x }
    guard a.resolution == b.resolution, a.layers.count == b.layers.count else { return false }
    for i in a.layers.indices {
      let (x, y): (any SurfaceLayer, any SurfaceLayer) = (a.layers[i], b.layers[i])
      guard equal(x, y) else { return false }
    }
    return true
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(resolution)
    for layer in layers {
      hasher.combine(ObjectIdentifier(type(of: layer)))
      layer.hash(into: &hasher)
    }
  }
}

/// A sky as a key: equal where type and parameters are.
private struct SkyKey: Hashable {
  let sky: any Sky

  static func == (a: SkyKey, b: SkyKey) -> Bool {
    func equal<S: Sky>(_ x: S, _ y: any Sky) -> Bool { (y as? S) == x }
    return equal(a.sky, b.sky)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: sky)))
    sky.hash(into: &hasher)
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
