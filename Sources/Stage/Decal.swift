import Geometry

/// A picture laid on a surface from one side: a label, a print, a stain. It is blended over the base colour.
///
/// A projector is a box in the object's frame. A point of the surface is covered where `objectToDecal` puts it within
/// 0...1 along x and y, which are the texture's u and v, and within -1...1 along z, and where its normal looks towards
/// the projector. There the decal's opacity, times the texture's alpha or, for a mask, its red channel, mixes `color`
/// times the texture's colour over the base colour, and `roughness` and `metallic` over the surface's.
public struct Decal: Hashable, Sendable {
  /// Object to (u, v, depth).
  public var objectToDecal: AffineTransform
  /// Unit vector in the object's frame out of the picture, towards the one who looks at it.
  public var facing: Vector3
  /// The least cosine between the surface's normal and `facing` of what is covered; -1 for both sides.
  public var leastCosine: Double
  public var texture: TextureUse
  /// True where the texture's red channel is coverage and has no colour of its own.
  public var isMask: Bool
  /// Multiplies the texture's colour; linear RGB, 0 to 1.
  public var color: Vector3
  /// 0 to 1.
  public var opacity: Double
  /// 0 to 1; nil for the surface's own.
  public var roughness: Double?
  public var metallic: Double?

  /// - Parameters:
  ///   - center: of the picture, in the object's frame.
  ///   - facing, up: unit vectors, perpendicular; the picture's outward direction and its upper edge.
  ///   - size: width and height, above 0.
  ///   - depth: how far in front of and behind the picture it reaches; above 0.
  public init(
    center: Vector3, facing: Vector3, up: Vector3, size: Vector2, depth: Double, texture: TextureUse, isMask: Bool,
    color: Vector3 = Vector3(1, 1, 1), opacity: Double = 1, roughness: Double? = nil, metallic: Double? = nil,
    leastCosine: Double = 0.1
  ) {
    let right = cross(up, facing)
    // v runs downwards.
    let linear = Matrix3(right / size.x, -up / size.y, facing / depth)
    objectToDecal = AffineTransform(
      linear: linear, translation: Vector3(0.5, 0.5, 0) - linear * center)
    self.facing = facing
    self.leastCosine = leastCosine
    self.texture = texture
    self.isMask = isMask
    self.color = color
    self.opacity = opacity
    self.roughness = roughness
    self.metallic = metallic
  }

  /// Texture coordinates of a point of the object's surface, before the texture's own scale and offset; nil where it is
  /// not covered.
  public func coordinates(_ point: Vector3, normal: Vector3) -> Vector2? {
    guard dot(normal, facing) >= leastCosine else { return nil }
    let p = objectToDecal * point
    guard p.x >= 0, p.x <= 1, p.y >= 0, p.y <= 1, p.z >= -1, p.z <= 1 else { return nil }
    return Vector2(p.x, p.y)
  }
}
