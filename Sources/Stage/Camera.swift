import Geometry

/// A pinhole camera with OpenCV axes: +X right, +Y down, +Z forward.
public struct Camera: Hashable, Sendable {
  /// Focal lengths in pixels.
  public var fx: Double
  public var fy: Double
  /// Principal point in raster units: pixel (i, j) covers [i, i+1) x [j, j+1), so the middle of the image is (W/2, H/2).
  public var cx: Double
  public var cy: Double
  /// World to camera: `camera = rotation * world + translation`. `rotation` is orthonormal with determinant +1.
  public var rotation: Matrix3
  public var translation: Vector3
  /// Surfaces nearer than this along the optical axis are not drawn; metres, above 0.
  public var near: Double

  public init(
    fx: Double, fy: Double, cx: Double, cy: Double, rotation: Matrix3, translation: Vector3, near: Double = 0.01
  ) {
    self.fx = fx
    self.fy = fy
    self.cx = cx
    self.cy = cy
    self.rotation = rotation
    self.translation = translation
    self.near = near
  }

  /// The camera's centre in the world.
  public var position: Vector3 { -(rotation.transpose * translation) }

  public var worldToCamera: AffineTransform { AffineTransform(linear: rotation, translation: translation) }

  /// World-to-camera rotation of a camera at `eye` that looks at `target`, with `up` pointing up in the image; nil where
  /// the three do not span a view.
  public static func lookAt(eye: Vector3, target: Vector3, up: Vector3) -> Matrix3? {
    guard let z = (target - eye).normalized, let x = cross(z, up).normalized else { return nil }
    return Matrix3(x, cross(z, x), z)
  }

  /// The pixel coordinates (raster units) of a point in camera axes, or nil where it lies behind the near plane.
  public func project(_ p: Vector3) -> Vector2? {
    guard p.z >= near else { return nil }
    return Vector2(fx * p.x / p.z + cx, fy * p.y / p.z + cy)
  }
}
