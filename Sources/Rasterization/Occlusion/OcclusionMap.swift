import CLanes
import Geometry
import LaneMath
import Stage

/// How much of the light from all around reaches the surfaces that the camera sees, at every second pixel and row: what is
/// seen there, then an estimate (`estimate`), then a blur, then what shading looks up (`OcclusionLookup`).
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
  private(set) var pointX = Scratch<Float>()
  private(set) var pointY = Scratch<Float>()
  private(set) var pointZ = Scratch<Float>()
  private(set) var hasPoints = false
  private var isParallel = false
  private var isBent = false
  /// 1 where all light arrives to 0 where none does.
  private(set) var open = Scratch<Float>()
  private(set) var blurred = Scratch<Float>()
  /// What shading looks up: depth and openness side by side, rows of `width + 1`, the last value twice.
  private(set) var pairs = Scratch<SIMD2<Float>>()
  private(set) var stride = 0
  var cells = OcclusionCells()
  private(set) var settings = AmbientOcclusion()
  private var ray = SIMD4<Float>(repeating: 0)
  private var focal: Float = 1
  let spiral = Scratch<Lanes>(capacity: 2 * 4 * OcclusionMap.taps)

  /// Values before and behind each row, of depth 0, so that a filter need not know where it ends.
  static let margin = 8

  @inline(__always) func place(_ x: Int, _ y: Int) -> Int { y &* stride &+ OcclusionMap.margin &+ x }

  static let taps = 16
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
    cells.begin(width: width, height: height)
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

  /// The same for eight values from (x, y) on, where no lens bends the picture.
  @inline(__always)
  func put(run x: Int, _ y: Int, _ point: Lanes3, _ normal: Lanes3) {
    let k = place(x, y)
    store(point.z, depth, k)
    store(normal.x, normalX, k)
    store(normal.y, normalY, k)
    store(normal.z, normalZ, k)
    if hasPoints {
      store(point.x, pointX, k)
      store(point.y, pointY, k)
      store(point.z, pointZ, k)
    }
  }

  /// Whether the other `put` can take eight values from x on.
  @inline(__always)
  func takes(run x: Int) -> Bool { !isBent && x &+ 8 <= width }

  /// What shading looks up.
  var lookup: OcclusionLookup {
    OcclusionLookup(
      pairs: UnsafePointer(pairs.base), depth: UnsafePointer(depth.base + OcclusionMap.margin),
      open: UnsafePointer(open.base + OcclusionMap.margin), stride: stride, width: width, lastY: height - 1,
      isDistance: isBent, openTiles: UnsafePointer(cells.openTiles.base), tileColumns: cells.tileColumns,
      calmCells: UnsafePointer(cells.calm.base), cellColumns: cells.columns)
  }

  // MARK: - Geometry

  /// The point that is seen at a column and a row of the map, given its depth, where `hasPoints` is false.
  @inline(__always)
  func point(_ column: Lanes, _ row: Lanes, _ z: Lanes) -> Lanes3 {
    Lanes3((column * ray.x + ray.z) * z, (row * ray.y + ray.w) * z, z)
  }

  /// The eight points from value (x, y) on, given their depths; `hasPoints` must be the map's.
  @inline(__always)
  func points(_ x: Int, _ y: Int, _ z: Lanes, hasPoints: Bool) -> Lanes3 {
    if hasPoints {
      let k = place(x, y)
      return Lanes3(load(pointX, k), load(pointY, k), load(pointZ, k))
    }
    return point(Lanes(0, 1, 2, 3, 4, 5, 6, 7) + Float(x), lanes(Float(y)), z)
  }

  @inline(__always)
  func normals(_ k: Int) -> Lanes3 { Lanes3(load(normalX, k), load(normalY, k), load(normalZ, k)) }

  /// What a pixel's width in metres grows with: the depth, or nothing where rays are parallel.
  @inline(__always)
  func near(_ z: Lanes) -> Lanes { isParallel ? lanes(1) : maximum(z, lanes(1e-6)) }

  /// The spiral's radius in pixels of the map; wide ones are cut, for points so far apart say little.
  @inline(__always)
  func reach(near: Lanes) -> Lanes { minimum(lanes(Float(settings.radius) * focal) / near, lanes(96)) }

  /// How far above a surface's plane a point must be to hide any light, in metres.
  @inline(__always)
  func bias(near: Lanes) -> Lanes { near * 0.002 + Float(settings.radius) * 0.01 }

  @inline(__always)
  func load(_ s: borrowing Scratch<Float>, _ k: Int) -> Lanes {
    UnsafeRawPointer(s.base + k).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  func store(_ v: Lanes, _ s: borrowing Scratch<Float>, _ k: Int) {
    UnsafeMutableRawPointer(s.base + k).storeBytes(of: v, as: Lanes.self)
  }
}
