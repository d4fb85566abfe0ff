import Geometry
import Stage

/// The camera as the geometry stage uses it.
struct View {
  let camera: Camera
  let width: Int
  let height: Int
  /// Near plane first, then the guard band, in camera axes.
  let clipper: Clipper
  /// Whether samples lie anywhere rather than in the middle of their pixels: then nothing passes between them.
  let isWarped: Bool

  init(_ frame: Frame, isWarped: Bool = false) {
    self.isWarped = isWarped
    camera = frame.camera
    width = frame.width
    height = frame.height
    let c = frame.camera
    let (low, high) = (FixedPoint.guardLow + 1, FixedPoint.guardHigh - 1)
    clipper = Clipper(planes: [
      .init(normal: Vector3(0, 0, 1), offset: -c.near),
      .init(normal: Vector3(c.fx, 0, c.cx - low), offset: 0),
      .init(normal: Vector3(-c.fx, 0, high - c.cx), offset: 0),
      .init(normal: Vector3(0, c.fy, c.cy - low), offset: 0),
      .init(normal: Vector3(0, -c.fy, high - c.cy), offset: 0),
    ])
  }

  /// The pixel position of a point in camera axes with z > 0.
  @inline(__always) func project(_ p: Vector3) -> SIMD2<Double> {
    let inverseZ = 1 / p.z
    return SIMD2(camera.fx, camera.fy) * SIMD2(p.x, p.y) * inverseZ + SIMD2(camera.cx, camera.cy)
  }

  /// Where a box given by its corners in camera axes lies.
  enum Placement {
    /// No part of it can be in the image.
    case outside
    /// Wholly beyond the near plane.
    case inFront
    case crossesNear
  }

  func place(corners: [Vector3]) -> Placement {
    // A vertex at infinity says nothing about where the others are.
    guard corners.allSatisfy(\.isFinite) else { return .crossesNear }
    let c = camera
    var outside: (near: Bool, left: Bool, right: Bool, top: Bool, bottom: Bool) = (true, true, true, true, true)
    var allInFront = true
    for p in corners {
      if p.z >= c.near { outside.near = false } else { allInFront = false }
      if c.fx * p.x + c.cx * p.z >= 0 { outside.left = false }
      if c.fx * p.x + (c.cx - Double(width)) * p.z <= 0 { outside.right = false }
      if c.fy * p.y + c.cy * p.z >= 0 { outside.top = false }
      if c.fy * p.y + (c.cy - Double(height)) * p.z <= 0 { outside.bottom = false }
    }
    if outside.near || outside.left || outside.right || outside.top || outside.bottom { return .outside }
    return allInFront ? .inFront : .crossesNear
  }
}

extension Mesh {
  /// The eight corners of the bounding box under a transform.
  func corners(under t: AffineTransform) -> [Vector3] {
    (0..<8).map { k in
      t
        * Vector3(
          k & 1 == 0 ? lowerBound.x : upperBound.x, k & 2 == 0 ? lowerBound.y : upperBound.y,
          k & 4 == 0 ? lowerBound.z : upperBound.z)
    }
  }
}
