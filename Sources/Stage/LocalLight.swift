import Geometry

/// A light with a place in the scene.
///
/// Units hang together as photometry's do: where `intensity` is in candela, irradiance comes in lux and radiance in
/// candela per square metre, and a white Lambert surface under irradiance E has radiance E / pi. A frame shows radiance 1
/// as white at exposure 0.
public struct LocalLight: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    /// Shines alike in all directions; intensity in candela a channel.
    case point
    /// Shines within a cone around `axis` (unit vector): in full within the half angle `inner`, not at all beyond
    /// `outer`, with a smooth step of the cosine between; radians, 0 <= inner <= outer < pi / 2. Candela a channel.
    case spot(axis: Vector3, inner: Double, outer: Double)
    /// A rectangle of `2 |halfWidth|` by `2 |halfHeight|` metres, the two at right angles, that shines from one side,
    /// towards cross(halfWidth, halfHeight), with the same radiance in all directions; `intensity` is that radiance.
    case rectangle(halfWidth: Vector3, halfHeight: Vector3)
  }

  public var shape: Shape
  /// Its middle, in the world, metres.
  public var position: Vector3
  /// Linear RGB; the unit is the shape's.
  public var intensity: Vector3
  /// Radius in metres of the ball that softens the shadows of points and spots; nearer than that, light falls off no
  /// more. Above 0.
  public var radius: Double
  public var castsShadow: Bool

  public init(
    _ shape: Shape, position: Vector3, intensity: Vector3, radius: Double = 0.05, castsShadow: Bool = true
  ) {
    self.shape = shape
    self.position = position
    self.intensity = intensity
    self.radius = radius
    self.castsShadow = castsShadow
  }

  /// How many of them a frame may have.
  public static let most = 16
}

/// Light from all around that does not reach into corners: estimated from the depths that the camera sees.
public struct AmbientOcclusion: Hashable, Sendable {
  /// How far away a surface still hides light, in metres; above 0.
  public var radius: Double
  /// 0 none to 1 as estimated, up to 4.
  public var strength: Double

  public init(radius: Double = 0.5, strength: Double = 1) {
    self.radius = radius
    self.strength = strength
  }
}
