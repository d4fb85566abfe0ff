import LaneMath

/// What lies on a surface: fibres, and a clear layer on top of them. Light that they send back does not reach what is below,
/// which is dimmed by as much (`below`).
struct SurfaceLayers {
  /// The share of the surface that is coated, times what it mirrors of white light from all around; GGX alpha, perceptual
  /// roughness; the cosine of the view with the surface itself, whose bumps the layer fills.
  private var coat: Lanes
  private var coatAlbedo: Lanes
  private var coatAlpha: Lanes
  var coatRoughness: Lanes
  private var coatCosine: Lanes
  /// Linear RGB of the fibres, dimmed by the coat; the inverse of their alpha.
  private var sheen: Lanes3
  private var sheenExponent: Lanes
  private var sheenAlbedo: Lanes

  /// Reflectance of the clear layer at normal incidence: refractive index 1.5.
  private static let clear: Float = 0.04

  /// - Parameters:
  ///   - coat: 0 to 1, with its roughness and the view's cosine; `e` and `b` of `AlbedoTable` for these.
  ///   - sheen: linear RGB with its roughness and the share of `SheenTable`.
  @inline(__always)
  init(
    coat: Lanes, roughness: Lanes, coatCosine: Lanes, e: Lanes, b: Lanes, sheen: Lanes3, sheenRoughness: Lanes,
    sheenAlbedo: Lanes
  ) {
    self.coat = coat
    self.coatCosine = coatCosine
    coatAlpha = maximum(roughness * roughness, lanes(0.002))
    coatRoughness = maximum(roughness, lanes(0.0447))
    coatAlbedo = coat * minimum((e - b) * SurfaceLayers.clear + b, lanes(1))
    let r = maximum(sheenRoughness, lanes(0.1))
    sheenExponent = lanes(1) / (r * r)
    self.sheenAlbedo = sheenAlbedo
    self.sheen = sheen * (lanes(1) - coatAlbedo)
  }

  /// Share of light that comes through all layers.
  @inline(__always) var below: Lanes {
    let strongest = maximum(sheen.x, maximum(sheen.y, sheen.z))
    return lanes(1) - coatAlbedo - strongest * sheenAlbedo
  }

  /// Share that comes through the clear layer.
  @inline(__always) var belowCoat: Lanes { lanes(1) - coatAlbedo }

  /// The same for light from a piece of a surface: see `Reflectance.specular`.
  @inline(__always)
  func widened(_ alpha: Lanes) -> SurfaceLayers {
    var wide = self
    wide.coatAlpha = minimum(coatAlpha + alpha, lanes(1))
    return wide
  }

  /// As `Reflectance.direct`; `surface` is the normal of the clear layer.
  @inline(__always)
  func direct(normal: Lanes3, surface: Lanes3, view: Lanes3, light: Lanes3, nv: Lanes, nl: Lanes) -> Lanes3 {
    let half = HalfVector(view, light)
    let m = lanes(1) - half.cosine
    let m2 = m * m
    let fresnel = m2 * m2 * m * (1 - SurfaceLayers.clear) + SurfaceLayers.clear
    let lobe = Reflectance.lobe(
      alpha: coatAlpha, sine2: half.sine2(surface), nv: coatCosine, nl: maximum(dot(surface, light), lanes(0)))
    let mirrored = coat * fresnel * lobe
    // Inverted sines to a power (Estevez & Kulla, "Production friendly microfacet sheen BRDF", 2017, eq. 2), with the
    // visibility of Neubelt & Pettineo (2013).
    let sine2 = maximum(half.sine2(normal), lanes(1e-6))
    let density = (sheenExponent + 2) * power2(maximum(logarithm2(sine2) * sheenExponent * 0.5, lanes(-126)))
    let visibility = lanes(0.25 * 0.5 / Float.pi) / maximum(nl + nv - nl * nv, lanes(1e-4))
    let fibres = sheen * (density * visibility * nl)
    return Lanes3(fibres.x + mirrored, fibres.y + mirrored, fibres.z + mirrored)
  }

  /// As `Reflectance.ambient`; `reflected` is the mean radiance that the clear layer mirrors. Fibres spread widely: for them
  /// the scattered light will do.
  @inline(__always)
  func ambient(diffuseLight: Lanes3, reflected: Lanes3) -> Lanes3 {
    sheen * sheenAlbedo * diffuseLight + reflected * coatAlbedo
  }
}
