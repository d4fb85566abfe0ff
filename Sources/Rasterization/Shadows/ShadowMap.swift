import Geometry
import LaneMath
import Stage

// The sun's shadow map: for each texel of a plane that faces the sun, the distance along the sun's rays of the first
// surface.
//
// Light axes: +Z runs along the rays, away from the sun; X and Y span the map. The map is fitted to what can matter: the
// light-space rectangle of the casters cut with that of the visible receivers. A flat caster that has nothing behind it
// (a table top, the ground) casts no shadow that anything could receive and is left out, so that it does not stretch the
// map.
//
// Coverage is decided by integers as in the picture, with `subpixelBits` that keep every edge function within Int32.

struct ShadowMap: ~Copyable {
  /// World to light axes.
  private(set) var axes = Matrix3.identity
  /// Light x and y of the map's corner, and texels per metre.
  private(set) var origin = Vector2(0, 0)
  /// Light z from which depths are counted: that of something seen, for Floats are finest near 0.
  private(set) var originZ = 0.0
  private(set) var texelsPerMetre = 1.0
  private(set) var width = 0
  private(set) var height = 0
  /// Row stride: `width` plus room for a vector's overhang.
  private(set) var stride = 0
  /// Distance along the rays from `originZ` on in metres, infinity where nothing is hit.
  private(set) var depth = Scratch<Float>()
  private(set) var summary = ShadowSummary()
  /// Made where penumbrae are wider than the box.
  private(set) var levels = ShadowLevels()
  /// Radius of the widest penumbra that can be, in texels, and how it grows, in texels a metre between the receiver and
  /// what hides the sun.
  private(set) var widestPenumbra = 0.0
  private(set) var penumbraPerMetre = 0.0
  /// Up to this radius in texels the box filter stands for the penumbra: its own is 1.5.
  static let hardPenumbra = 2.5
  var isSoft: Bool { widestPenumbra > ShadowMap.hardPenumbra }
  private var vertices = Scratch<LightVertex>()
  /// Work space of `MapTriangleGroup`.
  private var fields = Scratch<Lanes>()

  mutating func reserveVertices(_ count: Int) {
    vertices.reserve(count)
    fields.reserve(MapTriangleGroup.Field.count)
  }
  var vertexBase: UnsafeMutablePointer<LightVertex> { vertices.base }
  var fieldBase: UnsafeMutablePointer<Lanes> { fields.base }

  /// Side of the map in texels for an image of `pixels` pixels: a texel or two a pixel where the map is filled.
  static func side(pixels: Int) -> Int {
    let wanted = (1.7 * Double(pixels)).squareRoot()
    return min(max((Int(wanted) + 15) / 16 * 16, 256), 4096)
  }

  var isEmpty: Bool { width == 0 }

  /// Leaves no map: everything is lit.
  mutating func clear() { width = 0 }

  struct LightVertex {
    /// Map position in texels.
    var x: Float
    var y: Float
    var z: Float
    /// Makes it as long as a vector of four, so that it is one load.
    var spare: Float = 0
  }

  /// A rectangle of light x and y.
  struct Bounds {
    var low = Vector2(repeating: .infinity)
    var high = Vector2(repeating: -.infinity)

    mutating func include(_ p: Vector2) {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }

    func intersection(_ b: Bounds) -> Bounds {
      Bounds(low: pointwiseMax(low, b.low), high: pointwiseMin(high, b.high))
    }

    var isEmpty: Bool { !(low.x < high.x && low.y < high.y) }
  }

  /// Axes with +Z along the rays of a sun in direction `toSun`.
  static func axes(toSun: Vector3) -> Matrix3 {
    let z = -toSun
    let x = z.anyPerpendicular
    return Matrix3(x, cross(z, x), z)
  }

  /// Draws the map. `receivers` are points that enclose what the camera sees, in the world.
  mutating func draw(_ frame: Frame, _ sun: Sun, receivers: [Vector3]) {
    width = 0
    axes = ShadowMap.axes(toSun: sun.direction)
    var received = Bounds()
    var farthest = -Double.infinity
    for p in receivers {
      let q = axes * p
      farthest = max(farthest, q.z)
      received.include(Vector2(q.x, q.y))
    }
    let surroundings = Backdrop.surroundings(frame)
    let casters = frame.instances.filter {
      $0.castsShadow && !Backdrop.isBackdrop($0, frame, sun, surroundings: surroundings)
    }
    var cast = Bounds()
    var (nearest, top) = (Double.infinity, -Double.infinity)
    for c in casters {
      for p in c.mesh.corners(under: AffineTransform(linear: axes) * c.objectToWorld) {
        cast.include(Vector2(p.x, p.y))
        nearest = min(nearest, p.z)
      }
      for p in c.mesh.corners(under: c.objectToWorld) { top = max(top, p.z) }
    }
    var fit = cast.intersection(received)
    guard !fit.isEmpty else { return }
    // The filter looks two texels around; leave a little more.
    let side = ShadowMap.side(pixels: frame.width * frame.height)
    func extent(_ b: Bounds) -> Double { max(b.high.x - b.low.x, b.high.y - b.low.y) }
    // Within a penumbra's radius of what is seen, all that hides the sun must be on the map.
    let softness = StableMath.tan(sun.angularDiameter / 2)
    // No ray goes farther from a caster to a receiver than from the highest to the lowest point of the scene.
    let bottom = surroundings.reduce(Double.infinity) { min($0, $1.z) }
    let drop = sun.direction.z > 0.02 ? (top - bottom) / sun.direction.z : .infinity
    let reach = softness * max(min(farthest - nearest, drop), 0)
    if reach * Double(side - 8) > ShadowMap.hardPenumbra * extent(fit) {
      received.low -= Vector2(repeating: reach)
      received.high += Vector2(repeating: reach)
      fit = cast.intersection(received)
    }
    let texel = max(extent(fit) / Double(side - 8), 1e-6)
    fit.low -= Vector2(repeating: 4 * texel)
    fit.high += Vector2(repeating: 4 * texel)
    origin = fit.low
    originZ = receivers.first.map { (axes * $0).z } ?? 0
    texelsPerMetre = 1 / texel
    penumbraPerMetre = softness * texelsPerMetre
    widestPenumbra = reach * texelsPerMetre
    width = min(Int(((fit.high.x - fit.low.x) / texel).rounded(.up)), side)
    height = min(Int(((fit.high.y - fit.low.y) / texel).rounded(.up)), side)
    stride = width + 8
    depth.reserve(stride * height)
    depth.base.update(repeating: .infinity, count: stride * height)
    for c in casters { drawCaster(c) }
    if isSoft {
      let widest = Float(min(widestPenumbra, Double(SoftShadow.widest)))
      levels.make(depth.base, stride: stride, width: width, height: height, widest: widest, isSearchedWhole: true)
      // The kernel and a texel.
      let reach = Int(widest + 1) / 8 + 1
      summary.make(depth.base, stride: stride, width: width, height: height, reach: reach)
    } else {
      summary.make(depth.base, stride: stride, width: width, height: height)
    }
  }

  /// Whether a caster may hide the sun from some point in the hull of `points` (in the world): whether any block of the
  /// map under it holds a depth nearer to the sun than the farthest of them.
  func mayShadow(_ points: ArraySlice<Vector3>) -> Bool {
    guard !isEmpty, !points.isEmpty else { return false }
    var bounds = Bounds()
    var farthest = -Double.infinity
    for p in points {
      let q = axes * p
      bounds.include((Vector2(q.x, q.y) - origin) * texelsPerMetre)
      farthest = max(farthest, q.z - originZ)
    }
    // The filter's footprint and the shift along the normal come to less than five texels, beside the penumbra.
    let margin = 6 + min(widestPenumbra, Double(SoftShadow.widest))
    let (low, high) = (bounds.low - Vector2(repeating: margin), bounds.high + Vector2(repeating: margin))
    guard high.x >= 0, high.y >= 0, low.x < Double(width), low.y < Double(height) else { return false }
    // Cut before they are made integers: what is seen may be farther away than those reach.
    func texels(_ low: Double, _ high: Double, _ count: Int) -> ClosedRange<Int> {
      Int(max(low, 0))...Int(min(high, Double(count - 1)))
    }
    return summary.hasDepth(
      below: Float(farthest + 6 / texelsPerMetre), columns: texels(low.x, high.x, width),
      rows: texels(low.y, high.y, height))
  }
}
