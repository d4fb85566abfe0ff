// Which way each pixel of a lens that bends its picture looks.
//
// A picture is never bent afterwards: pixels would be mixed, and labels cannot be mixed. Instead every pixel is given its
// place on an ideal picture, that of a pinhole, and the triangles of that ideal picture are asked at those places, by the
// same exact edge functions as ever. Lenses too wide for one plane look through the faces of a cube around the camera:
// each pixel through the one that its ray meets.
//
// Ideal pictures are twice as fine as the picture, and places on them are snapped to 1/256 of their pixels; so a place is
// within 1/1000 of a pixel of where the lens looks.

import Geometry
import Stage

/// One ideal picture: a pinhole turned away from the camera.
struct IdealPlane {
  /// Camera axes to the plane's own.
  let rotation: Matrix3
  /// In the plane's pixels.
  let f: Double
  let cx: Double
  let cy: Double
  let width: Int
  let height: Int

  /// The frame as the plane's pinhole sees it.
  func frame(_ frame: Frame) -> Frame {
    var ideal = frame
    (ideal.width, ideal.height) = (width, height)
    ideal.camera = Camera(
      fx: f, fy: f, cx: cx, cy: cy, rotation: rotation * frame.camera.rotation,
      translation: rotation * frame.camera.translation, near: frame.camera.near)
    return ideal
  }
}

/// The places of a tile's samples on a plane: bounds in 1/256 of its pixels, both ends included.
struct PlaneBounds {
  var x0 = Int32.max
  var x1 = Int32.min
  var y0 = Int32.max
  var y1 = Int32.min

  @inline(__always) var isEmpty: Bool { x1 < x0 }

  @inline(__always) mutating func include(_ x: Int32, _ y: Int32) {
    (x0, x1) = (min(x0, x), max(x1, x))
    (y0, y1) = (min(y0, y), max(y1, y))
  }

  @inline(__always) mutating func include(_ b: PlaneBounds) {
    (x0, x1) = (min(x0, b.x0), max(x1, b.x1))
    (y0, y1) = (min(y0, b.y0), max(y1, b.y1))
  }

  @inline(__always) func overlaps(_ b: PlaneBounds) -> Bool { x0 <= b.x1 && b.x0 <= x1 && y0 <= b.y1 && b.y0 <= y1 }

  /// Whether all of it, all that is outside one side, or neither is sure.
  @inline(__always)
  func cover(_ edges: (Edge, Edge, Edge)) -> SampleTile.Cover {
    @inline(__always) func most(_ e: Edge) -> Int64 { e.value(x: e.a > 0 ? x1 : x0, y: e.b > 0 ? y1 : y0) }
    @inline(__always) func least(_ e: Edge) -> Int64 { e.value(x: e.a > 0 ? x0 : x1, y: e.b > 0 ? y0 : y1) }
    if most(edges.0) | most(edges.1) | most(edges.2) < 0 { return .none }
    return least(edges.0) | least(edges.1) | least(edges.2) >= 0 ? .all : .some
  }
}

extension Primitive {
  @inline(__always) var bounds: PlaneBounds {
    PlaneBounds(
      x0: min(x0, min(x1, x2)), x1: max(x0, max(x1, x2)), y0: min(y0, min(y1, y2)), y1: max(y0, max(y1, y2)))
  }
}

/// The rays of all pixels. A function of the camera's lens and the picture's size, not of where the camera stands: it is
/// made once and used for as many frames as have the same.
final class RayField {
  /// What a field is made from.
  struct Key: Hashable {
    var projection: Projection
    var intrinsics: SIMD4<Double>
    var width: Int
    var height: Int

    init(_ frame: Frame) {
      let c = frame.camera
      projection = c.projection
      intrinsics = SIMD4(c.fx, c.fy, c.cx, c.cy)
      (width, height) = (frame.width, frame.height)
    }
  }

  static let nothing = UInt8.max

  let key: Key
  let width: Int
  let planes: [IdealPlane]
  /// The plane of each pixel, or `nothing` where the lens shows nothing.
  let plane: [UInt8]
  /// The place of each pixel's centre on its plane, in 1/256 of that one's pixels.
  var x: UnsafePointer<Int32> { rays.x }
  var y: UnsafePointer<Int32> { rays.y }
  /// How the place moves, in the plane's pixels: (dx, dy) a pixel to the right, (dx, dy) a pixel down.
  var slope: UnsafePointer<SIMD4<Float>> { rays.slope }
  /// The three of them. Written before `init` returns, never after, freed by `deinit`.
  let rays: WarpedRays
  let showsAll: Bool
  /// Bounds of the samples of tile t on plane p, at `p * tiles + t`.
  let tiles: [PlaneBounds]
  let grid: TileGrid

  /// A plane serves up to this tangent of the angle from its axis; a face of a cube up to 1.
  private static let widest = 2.0

  init(_ frame: Frame) {
    let (width, height, camera) = (frame.width, frame.height, frame.camera)
    key = Key(frame)
    self.width = width
    grid = TileGrid(width: width, height: height)
    var directions = [Vector3](repeating: Vector3(), count: width * height)
    var isNarrow = true
    for y in 0..<height {
      for x in 0..<width {
        guard let d = camera.unproject(Vector2(Double(x) + 0.5, Double(y) + 0.5)) else { continue }
        directions[y * width + x] = d
        if !(max(abs(d.x), abs(d.y)) <= RayField.widest * d.z) { isNarrow = false }
      }
    }
    let rotations = isNarrow ? [Matrix3.identity] : RayField.cube
    // The plane of each pixel, and the part of each plane that is looked at.
    var face = [UInt8](repeating: RayField.nothing, count: width * height)
    var low = [Vector2](repeating: Vector2(.infinity, .infinity), count: rotations.count)
    var high = [Vector2](repeating: Vector2(-.infinity, -.infinity), count: rotations.count)
    for (k, d) in directions.enumerated() where d != Vector3() {
      let f = isNarrow ? 0 : RayField.face(d)
      face[k] = UInt8(f)
      let p = rotations[f] * d
      let q = Vector2(p.x / p.z, p.y / p.z)
      (low[f], high[f]) = (pointwiseMin(low[f], q), pointwiseMax(high[f], q))
    }
    var number = [UInt8](repeating: RayField.nothing, count: rotations.count)
    var planes: [IdealPlane] = []
    for f in rotations.indices where low[f].x.isFinite {
      number[f] = UInt8(planes.count)
      planes.append(IdealPlane(rotations[f], from: low[f], to: high[f], focal: max(camera.fx, camera.fy)))
    }
    for k in face.indices where face[k] != RayField.nothing { face[k] = number[Int(face[k])] }

    let xs = UnsafeMutablePointer<Int32>.allocate(capacity: width * height)
    let ys = UnsafeMutablePointer<Int32>.allocate(capacity: width * height)
    let slopes = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: width * height)
    xs.initialize(repeating: RayField.away, count: width * height)
    ys.initialize(repeating: RayField.away, count: width * height)
    slopes.initialize(repeating: SIMD4(), count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let k = y * width + x
        guard face[k] != RayField.nothing else { continue }
        let plane = planes[Int(face[k])]
        /// A pixel's place on this pixel's plane; nil where the lens or the plane does not reach.
        func place(_ x: Int, _ y: Int) -> Vector2? {
          guard x >= 0, y >= 0, x < width, y < height, directions[y * width + x] != Vector3() else { return nil }
          let p = plane.rotation * directions[y * width + x]
          guard p.z > 0.1 else { return nil }
          return Vector2(p.x / p.z * plane.f + plane.cx, p.y / p.z * plane.f + plane.cy)
        }
        guard let here = place(x, y) else { continue }
        let snapped = FixedPoint.snap(here)
        (xs[k], ys[k]) = (snapped.x, snapped.y)
        func change(_ a: Vector2?, _ b: Vector2?) -> Vector2 {
          switch (a, b) {
          case (let a?, let b?): (b - a) / 2
          case (let a?, nil): here - a
          case (nil, let b?): b - here
          case (nil, nil): Vector2()
          }
        }
        let right = change(place(x - 1, y), place(x + 1, y))
        let down = change(place(x, y - 1), place(x, y + 1))
        slopes[k] = SIMD4(Float(right.x), Float(right.y), Float(down.x), Float(down.y))
      }
    }
    self.planes = planes
    plane = face
    rays = WarpedRays(x: UnsafePointer(xs), y: UnsafePointer(ys), slope: UnsafePointer(slopes), width: width)
    showsAll = !face.contains(RayField.nothing)
    var bounds = [PlaneBounds](repeating: PlaneBounds(), count: planes.count * grid.count)
    for t in 0..<grid.count {
      let tile = grid.rectangle(t)
      for y in tile.y..<tile.y + tile.height {
        for x in tile.x..<tile.x + tile.width {
          let k = y * width + x
          guard face[k] != RayField.nothing else { continue }
          // No sample is farther from the centre than half a pixel in x and in y.
          let s = slopes[k]
          let (rx, ry) = ((abs(s.x) + abs(s.z)) * 128 + 2, (abs(s.y) + abs(s.w)) * 128 + 2)
          let b = Int(face[k]) * grid.count + t
          bounds[b].include(xs[k] &- Int32(rx), ys[k] &- Int32(ry))
          bounds[b].include(xs[k] &+ Int32(rx), ys[k] &+ Int32(ry))
        }
      }
    }
    tiles = bounds
  }

  deinit {
    rays.x.deallocate()
    rays.y.deallocate()
    rays.slope.deallocate()
  }

  /// Where the samples of pixels lie that are not on a plane: beyond every triangle. Differences to it fit Int32.
  static let away: Int32 = 1 << 28

  /// Camera axes to those of the cube's faces: rows are right, down and forward. First the one straight ahead.
  private static let cube: [Matrix3] = [
    .identity,
    Matrix3(Vector3(0, 0, -1), Vector3(0, 1, 0), Vector3(1, 0, 0)),
    Matrix3(Vector3(0, 0, 1), Vector3(0, 1, 0), Vector3(-1, 0, 0)),
    Matrix3(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 1, 0)),
    Matrix3(Vector3(1, 0, 0), Vector3(0, 0, 1), Vector3(0, -1, 0)),
    Matrix3(Vector3(-1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, -1)),
  ]

  /// The face that a ray goes through.
  private static func face(_ d: Vector3) -> Int {
    let (ax, ay, az) = (abs(d.x), abs(d.y), abs(d.z))
    if az >= ax && az >= ay { return d.z > 0 ? 0 : 5 }
    if ax >= ay { return d.x > 0 ? 1 : 2 }
    return d.y > 0 ? 3 : 4
  }

  func bounds(plane p: Int, tile t: Int) -> PlaneBounds { tiles[p * grid.count + t] }
}

extension IdealPlane {
  /// A plane for the tangents from `low` to `high`, twice as fine as a picture of `focal` pixels of focal length, or as
  /// fine as fits the coordinates of triangles.
  fileprivate init(_ rotation: Matrix3, from low: Vector2, to high: Vector2, focal: Double) {
    self.rotation = rotation
    let extent = max(high.x - low.x, max(high.y - low.y, 1e-6))
    f = min(2 * focal, 60_000 / extent)
    // Samples lie up to a pixel outside the centres.
    let margin = 8.0
    cx = margin - low.x * f
    cy = margin - low.y * f
    width = Int((high.x - low.x) * f + 2 * margin) + 1
    height = Int((high.y - low.y) * f + 2 * margin) + 1
  }
}
