import CLanes
import Geometry
import LaneMath
import Stage

// How much of the light from all around reaches the surfaces that the camera sees, at every second pixel and row.
//
// Scalable ambient obscurance (McGuire, Mara and Luebke 2012): a spiral of points in the picture around each pixel, whose
// size follows the radius in metres; each point nearer than the radius and above the surface hides some light. The spiral
// is turned differently in each of 4 x 4 pixels, and a 4 x 4 blur that stops at edges of depth makes one value of the 16.

struct OcclusionMap: ~Copyable {
  /// Size of the map: half the image's, rounded up. Value (x, y) belongs to pixel (2x, 2y).
  private(set) var width = 0
  private(set) var height = 0
  /// z of the pixels' centres in metres, or the distance where the lens bends the picture; 0 where nothing is seen. Unit
  /// normals in camera axes. Rows are `stride` long, with room for a vector's overhang.
  private(set) var depth = Scratch<Float>()
  private(set) var normalX = Scratch<Float>()
  private(set) var normalY = Scratch<Float>()
  private(set) var normalZ = Scratch<Float>()
  /// Where rays do not all meet in one point, or are not linear in the pixel's place: the points in camera axes.
  private var pointX = Scratch<Float>()
  private var pointY = Scratch<Float>()
  private var pointZ = Scratch<Float>()
  private var hasPoints = false
  private var isParallel = false
  private var isBent = false
  /// 1 where all light arrives to 0 where none does.
  private(set) var open = Scratch<Float>()
  private var blurred = Scratch<Float>()
  /// What shading looks up: depth and openness side by side, rows of `width + 1`, the last value twice.
  private var pairs = Scratch<SIMD2<Float>>()
  private(set) var stride = 0
  private var settings = AmbientOcclusion()
  private var ray = SIMD4<Float>(repeating: 0)
  private var focal: Float = 1
  private let spiral = Scratch<Lanes>(capacity: 2 * 4 * OcclusionMap.taps)

  /// Values before and behind each row, of depth 0, so that a filter need not know where it ends.
  private static let margin = 8

  @inline(__always) private func place(_ x: Int, _ y: Int) -> Int { y &* stride &+ OcclusionMap.margin &+ x }

  private static let taps = 16
  private static let turns = 7

  init() {
    // For each of four rows and each tap the sines, then the cosines, of four columns twice.
    for row in 0..<4 {
      for tap in 0..<OcclusionMap.taps {
        var (sines, cosines) = (lanes(0), lanes(0))
        for column in 0..<8 {
          // A 4 x 4 pattern in which neighbours differ much.
          let order = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5][row * 4 + column % 4]
          let turn = Double(tap * OcclusionMap.turns) / Double(OcclusionMap.taps) + Double(order) / 16
          let (s, c) = StableMath.sincos(2 * Double.pi * (turn - turn.rounded(.down)))
          (sines[column], cosines[column]) = (Float(s), Float(c))
        }
        spiral.base[(row * OcclusionMap.taps + tap) * 2] = sines
        spiral.base[(row * OcclusionMap.taps + tap) * 2 + 1] = cosines
      }
    }
  }

  /// Makes room for a frame. All pixels see nothing.
  mutating func begin(_ frame: Frame, _ settings: AmbientOcclusion) {
    self.settings = settings
    width = (frame.width + 1) / 2
    height = (frame.height + 1) / 2
    stride = width + 2 * OcclusionMap.margin
    let count = stride * height + OcclusionMap.margin
    depth.reserve(count)
    normalX.reserve(count)
    normalY.reserve(count)
    normalZ.reserve(count)
    open.reserve(count)
    blurred.reserve(count)
    pairs.reserve((width + 1) * height)
    open.base.update(repeating: 1, count: count)
    blurred.base.update(repeating: 1, count: count)
    depth.base.update(repeating: 0, count: count)
    normalX.base.update(repeating: 0, count: count)
    normalY.base.update(repeating: 0, count: count)
    normalZ.base.update(repeating: 0, count: count)
    let c = frame.camera
    isParallel = c.isParallel
    isBent = c.isBent
    hasPoints = isParallel || isBent
    if hasPoints {
      pointX.reserve(count)
      pointY.reserve(count)
      pointZ.reserve(count)
    }
    // Value (x, y) looks along ((2x + 0.5 - cx) / fx, ...).
    ray = SIMD4(
      Float(2 / c.fx), Float(2 / c.fy), Float((0.5 - c.cx) / c.fx), Float((0.5 - c.cy) / c.fy))
    focal = Float(0.5 * max(c.fx, c.fy))
  }

  /// Estimates a row, after all depths and normals are there.
  func estimate(row y: Int) {
    if hasPoints { estimate(y, hasPoints: true) } else { estimate(y, hasPoints: false) }
  }

  @inline(__always)
  private func estimate(_ y: Int, hasPoints: Bool) {
    let radius = Float(settings.radius)
    let (squared, inverse) = (radius * radius, 1 / (radius * radius * radius * radius * radius * radius))
    let scale = 5 * Float(settings.strength) * inverse / Float(OcclusionMap.taps)
    let (lastX, lastY) = (lanes(Float(width - 1)), lanes(Float(height - 1)))
    let ramp = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
    let columns = lanes(int: Int32(truncatingIfNeeded: stride))
    var x = 0
    while x < width {
      let k = place(x, y)
      let z = load(depth, k)
      let px = ramp + Float(x)
      let point =
        hasPoints
        ? Lanes3(load(pointX, k), load(pointY, k), load(pointZ, k))
        : Lanes3((px * ray.x + ray.z) * z, lanes(Float(y) * ray.y + ray.w) * z, z)
      let normal = Lanes3(load(normalX, k), load(normalY, k), load(normalZ, k))
      let near = hasPoints && isParallel ? lanes(1) : maximum(z, lanes(1e-6))
      // Radius in pixels of the map; wide ones are cut, for points so far apart say little.
      let reach = minimum(lanes(radius * focal) / near, lanes(96))
      let bias = near * 0.002 + radius * 0.01
      var sum = lanes(0)
      for tap in 0..<OcclusionMap.taps {
        let s = spiral.base[((y & 3) * OcclusionMap.taps + tap) * 2]
        let c = spiral.base[((y & 3) * OcclusionMap.taps + tap) * 2 + 1]
        let far = reach * ((Float(tap) + 0.5) / Float(OcclusionMap.taps)) + 0.75
        let column = integers(maximum(minimum(px + c * far + 0.5, lastX), lanes(0)))
        let row = integers(maximum(minimum(s * far + (Float(y) + 0.5), lastY), lanes(0)))
        let index = row &* columns &+ column
        let tz = lanes_look_up(depth.base + OcclusionMap.margin, index)
        let (tx, ty) = (numbers(column), numbers(row))
        let other =
          hasPoints
          ? Lanes3(
            lanes_look_up(pointX.base + OcclusionMap.margin, index),
            lanes_look_up(pointY.base + OcclusionMap.margin, index),
            lanes_look_up(pointZ.base + OcclusionMap.margin, index))
          : Lanes3((tx * ray.x + ray.z) * tz, (ty * ray.y + ray.w) * tz, tz)
        let v = other - point
        let vv = dot(v, v)
        let height = dot(v, normal) - bias
        let falloff = maximum(lanes(squared) - vv, lanes(0))
        let hidden = falloff * falloff * falloff * maximum(height, lanes(0)) / (vv + squared * 1e-4)
        sum = sum + select(isLess(lanes(0), tz), hidden, lanes(0))
      }
      store(maximum(lanes(1) - sum * scale, lanes(0)), open, k)
      x += 8
    }
  }

  /// Blurs a row along x, from `open` into a map of its own; then, with all rows done, `blurDown` goes back.
  func blurAcross(row y: Int) {
    blur(row: y, from: open.base, to: blurred.base, step: 1, reach: -OcclusionMap.widest...OcclusionMap.widest)
  }

  func blurDown(row y: Int) {
    let reach = max(-OcclusionMap.widest, -y)...min(OcclusionMap.widest, height - 1 - y)
    blur(row: y, from: blurred.base, to: open.base, step: stride, reach: reach)
    let line = pairs.base + y &* (width &+ 1)
    for x in 0..<width { line[x] = SIMD2(depth.base[place(x, y)], open.base[place(x, y)]) }
    line[width] = line[width &- 1]
  }

  private static let widest = 4

  /// A tent of nine values, as wide as two periods of the pattern, each weighted by its nearness in depth: 1 at the same
  /// to 0 at a twentieth of it apart.
  @inline(__always)
  private func blur(
    row y: Int, from source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, step: Int,
    reach: ClosedRange<Int>
  ) {
    var x = 0
    while x < width {
      let k = place(x, y)
      let z = load(depth, k)
      let sharpness = lanes(20) / maximum(z, lanes(1e-6))
      var (sum, weights) = (lanes(0), lanes(1e-6))
      for d in reach {
        let other = k &+ d &* step
        let apart = magnitude(load(depth, other) - z) * sharpness
        let weight = maximum(lanes(1) - apart, lanes(0)) * (1 - Float(abs(d)) * 0.2)
        sum = sum + UnsafeRawPointer(source + other).loadUnaligned(as: Lanes.self) * weight
        weights = weights + weight
      }
      UnsafeMutableRawPointer(target + k).storeBytes(of: sum / weights, as: Lanes.self)
      x += 8
    }
  }

  /// Puts the point and the normal, in camera axes, that are seen at (x, y) of the map.
  @inline(__always)
  func put(_ x: Int, _ y: Int, _ point: SIMD3<Float>, _ normal: SIMD3<Float>) {
    let k = place(x, y)
    depth.base[k] = isBent ? (point * point).sum().squareRoot() : point.z
    normalX.base[k] = normal.x
    normalY.base[k] = normal.y
    normalZ.base[k] = normal.z
    if hasPoints {
      pointX.base[k] = point.x
      pointY.base[k] = point.y
      pointZ.base[k] = point.z
    }
  }

  /// What shading looks up.
  var lookup: OcclusionLookup {
    OcclusionLookup(
      pairs: UnsafePointer(pairs.base), depth: UnsafePointer(depth.base + OcclusionMap.margin),
      open: UnsafePointer(open.base + OcclusionMap.margin), stride: stride, width: width, lastY: height - 1,
      isDistance: isBent)
  }

  @inline(__always)
  private func load(_ s: borrowing Scratch<Float>, _ k: Int) -> Lanes {
    UnsafeRawPointer(s.base + k).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private func store(_ v: Lanes, _ s: borrowing Scratch<Float>, _ k: Int) {
    UnsafeMutableRawPointer(s.base + k).storeBytes(of: v, as: Lanes.self)
  }
}

/// Brings an occlusion map to full size: the four values around a pixel, weighted by nearness in the picture and in depth.
struct OcclusionLookup {
  /// See `OcclusionMap.pairs`; rows of `width + 1`.
  let pairs: UnsafePointer<SIMD2<Float>>
  /// The same apart, rows of `stride`, without the last value twice.
  let depth: UnsafePointer<Float>
  let open: UnsafePointer<Float>
  let stride: Int
  let width: Int
  let lastY: Int
  /// Whether its depths are distances.
  let isDistance: Bool

  /// For pixels at whole coordinates (x, y) of the image and what they see.
  @inline(__always)
  func value(_ x: Lanes, _ y: Lanes, _ point: Lanes3) -> Lanes {
    let (hx, hy) = (x * 0.5, y * 0.5)
    let (column, row) = (integers(hx), integers(hy))
    let (wx, wy) = (numbers(column), numbers(row))
    let columns = lanes(int: Int32(truncatingIfNeeded: width &+ 1))
    /// A value and the one beside it, of a row.
    @inline(__always) func pair(row: SIMD8<Int32>) -> Row {
      let index = row &* columns &+ column
      let c = LaneMath.columns {
        UnsafeRawPointer(pairs + Int(index[$0])).loadUnaligned(as: SIMD4<Float>.self)
      }
      return (c.x, c.y, c.z, c.w)
    }
    return mean(
      pair(row: row), pair(row: integers(minimum(wy + lanes(1), lanes(Float(lastY))))), hx - wx, hy - wy, point)
  }

  /// Whether the other `value` can take the run of eight pixels from x on.
  @inline(__always)
  func reaches(run x: Int) -> Bool { x &+ 8 < 2 &* width &- 1 }

  /// The same for a run of eight pixels of one row, from (x, y) on.
  @inline(__always)
  func value(run x: Int, _ y: Int, _ point: Lanes3) -> Lanes {
    let isOdd = x & 1 == 1
    @inline(__always) func pair(row: Int) -> Row {
      let k = row &* stride &+ x &>> 1
      let (d, o) = (
        UnsafeRawPointer(depth + k).loadUnaligned(as: Lanes.self),
        UnsafeRawPointer(open + k).loadUnaligned(as: Lanes.self)
      )
      return isOdd
        ? (
          lanes_twice_from_second(d), lanes_twice_from_second(o), lanes_twice_next_from_second(d),
          lanes_twice_next_from_second(o)
        )
        : (lanes_twice(d), lanes_twice(o), lanes_twice_next(d), lanes_twice_next(o))
    }
    let fx = isOdd ? Lanes(0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0) : Lanes(0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5)
    let fy = lanes(y & 1 == 1 ? 0.5 : 0)
    return mean(pair(row: y &>> 1), pair(row: min(y &>> 1 &+ 1, lastY)), fx, fy, point)
  }

  /// Depths and openness of the left of two values and of the right one.
  private typealias Row = (Lanes, Lanes, Lanes, Lanes)

  /// The mean of a row's values and the next row's, weighted by nearness in the picture and in depth.
  @inline(__always)
  private func mean(_ above: Row, _ below: Row, _ fx: Lanes, _ fy: Lanes, _ point: Lanes3) -> Lanes {
    let z = isDistance ? squareRoot(dot(point, point)) : point.z
    let one = lanes(1)
    let sharpness = lanes(20) / z
    var (sum, weights) = (lanes(0), lanes(0))
    @inline(__always) func add(_ depth: Lanes, _ open: Lanes, _ share: Lanes) {
      let weight = share * maximum(one - magnitude(depth - z) * sharpness, lanes(1e-3)) + 1e-6
      sum = sum + open * weight
      weights = weights + weight
    }
    add(above.0, above.1, (one - fx) * (one - fy))
    add(above.2, above.3, fx * (one - fy))
    add(below.0, below.1, (one - fx) * fy)
    add(below.2, below.3, fx * fy)
    return sum / weights
  }
}

extension TileShader {
  /// Notes the point and the normal at every second pixel and row of a tile.
  ///
  /// - Parameter turn: from the axes in which this shades to the camera's; nil where they are the same.
  func note(
    _ ids: UnsafeMutablePointer<UInt32>, _ places: UnsafeMutablePointer<UInt32>, count: Int, tile: TileRectangle,
    _ list: borrowing FragmentList, turn: Matrix3?, into map: borrowing OcclusionMap
  ) {
    let turn = turn.map { (SIMD3<Float>($0.row0), SIMD3<Float>($0.row1), SIMD3<Float>($0.row2)) }
    @inline(__always) func turned(_ v: Lanes3, _ i: Int) -> SIMD3<Float> {
      let p = SIMD3(v.x[i], v.y[i], v.z[i])
      guard let turn else { return p }
      return SIMD3((turn.0 * p).sum(), (turn.1 * p).sum(), (turn.2 * p).sum())
    }
    var n = 0
    let (ownIds, ownPlaces) = list.slice(from: 0)
    for i in 0..<count {
      let pixel = FragmentPlace.pixel(places[i])
      guard FragmentPlace.isCentre(places[i]), pixel & 1 == 0, pixel & TileGrid.side == 0 else { continue }
      (ownIds[n], ownPlaces[n]) = (ids[i], places[i])
      n += 1
    }
    guard n > 0 else { return }
    for i in 0..<7 { (ownIds[n + i], ownPlaces[n + i]) = (ownIds[n - 1], ownPlaces[n - 1]) }
    var held = UInt32.max
    var first = 0
    while first < n {
      let group = min((n - first + 7) / 8, ShadingBatch.group)
      interpolate(UnsafePointer(ownIds + first), UnsafePointer(ownPlaces + first), group, tile, &held)
      for b in 0..<group {
        let batch = batches + b
        for i in 0..<min(8, n - first - 8 * b) {
          let pixel = FragmentPlace.pixel(ownPlaces[first + 8 * b + i])
          let (x, y) = (tile.x + pixel % TileGrid.side, tile.y + pixel / TileGrid.side)
          map.put(x / 2, y / 2, turned(batch.pointee.position, i), turned(batch.pointee.normal, i))
        }
      }
      first += 8 * group
    }
  }
}
