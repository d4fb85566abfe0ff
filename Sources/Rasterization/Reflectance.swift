/// What a surface point does with light: the metallic-roughness model of the glTF 2.0 specification, appendix B.
struct Reflectance {
  /// Linear RGB reflectance of the diffuse part.
  var diffuse: Lanes3
  /// Specular reflectance at normal incidence.
  var f0: Lanes3
  /// GGX alpha.
  var alpha: Lanes
  /// Its square root.
  var roughness: Lanes

  @inline(__always)
  init(baseColor: Lanes3, metallic: Lanes, alpha: Lanes, roughness: Lanes) {
    let dielectric = lanes(1) - metallic
    diffuse = baseColor * dielectric
    f0 = baseColor * metallic + Lanes3(dielectric, dielectric, dielectric) * lanes(0.04)
    self.alpha = alpha
    self.roughness = roughness
  }

  /// Radiance towards the viewer per unit of irradiance on a surface that faces the light, times the cosine.
  ///
  /// Lambert plus GGX (Walter et al. 2007, eq. 33) with height-correlated Smith masking (Heitz 2014, eq. 99) and
  /// Schlick's Fresnel term (1994). All vectors are of unit length; `nv` and `nl` are cosines, `nv` above 0.
  @inline(__always)
  func direct(normal: Lanes3, view: Lanes3, light: Lanes3, nv: Lanes, nl: Lanes) -> Lanes3 {
    let half = unit(view + light)
    let nh = dot(normal, half)
    let vh = maximum(dot(view, half), lanes(0))
    let a2 = alpha * alpha
    let rest = lanes(1) - a2
    let q = lanes(1) - nh * nh * rest
    let towardsView = squareRoot(nv * nv * rest + a2)
    let towardsLight = squareRoot(nl * nl * rest + a2)
    let masking = nl * towardsView + nv * towardsLight
    // D * G / (4 nl nv), with the light's cosine multiplied in.
    let normalizer = lanes(2 * Float.pi) * q * q
    let specular = a2 * nl / (normalizer * maximum(masking, lanes(1e-7)))
    let m = lanes(1) - vh
    let m2 = m * m
    let fresnel = m2 * m2 * m
    let grazing = Lanes3(lanes(1) - f0.x, lanes(1) - f0.y, lanes(1) - f0.z) * fresnel
    let f = f0 + grazing
    let lambert = nl * lanes(1 / Float.pi)
    let transmitted = Lanes3(lanes(1) - f.x, lanes(1) - f.y, lanes(1) - f.z)
    return diffuse * transmitted * lambert + f * specular
  }

  /// Radiance towards the viewer under light from all around: `irradiance` over pi for the diffuse part, `reflected`
  /// radiance for the specular part, weighted by the analytic fit of the GGX environment term in Karis, "Physically Based
  /// Shading on Mobile" (2014), kept within 0 and 1, which the fit leaves by 4 %. What is mirrored is not scattered: a
  /// surface never shows more light than it receives.
  @inline(__always)
  func ambient(diffuseLight: Lanes3, reflected: Lanes3, nv: Lanes) -> Lanes3 {
    let rx = lanes(1) - roughness
    let ry = lanes(0.0425) - roughness * 0.0275
    let rz = lanes(1.04) - roughness * 0.572
    let rw = roughness * 0.022 - lanes(0.04)
    let a = minimum(rx * rx, power2(nv * -9.28)) * rx + ry
    let scale = rz - a * 1.04
    let bias = rw + a * 1.04
    @inline(__always) func mirrored(_ f0: Lanes) -> Lanes {
      maximum(minimum(f0 * scale + bias, lanes(1)), lanes(0))
    }
    let specular = Lanes3(mirrored(f0.x), mirrored(f0.y), mirrored(f0.z))
    let transmitted = Lanes3(lanes(1) - specular.x, lanes(1) - specular.y, lanes(1) - specular.z)
    return diffuse * transmitted * diffuseLight + specular * reflected
  }

  /// The mirrored part of `direct` for light from a small piece of a surface that fills `solidAngle` steradians: the lobe is
  /// widened by half the piece's angular radius (Karis, "Real Shading in Unreal Engine 4", 2013, without its factor, for the
  /// widened lobe is itself of the right size).
  @inline(__always)
  func specular(normal: Lanes3, view: Lanes3, light: Lanes3, nv: Lanes, nl: Lanes, solidAngle: Lanes) -> Lanes3 {
    var wide = self
    wide.diffuse = Lanes3(lanes(0), lanes(0), lanes(0))
    wide.alpha = minimum(alpha + squareRoot(solidAngle * (1 / Float.pi) + 1e-12) * 0.5, lanes(1))
    return wide.direct(normal: normal, view: view, light: light, nv: nv, nl: nl)
  }

  /// Radiance of the scattered part per unit of irradiance over pi, seen at the cosine `nv`.
  @inline(__always)
  func scattered(nv: Lanes) -> Lanes3 {
    let m = lanes(1) - nv
    let m2 = m * m
    let fresnel = m2 * m2 * m
    @inline(__always) func rest(_ f0: Lanes) -> Lanes { lanes(1) - f0 - (lanes(1) - f0) * fresnel }
    return diffuse * Lanes3(rest(f0.x), rest(f0.y), rest(f0.z))
  }
}
