import Geometry
import Stage

/// All of a material, laid out for shading one fragment at a time and for testing coverage. `ShadingMaterial` is the quick
/// form of those that need no more than that holds.
struct SurfaceMaterial: BitwiseCopyable {
  /// What decides whether a sample of a triangle is covered.
  enum Coverage: UInt8 { case whole, mask, blend }

  /// Linear RGB, and opacity in w.
  let baseColor: SIMD4<Float>
  let metallic: Float
  let roughness: Float
  let emission: SIMD3<Float>
  let coverage: Coverage
  /// For a mask; alpha just below still counts, as texels are whole codes.
  let cutoff: Float
  let isDoubleSided: Bool
  let base: TextureLayer?
  let metallicRoughness: TextureLayer?
  let normal: TextureLayer?
  let occlusion: TextureLayer?
  let emissive: TextureLayer?
  let normalScale: Float
  let occlusionStrength: Float
  let clearcoat: Float
  let clearcoatRoughness: Float
  let sheenColor: SIMD3<Float>
  let sheenRoughness: Float
  /// Reflectance of the dielectric at normal incidence, and at grazing angles.
  let dielectric: SIMD3<Float>
  let grazing: Float
  let transmission: Float
  /// Texture coordinates in a metre; 0 for the mesh's own.
  let triplanar: Float
  /// Most lookups side by side in a texture.
  let probes: Int

  /// Laid over the base colour one after the other; nil for none.
  var decals: UnsafeBufferPointer<SurfaceDecal>?

  /// The most lookups that a stretched footprint is given.
  static let mostProbes = 8

  init(_ m: Material, filter: TextureFilter) {
    baseColor = SIMD4(SIMD3<Float>(m.baseColor), Float(m.opacity))
    metallic = Float(m.metallic)
    roughness = Float(m.roughness)
    emission = SIMD3<Float>(m.emission)
    switch m.alphaMode {
    case .opaque: (coverage, cutoff) = (.whole, 0)
    case .mask(let c): (coverage, cutoff) = (.mask, Float(c) - 1e-5)
    case .blend: (coverage, cutoff) = (.blend, 0)
    }
    isDoubleSided = m.isDoubleSided
    base = m.baseColorTexture.map { TextureLayer($0) }
    metallicRoughness = m.metallicRoughnessTexture.map { TextureLayer($0) }
    normal = m.normalTexture.map { TextureLayer($0) }
    occlusion = m.occlusionTexture.map { TextureLayer($0) }
    emissive = m.emissiveTexture.map { TextureLayer($0) }
    normalScale = Float(m.normalScale)
    occlusionStrength = Float(m.occlusionStrength)
    clearcoat = Float(m.clearcoat)
    clearcoatRoughness = Float(m.clearcoatRoughness)
    sheenColor = SIMD3<Float>(m.sheenColor)
    sheenRoughness = Float(m.sheenRoughness)
    // KHR_materials_ior: 0 stands for a surface that reflects all light. KHR_materials_specular scales and tints that, and
    // scales what is seen at grazing angles.
    let bare = m.ior == 0 ? 1 : ((m.ior - 1) / (m.ior + 1)) * ((m.ior - 1) / (m.ior + 1))
    func channel(_ tint: Double) -> Float { Float(min(bare * tint, 1) * m.specular) }
    dielectric = SIMD3(channel(m.specularColor.x), channel(m.specularColor.y), channel(m.specularColor.z))
    grazing = Float(m.specular)
    transmission = Float(m.transmission)
    switch m.projection {
    case .uv: triplanar = 0
    case .triplanar(let scale): triplanar = Float(scale)
    }
    switch filter {
    case .trilinear: probes = 1
    case .anisotropic: probes = SurfaceMaterial.mostProbes
    }
  }

  /// Share of samples that show a thin wall seen at a cosine: what it hides, and at least an eighth, for one sample of eight
  /// (the centre) always shows the wall itself. What the wall mirrors and scatters is divided by this share when it is
  /// shaded, so that on the whole as much of it is seen as there is; and where the centre hides more than the wall does,
  /// the other seven are made to count for that much more (`TileTarget.put(clear:)`).
  @inline(__always)
  func showing(cosine: Float) -> Float { max(hiding(cosine: cosine), 0.125) }

  /// Share of what is behind a thin wall that it hides, seen at a cosine: all but what passes, `transmission * (1 - F)`
  /// with Schlick's F.
  @inline(__always)
  func hiding(cosine: Float) -> Float {
    if transmission == 0 { return 1 }
    let m = 1 - cosine
    let m2 = m * m
    let normal = (dielectric.x + dielectric.y + dielectric.z) * (1 / 3)
    let fresnel = normal + (grazing - normal) * (m2 * m2 * m)
    return 1 - transmission * (1 - metallic) * (1 - fresnel)
  }
}

extension Material {
  /// Whether `ShadingMaterial` alone says all about it.
  func isPlain(_ filter: TextureFilter) -> Bool {
    if let t = baseColorTexture {
      guard t.rotation == 0, t.wrapU == .repeat, t.wrapV == .repeat, filter == .trilinear else { return false }
    }
    return metallicRoughnessTexture == nil && normalTexture == nil && occlusionTexture == nil && emissiveTexture == nil
      && !isTested && clearcoat == 0 && sheenColor == Vector3() && specular == 1 && specularColor == Vector3(1, 1, 1)
      && ior == 1.5 && projection == .uv && decals.isEmpty
  }

  /// Whether the samples of its triangles are tested one by one: see `CoverageTest`.
  var isTested: Bool { alphaMode != .opaque || transmission > 0 }
}
