import LaneMath

/// What a surface point does with light, seen from where it is seen: the metallic-roughness model of the glTF 2.0
/// specification, appendix B, with what bounces between the microfacets put back (Turquin, "Practical multiple scattering
/// compensation for microfacet models", 2019). What is mirrored towards the viewer is not scattered: under white light from
/// all around a surface of reflectance 1 shows exactly what it receives.
struct Reflectance {
  /// Linear RGB: radiance of the scattered part per unit of irradiance over pi.
  var diffuse: Lanes3
  /// Specular reflectance at normal incidence, and at grazing angles.
  var f0: Lanes3
  var f90: Lanes
  /// GGX alpha.
  var alpha: Lanes
  /// Its square root.
  var roughness: Lanes
  /// Factor of the mirrored part of single lights: bounces between microfacets, and layers on top.
  var gain: Lanes3
  /// Share of white light from all around that is mirrored towards the viewer.
  var mirrored: Lanes3

  /// - Parameters:
  ///   - scattering: albedo under the mirroring surface, linear RGB.
  ///   - e, b: what `AlbedoTable` says for the cosine of the view and the roughness.
  @inline(__always)
  init(scattering: Lanes3, f0: Lanes3, f90: Lanes, alpha: Lanes, roughness: Lanes, e: Lanes, b: Lanes) {
    self.f0 = f0
    self.f90 = f90
    self.alpha = alpha
    self.roughness = roughness
    // Turquin's eq. 16: of what a bounce leaves on its way, (1 - E) / E, the share f0 comes out after all.
    let one = lanes(1)
    let lost = (one - e) / e
    gain = Lanes3(one + f0.x * lost, one + f0.y * lost, one + f0.z * lost)
    let (a, grazing) = (e - b, f90 * b)
    @inline(__always) func share(_ f0: Lanes, _ gain: Lanes) -> Lanes { minimum((f0 * a + grazing) * gain, one) }
    mirrored = Lanes3(share(f0.x, gain.x), share(f0.y, gain.y), share(f0.z, gain.z))
    diffuse = scattering * Lanes3(one - mirrored.x, one - mirrored.y, one - mirrored.z)
  }

  /// Lets the share `s` of light through to the surface and back.
  @inline(__always)
  mutating func dim(_ s: Lanes) {
    diffuse = diffuse * s
    gain = gain * s
    mirrored = mirrored * s
  }

  /// Radiance towards the viewer per unit of irradiance on a surface that faces the light, times the cosine.
  ///
  /// Lambert plus GGX (Walter et al. 2007, eq. 33) with height-correlated Smith masking (Heitz 2014, eq. 99) and
  /// Schlick's Fresnel term (1994). All vectors are of unit length; `nv` and `nl` are cosines, `nv` above 0.
  @inline(__always)
  func direct(normal: Lanes3, view: Lanes3, light: Lanes3, nv: Lanes, nl: Lanes) -> Lanes3 {
    let half = HalfVector(view, light)
    let specular = Reflectance.lobe(alpha: alpha, sine2: half.sine2(normal), nv: nv, nl: nl)
    let m = lanes(1) - half.cosine
    let m2 = m * m
    let fresnel = m2 * m2 * m
    let grazing = Lanes3(f90 - f0.x, f90 - f0.y, f90 - f0.z) * fresnel
    return diffuse * (nl * lanes(1 / Float.pi)) + (f0 + grazing) * gain * specular
  }

  /// D G / (4 nl nv) of GGX, with the light's cosine multiplied in. `sine2` is the squared sine between the normal and the
  /// half vector: the difference of 1 and a squared cosine has no digits left where the lobe is narrow.
  @inline(__always)
  static func lobe(alpha: Lanes, sine2: Lanes, nv: Lanes, nl: Lanes) -> Lanes {
    let a2 = alpha * alpha
    let rest = lanes(1) - a2
    let q = a2 + sine2 * rest
    let towardsView = squareRoot(nv * nv * rest + a2)
    let towardsLight = squareRoot(nl * nl * rest + a2)
    let masking = nl * towardsView + nv * towardsLight
    let normalizer = lanes(2 * Float.pi) * q * q
    return a2 * nl / (normalizer * maximum(masking, lanes(1e-7)))
  }

  /// Radiance towards the viewer under light from all around: `diffuseLight` is irradiance over pi, for the scattered part,
  /// `reflected` the mean radiance in the mirrored lobe.
  @inline(__always)
  func ambient(diffuseLight: Lanes3, reflected: Lanes3) -> Lanes3 { diffuse * diffuseLight + mirrored * reflected }

  /// The mirrored part of `direct` for light from a small piece of a surface that fills `solidAngle` steradians: the lobe is
  /// widened by half the piece's angular radius (Karis, "Real Shading in Unreal Engine 4", 2013, without its factor, for the
  /// widened lobe is itself of the right size).
  @inline(__always)
  func specular(normal: Lanes3, view: Lanes3, light: Lanes3, nv: Lanes, nl: Lanes, solidAngle: Lanes) -> Lanes3 {
    var wide = self
    wide.diffuse = Lanes3(lanes(0), lanes(0), lanes(0))
    wide.alpha = minimum(alpha + Reflectance.widening(solidAngle), lanes(1))
    return wide.direct(normal: normal, view: view, light: light, nv: nv, nl: nl)
  }

  @inline(__always)
  static func widening(_ solidAngle: Lanes) -> Lanes { squareRoot(solidAngle * (1 / Float.pi) + 1e-12) * 0.5 }
}

/// The direction half way between view and light, both of unit length.
struct HalfVector {
  private let sum: Lanes3
  private let inverse: Lanes
  /// Its cosine with either.
  let cosine: Lanes

  @inline(__always)
  init(_ view: Lanes3, _ light: Lanes3) {
    sum = view + light
    let squared = maximum(dot(sum, sum), lanes(1e-12))
    inverse = reciprocalSquareRoot(squared)
    // |v + l|^2 = 2 + 2 v . l, and v . (v + l) = 1 + v . l is half of it.
    cosine = minimum(squared * inverse * 0.5, lanes(1))
  }

  /// Squared sine of its angle with a unit vector.
  @inline(__always)
  func sine2(_ normal: Lanes3) -> Lanes {
    let c = cross(normal, sum)
    return minimum(dot(c, c) * (inverse * inverse), lanes(1))
  }
}
