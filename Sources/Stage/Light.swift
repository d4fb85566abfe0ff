import Geometry

/// A distant light with parallel rays.
public struct Sun: Hashable, Sendable {
  /// Unit vector from the scene towards the sun.
  public var direction: Vector3
  /// Irradiance on a surface that faces the sun, linear RGB: a white Lambert surface of albedo 1 under irradiance
  /// pi has radiance 1, which is the picture's white at exposure 0.
  public var irradiance: Vector3
  /// Apparent diameter in radians; it softens the shadow's edge. The real sun's is 0.0093 (0.53 degrees).
  public var angularDiameter: Double
  public var castsShadow: Bool

  public init(direction: Vector3, irradiance: Vector3, angularDiameter: Double = 0.0093, castsShadow: Bool = true) {
    self.direction = direction
    self.irradiance = irradiance
    self.angularDiameter = angularDiameter
    self.castsShadow = castsShadow
  }
}

/// Light from all around, given by its radiance straight above and straight below and blended by the normal's z.
public struct HemisphericLight: Hashable, Sendable {
  /// Radiance from +Z and from -Z, linear RGB; white at exposure 0 is 1.
  public var sky: Vector3
  public var ground: Vector3

  public init(sky: Vector3, ground: Vector3) {
    self.sky = sky
    self.ground = ground
  }
}
