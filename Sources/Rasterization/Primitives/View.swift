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
  /// Whether rays are parallel. Then nearness, which is 1 / z elsewhere and must be linear on the picture, above 0 and
  /// larger where things are nearer, is `far - z`.
  let isParallel: Bool
  /// Whether what lies beside the picture is kept, as far as the guard band reaches.
  let isUnbounded: Bool
  private let far: Double

  init(_ frame: Frame, isWarped: Bool = false, isUnbounded: Bool = false) {
    self.isWarped = isWarped
    self.isUnbounded = isUnbounded
    isParallel = frame.camera.isParallel
    far = isParallel ? View.far(frame) : 0
    camera = frame.camera
    width = frame.width
    height = frame.height
    let c = frame.camera
    let (low, high) = (FixedPoint.guardLow + 1, FixedPoint.guardHigh - 1)
    if isParallel {
      clipper = Clipper(planes: [
        .init(normal: Vector3(0, 0, 1), offset: -c.near),
        .init(normal: Vector3(c.fx, 0, 0), offset: c.cx - low),
        .init(normal: Vector3(-c.fx, 0, 0), offset: high - c.cx),
        .init(normal: Vector3(0, c.fy, 0), offset: c.cy - low),
        .init(normal: Vector3(0, -c.fy, 0), offset: high - c.cy),
      ])
      return
    }
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
    if isParallel { return SIMD2(camera.fx, camera.fy) * SIMD2(p.x, p.y) + SIMD2(camera.cx, camera.cy) }
    let inverseZ = 1 / p.z
    return SIMD2(camera.fx, camera.fy) * SIMD2(p.x, p.y) * inverseZ + SIMD2(camera.cx, camera.cy)
  }

  /// Whether a primitive whose samples lie in these columns and rows, if in any, has none in the picture.
  @inline(__always) func misses(_ b: (firstX: Int32, lastX: Int32, firstY: Int32, lastY: Int32)) -> Bool {
    if b.lastX < b.firstX || b.lastY < b.firstY { return true }
    if isUnbounded { return false }
    return b.lastX < 0 || b.firstX >= Int32(width) || b.lastY < 0 || b.firstY >= Int32(height)
  }

  /// What is interpolated in place of depth.
  @inline(__always) func nearness(_ z: Double) -> Double { isParallel ? far - z : 1 / z }

  /// The depth at a nearness.
  func depth(nearness: Double) -> Double { isParallel ? far - nearness : 1 / nearness }

  /// Twice as far as the farthest corner of all that is drawn, counted from the near plane, so that nearness is at least
  /// half of its largest value wherever something is.
  private static func far(_ frame: Frame) -> Double {
    var farthest = frame.camera.near + 1
    for instance in frame.instances {
      let toCamera = frame.camera.worldToCamera * instance.objectToWorld
      for p in instance.mesh.corners(under: toCamera) where p.z.isFinite { farthest = max(farthest, p.z) }
    }
    return 2 * farthest - frame.camera.near
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
      if isUnbounded { continue }
      if isParallel {
        let q = project(p)
        if q.x >= 0 { outside.left = false }
        if q.x <= Double(width) { outside.right = false }
        if q.y >= 0 { outside.top = false }
        if q.y <= Double(height) { outside.bottom = false }
        continue
      }
      if c.fx * p.x + c.cx * p.z >= 0 { outside.left = false }
      if c.fx * p.x + (c.cx - Double(width)) * p.z <= 0 { outside.right = false }
      if c.fy * p.y + c.cy * p.z >= 0 { outside.top = false }
      if c.fy * p.y + (c.cy - Double(height)) * p.z <= 0 { outside.bottom = false }
    }
    if isUnbounded { return outside.near ? .outside : allInFront ? .inFront : .crossesNear }
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
