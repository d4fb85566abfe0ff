import Geometry
import Imaging
import Stage

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

  // What only glTF says, in the terms and with the defaults of `Material`.
  public var opacity = 1.0
  public var alphaMode = Material.AlphaMode.opaque
  public var isDoubleSided = true
  public var metallicRoughnessTexture: ImportedTexture?
  public var normalTexture: ImportedTexture?
  public var normalScale = 1.0
  public var occlusionTexture: ImportedTexture?
  public var occlusionStrength = 1.0
  public var emissiveTexture: ImportedTexture?
  public var clearcoat = 0.0
  public var clearcoatRoughness = 0.0
  public var sheenColor = Vector3()
  public var sheenRoughness = 0.0
  public var specular = 1.0
  public var specularColor = Vector3(1, 1, 1)
  public var ior = 1.5
  public var transmission = 0.0

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

  /// All textures that the material names.
  public var textures: [ImportedTexture] {
    [baseColorTexture, metallicRoughnessTexture, normalTexture, occlusionTexture, emissiveTexture].compactMap { $0 }
  }

  /// The material with its textures.
  ///
  /// - Parameter load: gives a texture; colours are decoded from sRGB, data are not.
  public func material<E: Error>(
    _ load: (_ texture: ImportedTexture, _ isColour: Bool) throws(E) -> Texture
  ) throws(E) -> Material {
    func use(_ texture: ImportedTexture?, isColour: Bool) throws(E) -> TextureUse? {
      guard let t = texture else { return nil }
      return TextureUse(
        texture: try load(t, isColour), scale: t.scale, offset: t.offset, rotation: t.rotation, wrapU: t.wrapU,
        wrapV: t.wrapV, encoding: isColour ? .sRGB : .linear)
    }
    var m = Material(
      baseColor: baseColor, baseColorTexture: try use(baseColorTexture, isColour: true), metallic: metallic,
      roughness: roughness, emission: emission)
    m.opacity = opacity
    m.alphaMode = alphaMode
    m.isDoubleSided = isDoubleSided
    m.metallicRoughnessTexture = try use(metallicRoughnessTexture, isColour: false)
    m.normalTexture = try use(normalTexture, isColour: false)
    m.normalScale = normalScale
    m.occlusionTexture = try use(occlusionTexture, isColour: false)
    m.occlusionStrength = occlusionStrength
    m.emissiveTexture = try use(emissiveTexture, isColour: true)
    m.clearcoat = clearcoat
    m.clearcoatRoughness = clearcoatRoughness
    m.sheenColor = sheenColor
    m.sheenRoughness = sheenRoughness
    m.specular = specular
    m.specularColor = specularColor
    m.ior = ior
    m.transmission = transmission
    return m
  }
}

/// A texture file as a material uses it.
public struct ImportedTexture: Hashable, Sendable {
  /// The path, with the folder of the file that names it in front. Of an image that lies inside the mesh file, the path
  /// of that file with the image's place behind a `#`.
  public var file: String
  /// The bytes of an image that lies inside the mesh file.
  public var embedded: EmbeddedImage?
  /// Texture coordinates are `offset + turn(uv * scale)`, v downwards, as in `TextureUse`.
  public var scale: Vector2
  public var offset: Vector2
  /// Radians.
  public var rotation: Double
  public var wrapU: TextureUse.Wrap
  public var wrapV: TextureUse.Wrap

  public init(
    file: String, embedded: EmbeddedImage? = nil, scale: Vector2 = Vector2(1, 1), offset: Vector2 = Vector2(0, 0),
    rotation: Double = 0, wrapU: TextureUse.Wrap = .repeat, wrapV: TextureUse.Wrap = .repeat
  ) {
    self.file = file
    self.embedded = embedded
    self.scale = scale
    self.offset = offset
    self.rotation = rotation
    self.wrapU = wrapU
    self.wrapV = wrapV
  }
}

/// The bytes of an image file inside another file; equal where their digests are.
public struct EmbeddedImage: Hashable, Sendable {
  public let bytes: [UInt8]
  public let digest: Digest

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    digest = Digest(of: bytes)
  }

  public static func == (a: EmbeddedImage, b: EmbeddedImage) -> Bool { a.digest == b.digest }
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
