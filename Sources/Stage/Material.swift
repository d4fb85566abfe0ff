import Geometry

/// How a surface reflects and emits: the metallic-roughness model of glTF 2.0. Colours are linear RGB (BT.709 primaries).
public struct Material: Sendable {
  /// Reflectance, 0 to 1 a channel; multiplies the texture.
  public var baseColor: Vector3
  public var baseColorTexture: TextureUse?
  /// 0 dielectric (4 % at normal incidence) to 1 metal.
  public var metallic: Double
  /// Perceptual roughness, 0 to 1; GGX alpha is its square.
  public var roughness: Double
  /// Emitted light, in units of the picture's white at exposure 0.
  public var emission: Vector3

  public init(
    baseColor: Vector3 = Vector3(0.8, 0.8, 0.8), baseColorTexture: TextureUse? = nil, metallic: Double = 0,
    roughness: Double = 0.5, emission: Vector3 = Vector3()
  ) {
    self.baseColor = baseColor
    self.baseColorTexture = baseColorTexture
    self.metallic = metallic
    self.roughness = roughness
    self.emission = emission
  }
}

/// A texture as a material uses it.
public struct TextureUse: Sendable {
  public var texture: Texture
  /// Texture coordinates are `uv * scale + offset`.
  public var scale: Vector2
  public var offset: Vector2
  /// Where set, the texture's red channel t picks `first * (1 - t) + second * t`, linear RGB; else its own colour counts.
  public var ramp: Ramp?

  public struct Ramp: Hashable, Sendable {
    public var first: Vector3
    public var second: Vector3

    public init(first: Vector3, second: Vector3) {
      self.first = first
      self.second = second
    }
  }

  public init(
    texture: Texture, scale: Vector2 = Vector2(1, 1), offset: Vector2 = Vector2(0, 0), ramp: Ramp? = nil
  ) {
    self.texture = texture
    self.scale = scale
    self.offset = offset
    self.ramp = ramp
  }
}
