import Geometry

/// How a camera brings rays to its picture.
public enum Projection: Hashable, Sendable {
  /// (x / z, y / z) times the focal lengths.
  case pinhole
  /// A pinhole behind a lens that bends what it shows.
  case brownConrady(BrownConrady)
  /// By angles rather than by a plane; may see what is behind the camera.
  case fisheye(KannalaBrandt)
  /// Parallel rays: (x, y) times the "focal lengths", which are pixels a metre.
  case orthographic
}

extension Camera {
  /// What the depth plane holds: z along the optical axis, or, for a fisheye, whose z is zero or negative for half of what
  /// it may see, the distance from the camera's centre.
  public var depthIsDistance: Bool {
    if case .fisheye = projection { true } else { false }
  }

  /// Whether straight lines are bent in the picture.
  public var isBent: Bool {
    switch projection {
    case .pinhole, .orthographic: false
    case .brownConrady(let lens): !lens.isIdentity
    case .fisheye: true
    }
  }

  /// Whether all rays have one direction.
  public var isParallel: Bool {
    if case .orthographic = projection { true } else { false }
  }

  /// The pixel coordinates (raster units) of a point in camera axes, or nil where the camera cannot see it: nearer than the
  /// near plane (a fisheye: nearer than that distance) or outside what the lens shows.
  public func project(_ p: Vector3) -> Vector2? {
    switch projection {
    case .pinhole:
      guard p.z >= near else { return nil }
      return Vector2(fx * p.x / p.z + cx, fy * p.y / p.z + cy)
    case .brownConrady(let lens):
      guard p.z >= near, let q = lens.distort(Vector2(p.x / p.z, p.y / p.z)) else { return nil }
      return Vector2(fx * q.x + cx, fy * q.y + cy)
    case .fisheye(let lens):
      guard p.length >= near, let q = lens.distort(p) else { return nil }
      return Vector2(fx * q.x + cx, fy * q.y + cy)
    case .orthographic:
      guard p.z >= near else { return nil }
      return Vector2(fx * p.x + cx, fy * p.y + cy)
    }
  }

  /// Where the points at infinity in a direction, in camera axes, are seen: its vanishing point. Nil where that is behind the
  /// camera or outside what the lens shows, where it is farther away than rounding can tell (the direction lies in the picture's
  /// plane to within 1e-12 radians), and where rays are parallel, whose picture has no such points.
  public func project(direction d: Vector3) -> Vector2? {
    let q: Vector2?
    let isAhead = d.z > 1e-12 * d.length
    switch projection {
    case .pinhole: q = isAhead ? Vector2(d.x / d.z, d.y / d.z) : nil
    case .brownConrady(let lens): q = isAhead ? lens.distort(Vector2(d.x / d.z, d.y / d.z)) : nil
    case .fisheye(let lens): q = lens.distort(d)
    case .orthographic: q = nil
    }
    return q.flatMap { $0.x.isFinite && $0.y.isFinite ? Vector2(fx * $0.x + cx, fy * $0.y + cy) : nil }
  }

  /// The direction, of unit length and in camera axes, that a place of the picture looks in; nil outside what the lens
  /// shows. The inverse of `project` to within rounding.
  public func unproject(_ pixel: Vector2) -> Vector3? {
    let q = Vector2((pixel.x - cx) / fx, (pixel.y - cy) / fy)
    switch projection {
    case .pinhole: return Vector3(q.x, q.y, 1).normalized
    case .brownConrady(let lens): return lens.undistort(q).flatMap { Vector3($0.x, $0.y, 1).normalized }
    case .fisheye(let lens): return lens.undistort(q)
    case .orthographic: return Vector3(0, 0, 1)
    }
  }

  /// The ray, in camera axes, that ends at a place of the picture: `unproject` with where it starts, which is the camera's
  /// centre unless the rays are parallel.
  public func ray(through pixel: Vector2) -> (origin: Vector3, direction: Vector3)? {
    guard let direction = unproject(pixel) else { return nil }
    if case .orthographic = projection {
      return (Vector3((pixel.x - cx) / fx, (pixel.y - cy) / fy, 0), direction)
    }
    return (Vector3(), direction)
  }
}
