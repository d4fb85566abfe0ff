import Geometry
import Stage

/// A texture laid out for lookups of one fragment at a time: any wrap mode, turned coordinates, alpha, and a footprint
/// longer than wide. `TextureSampler` is the quick way for eight fragments whose texture needs none of that.
struct TextureLayer: BitwiseCopyable {
  private let texels: UnsafeRawPointer
  private let levels: UnsafePointer<Texture.Level>
  private let lastLevel: Int
  private let isScalar: Bool
  private let wrapU: WrapKind
  private let wrapV: WrapKind
  /// Texture coordinates are `column0 * u + column1 * v + offset`.
  private let column0: SIMD2<Float>
  private let column1: SIMD2<Float>
  private let offset: SIMD2<Float>
  /// Texels of level 0 in a unit of u and of v.
  private let size: SIMD2<Float>
  /// A ramp turns red t into `first + span * t`.
  private let hasRamp: Bool
  private let first: SIMD4<Float>
  private let span: SIMD4<Float>

  private enum WrapKind: UInt8 { case again, edge, mirror }

  init(_ use: TextureUse) {
    texels = use.texture.texelBase
    levels = use.texture.levelBase
    lastLevel = use.texture.levels.count - 1
    isScalar = use.texture.isScalar
    func kind(_ w: TextureUse.Wrap) -> WrapKind {
      switch w {
      case .repeat: .again
      case .clamp: .edge
      case .mirror: .mirror
      }
    }
    (wrapU, wrapV) = (kind(use.wrapU), kind(use.wrapV))
    // turn(u, v) = (u cos + v sin, v cos - u sin): see `TextureUse.rotation`.
    let (s, c) = StableMath.sincos(use.rotation)
    column0 = SIMD2(Float(use.scale.x * c), Float(-use.scale.x * s))
    column1 = SIMD2(Float(use.scale.y * s), Float(use.scale.y * c))
    offset = SIMD2(Float(use.offset.x), Float(use.offset.y))
    size = SIMD2(Float(use.texture.levels[0].width), Float(use.texture.levels[0].height))
    hasRamp = use.ramp != nil
    let ramp = use.ramp ?? TextureUse.Ramp(first: Vector3(), second: Vector3(1, 1, 1))
    first = SIMD4(SIMD3<Float>(ramp.first), 1)
    span = SIMD4(SIMD3<Float>(ramp.second - ramp.first), 0)
  }

  /// Linear change of texture coordinates for a change of the mesh's (u, v).
  @inline(__always)
  private func turned(_ d: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(column0.x * d.x + column1.x * d.y, column0.y * d.x + column1.y * d.y)
  }

  /// Red, green, blue and alpha, 0 to 1, averaged over a footprint. Colour is not multiplied by alpha; a texture of single
  /// values has alpha 1.
  ///
  /// - Parameters:
  ///   - uv: the mesh's texture coordinates, any number.
  ///   - dx, dy: their change over a pixel to the right and down.
  ///   - probes: at most so many trilinear lookups, side by side along the footprint's longer axis; 1 for plain trilinear
  ///     filtering.
  func filtered(_ uv: SIMD2<Float>, _ dx: SIMD2<Float>, _ dy: SIMD2<Float>, probes: Int) -> SIMD4<Float> {
    let place = turned(uv)
    let at = SIMD2(place.x + offset.x, place.y + offset.y)
    let (a, b) = (turned(dx), turned(dy))
    let (ax, ay, bx, by) = (a.x * size.x, a.y * size.y, b.x * size.x, b.y * size.y)
    if probes <= 1 {
      // The rule of `TileShader.lookUp`: the longer of the two steps.
      return trilinear(at, detail(max(ax * ax + ay * ay, bx * bx + by * by)))
    }
    // The pixel's circle becomes an ellipse in texels, J J^T its matrix: half axes are the roots of the eigenvalues.
    let (p, q, r) = (ax * ax + bx * bx, ay * ay + by * by, ax * ay + bx * by)
    let (mean, half) = ((p + q) * 0.5, (p - q) * 0.5)
    let spread = (half * half + r * r).squareRoot()
    let longest = mean + spread
    guard longest > 1, longest < 1e12 else { return trilinear(at, detail(longest)) }
    // The product of both is the determinant, which is not lost to rounding.
    let area = ax * by - ay * bx
    let shorter = max(abs(area) / longest.squareRoot(), 1)
    let ratio = longest.squareRoot() / shorter
    let count = min(Int(ratio.rounded(.up)), probes)
    guard count > 1 else { return trilinear(at, detail(longest)) }
    // Direction of the longer axis: the better conditioned row of J J^T - shorter^2.
    let along = half > 0 ? SIMD2(half + spread, r) : SIMD2(r, spread - half)
    let squared = along.x * along.x + along.y * along.y
    guard squared > 0 else { return trilinear(at, detail(longest)) }
    let scale = (longest / squared).squareRoot() / Float(count)
    let step = SIMD2(along.x * scale / size.x, along.y * scale / size.y)
    let level = detail(longest / Float(count * count))
    var sum = SIMD4<Float>(repeating: 0)
    var weight: Float = 0
    for i in 0..<count {
      let t = Float(2 * i + 1 - count) * 0.5
      let probe = trilinear(SIMD2(at.x + step.x * t, at.y + step.y * t), level)
      // Colour counts by its alpha, as in the mip levels.
      sum += SIMD4(probe.x * probe.w, probe.y * probe.w, probe.z * probe.w, probe.w)
      weight += probe.w
    }
    guard weight > 0 else { return SIMD4(repeating: 0) }
    let (colour, alpha) = (1 / weight, 1 / Float(count))
    return SIMD4(sum.x * colour, sum.y * colour, sum.z * colour, sum.w * alpha)
  }

  /// The alpha of level 0 at one point, unfiltered but for the blend of the four texels around.
  func sharpAlpha(_ uv: SIMD2<Float>) -> Float {
    if isScalar { return 1 }
    let place = turned(uv)
    return bilinear(0, SIMD2(place.x + offset.x, place.y + offset.y)).w * (1 / 65535)
  }

  /// Alpha over a pixel's footprint.
  func alpha(_ uv: SIMD2<Float>, _ dx: SIMD2<Float>, _ dy: SIMD2<Float>) -> Float {
    isScalar ? 1 : filtered(uv, dx, dy, probes: 1).w
  }

  /// Mip level for the square of a length in texels of level 0; from 0 on.
  @inline(__always)
  private func detail(_ squared: Float) -> Float {
    squared > 1 ? logarithm2(min(squared, 1e9)) * 0.5 : 0
  }

  private func trilinear(_ at: SIMD2<Float>, _ detail: Float) -> SIMD4<Float> {
    let lower = min(Int(detail), lastLevel)
    var value = bilinear(lower, at)
    if lower < lastLevel {
      let f = detail - Float(lower)
      if f > 0 { value = value * (1 - f) + bilinear(lower + 1, at) * f }
    }
    value = value * (1 / 65535)
    return hasRamp ? first + span * value.x : value
  }

  /// In codes of 16 bits.
  private func bilinear(_ level: Int, _ at: SIMD2<Float>) -> SIMD4<Float> {
    let l = levels[level]
    let (x0, x1, fx) = TextureLayer.neighbours(at.x, l.width, wrapU)
    let (y0, y1, fy) = TextureLayer.neighbours(at.y, l.height, wrapV)
    let stride = Int(l.width) &+ 1
    let (top, bottom) = (Int(l.offset) &+ y0 &* stride, Int(l.offset) &+ y1 &* stride)
    let left = texel(top &+ x0) * (1 - fy) + texel(bottom &+ x0) * fy
    let right = texel(top &+ x1) * (1 - fy) + texel(bottom &+ x1) * fy
    return left * (1 - fx) + right * fx
  }

  @inline(__always)
  private func texel(_ index: Int) -> SIMD4<Float> {
    if isScalar {
      let t = Float(texels.load(fromByteOffset: index &* 2, as: UInt16.self))
      return SIMD4(t, t, t, 65535)
    }
    let t = texels.load(fromByteOffset: index &* 8, as: SIMD4<UInt16>.self)
    return SIMD4(Float(t.x), Float(t.y), Float(t.z), Float(t.w))
  }

  /// The two texels around a coordinate, and the share of the second.
  @inline(__always)
  private static func neighbours(_ u: Float, _ size: Int32, _ wrap: WrapKind) -> (Int, Int, Float) {
    // Brought near 0 first, so that it fits an integer; what is no number is 0.
    var near: Float
    switch wrap {
    case .again: near = u - u.rounded(.down)
    case .mirror: near = u - 2 * (u * 0.5).rounded(.down)
    case .edge: near = min(max(u, 0), 1)
    }
    if !(near >= 0 && near <= 2) { near = 0 }
    let x = near * Float(size) - 0.5
    let whole = x.rounded(.down)
    let first = Int32(whole)
    return (place(first, size, wrap), place(first &+ 1, size, wrap), x - whole)
  }

  /// The texel that stands at `i`, from -1 to twice the size.
  @inline(__always)
  private static func place(_ i: Int32, _ size: Int32, _ wrap: WrapKind) -> Int {
    switch wrap {
    case .again: Int(i < 0 ? i &+ size : i >= size ? i &- size : i)
    case .edge: Int(min(max(i, 0), size &- 1))
    case .mirror:
      // -1 mirrors to 0, `size` to size - 1, and twice the size is 0 again.
      Int(i < 0 ? 0 : i < size ? i : i < 2 &* size ? 2 &* size &- 1 &- i : 0)
    }
  }
}

/// log2(x) as `logarithm2` of eight, to the bit.
@inline(__always)
func logarithm2(_ x: Float) -> Float {
  let exponent = Int32(bitPattern: x.bitPattern) >> 23 - 127
  let t = Float(bitPattern: x.bitPattern & 0x007f_ffff | 0x3f80_0000) - 1
  let q = (t * 0.082_129_88 - 0.239_057_39) * t + 0.438_725_56
  return Float(exponent) + t * ((1 - t) * q + 1)
}
