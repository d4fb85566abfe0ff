import Geometry

/// How a surface reflects and emits: the metallic-roughness model of glTF 2.0 with those of its extensions that a
/// rasterizer can honour (KHR_materials_clearcoat, sheen, specular, ior, transmission). Colours are linear RGB (BT.709
/// primaries). The defaults are a grey, opaque, half-matt dielectric.
public struct Material: Hashable, Sendable {
  /// Reflectance, 0 to 1 a channel; multiplies the texture and the vertex colours.
  public var baseColor: Vector3
  /// Its alpha multiplies `opacity`.
  public var baseColorTexture: TextureUse?
  /// 0 dielectric to 1 metal; multiplies the blue channel of `metallicRoughnessTexture`.
  public var metallic: Double
  /// Perceptual roughness, 0 to 1; GGX alpha is its square. Multiplies the green channel of `metallicRoughnessTexture`.
  public var roughness: Double
  /// Emitted light, in units of the picture's white at exposure 0; multiplies `emissiveTexture`.
  public var emission: Vector3

  /// 0 to 1; what it means is said by `alphaMode`. Multiplies the alpha of the texture and of the vertex colours.
  public var opacity = 1.0
  public var alphaMode = AlphaMode.opaque
  /// Whether back faces are seen, lit as if they were fronts. Where false they are not there at all.
  public var isDoubleSided = true
  /// Data: green is roughness, blue is metallic.
  public var metallicRoughnessTexture: TextureUse?
  /// Data: the normal in tangent space as `2 * texel - 1`, x along u, y up the image, z outwards.
  public var normalTexture: TextureUse?
  /// Factor on x and y of the normal texture's normals; any finite number.
  public var normalScale = 1.0
  /// Data: red is the share of light from all around that arrives.
  public var occlusionTexture: TextureUse?
  /// 0 the occlusion texture does nothing to 1 it counts in full: `1 + strength * (red - 1)`.
  public var occlusionStrength = 1.0
  /// Colour; multiplies `emission`.
  public var emissiveTexture: TextureUse?
  /// A clear layer on top, refractive index 1.5: 0 none to 1 all over.
  public var clearcoat = 0.0
  /// Perceptual roughness of the clear layer, 0 to 1.
  public var clearcoatRoughness = 0.0
  /// Colour of light scattered back by fibres at grazing angles, 0 to 1 a channel; black is no sheen.
  public var sheenColor = Vector3()
  /// Perceptual roughness of the sheen, 0 to 1.
  public var sheenRoughness = 0.0
  /// Strength of a dielectric's reflection, 0 to 1.
  public var specular = 1.0
  /// Colour of a dielectric's reflection at normal incidence, 0 or more a channel.
  public var specularColor = Vector3(1, 1, 1)
  /// Refractive index of a dielectric, at least 1, or 0 for one that reflects all light (as the extension has it); 1.5
  /// reflects 4 % at normal incidence: ((ior - 1) / (ior + 1))^2.
  public var ior = 1.5
  /// Share of the light that a thin wall of a dielectric does not mirror which passes straight through it instead of being
  /// scattered, 0 to 1. What is seen through it is not tinted, not bent and not blurred, and shadows are as light as that.
  /// Labels see the wall.
  public var transmission = 0.0
  public var projection = Projection.uv
  /// Laid over the base colour one after the other, the last uppermost.
  public var decals: [Decal] = []

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

  /// What the alpha of a surface means: texture times vertex alpha times opacity. A sample of a pixel sees the surface or
  /// does not, in the picture and in the labels, so that those stay exact: see `CoverageTest` in Rasterization.
  public enum AlphaMode: Hashable, Sendable {
    /// Nothing: the surface is solid.
    case opaque
    /// The surface is there where alpha is at least the cut-off, and nowhere else, as cut out with scissors.
    case mask(cutoff: Double)
    /// The surface covers what is behind it by that share of a pixel's samples; the pixel belongs to it, in the labels, where
    /// alpha at the centre is at least 1/2.
    case blend
  }

  /// Where the textures of a surface come from.
  public enum Projection: Hashable, Sendable {
    /// From the mesh's texture coordinates.
    case uv
    /// From the position in the object's frame, seen along x, y and z and blended by the normal: for meshes without
    /// texture coordinates. `scale` times 0...1 of the texture coordinates fit in a metre, above 0.
    case triplanar(scale: Double)
  }
}

/// A texture as a material uses it.
public struct TextureUse: Hashable, Sendable {
  public var texture: Texture
  /// Texture coordinates are `offset + turn(uv * scale)`.
  public var scale: Vector2
  public var offset: Vector2
  /// Radians. `turn(u, v) = (cos u + sin v, cos v - sin u)`: with v downwards, coordinates turn counter-clockwise about
  /// the image's upper left corner, and so the picture on the surface turns clockwise. This is the order and sense of
  /// KHR_texture_transform.
  public var rotation: Double
  public var wrapU: Wrap
  public var wrapV: Wrap
  /// How the file's samples were meant. Texels are linear light or plain values already: this says which.
  public var encoding: Encoding
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

  /// What texture coordinates outside 0...1 show.
  public enum Wrap: String, CaseIterable, Hashable, Sendable {
    /// The texture again.
    case `repeat`
    /// Its edge.
    case clamp
    /// The texture again, every other time the other way round.
    case mirror
  }

  public enum Encoding: Hashable, Sendable {
    /// Colour for the eye, decoded from sRGB to linear light.
    case sRGB
    /// Data, such as normals and roughness, taken as they are.
    case linear
  }

  public init(
    texture: Texture, scale: Vector2 = Vector2(1, 1), offset: Vector2 = Vector2(0, 0), rotation: Double = 0,
    wrapU: Wrap = .repeat, wrapV: Wrap = .repeat, encoding: Encoding = .sRGB, ramp: Ramp? = nil
  ) {
    self.texture = texture
    self.scale = scale
    self.offset = offset
    self.rotation = rotation
    self.wrapU = wrapU
    self.wrapV = wrapV
    self.encoding = encoding
    self.ramp = ramp
  }
}
