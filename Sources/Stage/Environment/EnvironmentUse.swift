import Geometry

/// An environment as a frame uses it: turned, tinted, scaled. None of that changes the environment itself.
public struct EnvironmentUse: Sendable {
  public var environment: Environment
  /// Radians by which the environment is turned about +Z, counter-clockwise seen from above.
  public var rotation: Double
  /// Factor of all radiance, linear RGB, 0 or more: intensity times tint.
  public var scale: Vector3
  /// Whether it is seen where nothing is; else it only lights the scene and is mirrored by it.
  public var isBackground: Bool

  public init(
    environment: Environment, rotation: Double = 0, scale: Vector3 = Vector3(1, 1, 1), isBackground: Bool = true
  ) {
    self.environment = environment
    self.rotation = rotation
    self.scale = scale
    self.isBackground = isBackground
  }

  /// Turns directions of the world into the environment's axes, for lookups. Orthonormal.
  public var worldToEnvironment: Matrix3 {
    let (s, c) = StableMath.sincos(rotation)
    return Matrix3(Vector3(c, s, 0), Vector3(-s, c, 0), Vector3(0, 0, 1))
  }

  /// The environment's sun in the world, scaled; nil where it has none or it is switched off by `scale`.
  public var sun: Sun? {
    guard var sun = environment.sun, scale != Vector3() else { return nil }
    sun.direction = worldToEnvironment.transpose * sun.direction
    sun.irradiance *= scale
    return sun
  }

  /// Radiance from a direction of the world, of any length but 0.
  public func radiance(_ direction: Vector3, roughness: Double = 0) -> Vector3 {
    environment.radiance(worldToEnvironment * direction, roughness: roughness) * scale
  }

  /// Irradiance over pi on a surface with the unit normal `normal` of the world, the sun's left out.
  public func diffuse(normal: Vector3) -> Vector3 {
    environment.irradiance.radiance(normal: worldToEnvironment * normal) * scale
  }
}
