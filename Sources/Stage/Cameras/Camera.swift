import Geometry

/// A camera with OpenCV axes: +X right, +Y down, +Z forward. `Projection.swift` has the way from points to pixels.
public struct Camera: Hashable, Sendable {
  /// How rays come to the picture.
  public var projection: Projection
  /// Focal lengths in pixels; pixels a metre where the rays are parallel.
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
  /// The camera's name in its rig; empty where there is one camera.
  public var view = ""

  public init(
    fx: Double, fy: Double, cx: Double, cy: Double, rotation: Matrix3, translation: Vector3, near: Double = 0.01,
    projection: Projection = .pinhole
  ) {
    self.projection = projection
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
}
