import Geometry
import Stage

/// A material laid out for shading. Base colour = `first + span * texel`: a ramp has first and second - first; a colour
/// texture has 0 and its factor; without a texture the texel is 0 and `first` is the colour.
///
/// That is all of a plain material; of others it is the stand-in that `SurfaceLookUp` starts from.
struct ShadingMaterial {
  /// What the surface mirrors, by the cosine of the view. The first field: it is found by the material's address.
  var albedo: AlbedoTable.Row
  /// Linear RGB; w is GGX alpha, the square of the roughness, at least 0.002 so that a highlight stays finite.
  var first: SIMD4<Float>
  /// Linear RGB; w is metallic.
  var span: SIMD4<Float>
  /// Linear RGB; w is the roughness that belongs to alpha.
  var emission: SIMD4<Float>
  /// (u, v) scale, (u, v) offset.
  var mapping: SIMD4<Float>
  /// Size of level 0 as numbers, (width, height, width, height).
  var size: SIMD4<Float>
  /// A single black texel where there is no texture.
  var texels: UnsafeRawPointer
  /// Two bytes a texel rather than eight.
  var isScalar: Bool
  var levels: UnsafePointer<Texture.Level>
  var lastLevel: Int
  /// Place of the whole material in the frame's `SurfaceTables`, or -1 where this is all of it.
  var surface: Int32

  /// `blank` stands in for a missing texture.
  init(_ m: Material, blank: Texture, surface: Int32 = -1) {
    self.surface = surface
    let base = SIMD3<Float>(m.baseColor)
    let alpha = max(Float(m.roughness * m.roughness), 0.002)
    emission = SIMD4(SIMD3<Float>(m.emission), alpha.squareRoot())
    albedo = AlbedoTable.row(roughness: alpha.squareRoot())
    let texture = m.baseColorTexture?.texture ?? blank
    texels = texture.texelBase
    levels = texture.levelBase
    isScalar = texture.isScalar
    lastLevel = texture.levels.count - 1
    let (w, h) = (Float(texture.levels[0].width), Float(texture.levels[0].height))
    size = SIMD4(w, h, w, h)
    mapping = SIMD4(1, 1, 0, 0)
    guard let use = m.baseColorTexture else {
      first = SIMD4(base, alpha)
      span = SIMD4(SIMD3(repeating: 0), Float(m.metallic))
      return
    }
    if let ramp = use.ramp {
      first = SIMD4(SIMD3<Float>(ramp.first * m.baseColor), alpha)
      span = SIMD4(SIMD3<Float>((ramp.second - ramp.first) * m.baseColor), Float(m.metallic))
    } else {
      first = SIMD4(SIMD3(repeating: 0), alpha)
      span = SIMD4(base, Float(m.metallic))
    }
    mapping = SIMD4(Float(use.scale.x), Float(use.scale.y), Float(use.offset.x), Float(use.offset.y))
  }
}
