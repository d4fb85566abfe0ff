import CLanes
import Geometry
import LaneMath
import Stage

/// An environment as shading uses it: turned into camera axes, scaled. Pointers are valid as long as the frame.
struct EnvironmentLight {
  /// Rows of the turn from camera axes to the environment's.
  private let row0: SIMD3<Float>
  private let row1: SIMD3<Float>
  private let row2: SIMD3<Float>
  /// Scaled coefficients of `IrradianceHarmonics`.
  private let harmonics: InlineArray<9, SIMD3<Float>>
  private let scale: SIMD4<Float>
  private let levels: UnsafePointer<Environment.Level>
  private let texels: UnsafePointer<SIMD4<Float>>

  init(_ use: EnvironmentUse, camera: Camera) {
    let turn = use.worldToEnvironment * camera.rotation.transpose
    (row0, row1, row2) = (SIMD3<Float>(turn.row0), SIMD3<Float>(turn.row1), SIMD3<Float>(turn.row2))
    var scaled = InlineArray<9, SIMD3<Float>>(repeating: SIMD3(repeating: 0))
    for k in 0..<9 { scaled[k] = SIMD3<Float>(use.environment.irradiance.coefficients[k] * use.scale) }
    harmonics = scaled
    scale = SIMD4(SIMD3<Float>(use.scale), 0)
    levels = use.environment.levelBase
    texels = use.environment.texelBase
  }

  @inline(__always)
  private func turned(_ v: Lanes3) -> Lanes3 {
    Lanes3(
      v.x * row0.x + v.y * row0.y + v.z * row0.z, v.x * row1.x + v.y * row1.y + v.z * row1.z,
      v.x * row2.x + v.y * row2.y + v.z * row2.z)
  }

  /// Irradiance over pi for unit normals in camera axes, never below 0.
  @inline(__always)
  func diffuse(_ normal: Lanes3) -> Lanes3 {
    let n = turned(normal)
    let (xy, yz, xz) = (n.x * n.y, n.y * n.z, n.x * n.z)
    let (zz, dd) = (n.z * n.z * 3 - 1, n.x * n.x - n.y * n.y)
    @inline(__always) func sum(_ c: (Int) -> Float) -> Lanes {
      let linear = n.y * c(1) + n.z * c(2) + n.x * c(3) + c(0)
      let square = xy * c(4) + yz * c(5) + zz * c(6) + xz * c(7) + dd * c(8)
      return maximum(linear + square, lanes(0))
    }
    return Lanes3(sum { harmonics[$0].x }, sum { harmonics[$0].y }, sum { harmonics[$0].z })
  }

  /// Where a run of eight ended that was looked up at its ends: the place in the maps, the level and what was found there.
  struct End {
    fileprivate var place = SIMD4<Float>(repeating: .nan)
    fileprivate var radiance = SIMD4<Float>(repeating: 0)
  }

  /// Radiance from unit directions in camera axes, blurred for a perceptual roughness from 0 to 1.
  /// `scratch` has room for eleven vectors.
  @inline(__always)
  func radiance(_ direction: Lanes3, roughness: Lanes, _ scratch: UnsafeMutablePointer<Lanes>) -> Lanes3 {
    var end = End()
    return radiance(direction, roughness: roughness, from: &end, scratch)
  }

  /// The same where what was asked for before this may end where this begins.
  @inline(__always)
  func radiance(
    _ direction: Lanes3, roughness: Lanes, from end: inout End, _ scratch: UnsafeMutablePointer<Lanes>
  ) -> Lanes3 {
    // As `OctahedralPyramid.coordinates`.
    let d = turned(direction)
    let (ax, ay, az) = (magnitude(d.x), magnitude(d.y), magnitude(d.z))
    let inverse = lanes(1) / (ax + ay + az)
    let folds = signMask(bits(d.z))
    let px = select(folds, lanes(1) - ay * inverse, ax * inverse)
    let py = select(folds, lanes(1) - ax * inverse, ay * inverse)
    let sign = lanes(int: Int32.min)
    // What is not a number looks at 0.
    @inline(__always) func place(_ p: Lanes, _ d: Lanes) -> Lanes {
      minimum(maximum(numbers(bits: bits(p) | (bits(d) & sign)) * 0.5 + 0.5, lanes(0)), lanes(1))
    }
    let top = Float(Environment.levelCount - 1)
    let (u, v) = (place(px, d.x), place(py, d.y))
    let level = maximum(minimum(roughness * (lanes(2) - roughness) * top, lanes(top)), lanes(0))
    let first = SIMD4(u[0], v[0], level[0], 0)
    let last = SIMD4(u[7], v[7], level[7], 0)
    // Flat surfaces look along a line: where the eight places lie on one, within a texel, the rest is between the two ends.
    let side = levels[Int(lanes_floor(first.z))].side
    let apart = maximum(spread(u, first.x, last.x), spread(v, first.y, last.y)) * Float(side)
    if !isAnySet(isLess(lanes(1), maximum(apart, spread(level, first.z, last.z) * 8))) {
      // Where the run before ended a step before this one begins, that end will do.
      let before = first - (last - first) * (1 / 7)
      let gap = before - end.place
      let goesOn = max(abs(gap.x), abs(gap.y)) * Float(side) < 0.05 && abs(gap.z) < 0.01
      let start = goesOn ? end.radiance : radiance(first.x, first.y, first.z)
      end.radiance = radiance(last.x, last.y, last.z)
      end.place = last
      let rest = end.radiance - start
      let share = goesOn ? Lanes(1, 2, 3, 4, 5, 6, 7, 8) * (1 / 8) : ramp
      return Lanes3(share * rest.x + start.x, share * rest.y + start.y, share * rest.z + start.z)
    }
    scratch[0] = u
    scratch[1] = v
    scratch[2] = level
    lookUp(UnsafeMutableRawPointer(scratch))
    let rows = UnsafeRawPointer(scratch + 3).assumingMemoryBound(to: SIMD4<Float>.self)
    let c = columns { rows[$0] }
    return Lanes3(c.x, c.y, c.z)
  }

  /// Shares of the way from the first lane to the last.
  @inline(__always)
  private var ramp: Lanes { Lanes(0, 1, 2, 3, 4, 5, 6, 7) * (1 / 7) }

  /// How far the ends of eight values are from each other, or, where that is more, sixteen times how far one of the eight is
  /// from where it were if they rose evenly.
  @inline(__always)
  private func spread(_ x: Lanes, _ first: Float, _ last: Float) -> Lanes {
    maximum(magnitude(ramp * (last - first) + first - x) * 16, lanes(abs(last - first)))
  }

  /// Lane by lane: coordinates and level, eight of each; the scaled radiance is put behind them.
  @inline(never)
  private func lookUp(_ scratch: UnsafeMutableRawPointer) {
    let numbers = scratch.assumingMemoryBound(to: Float.self)
    let out = (scratch + 3 * MemoryLayout<Lanes>.stride).assumingMemoryBound(to: SIMD4<Float>.self)
    for i in 0..<8 { out[i] = radiance(numbers[i], numbers[8 + i], numbers[16 + i]) }
  }

  /// Scaled radiance at coordinates (u, v) of the maps and a level.
  @inline(__always)
  private func radiance(_ u: Float, _ v: Float, _ level: Float) -> SIMD4<Float> {
    let lower = min(lanes_floor(level), Int32(Environment.levelCount - 2))
    let (near, far) = (levels[Int(lower)], levels[Int(lower) &+ 1])
    // As `bilinear` in both levels, the coordinates four at a time, the texels two.
    let (sideA, sideB) = (Float(near.side), Float(far.side))
    let place = SIMD4(u, v, u, v) * SIMD4(sideA, sideA, sideB, sideB) + lanes_splat4(0.5)
    let whole = lanes_to_int4(place)
    let share = place - lanes_from_int4(whole)
    let a = mixed(near, whole.x, whole.y, share.x, share.y)
    let b = mixed(far, whole.z, whole.w, share.z, share.w)
    return (a + (b - a) * (level - Float(lower))) * scale
  }

  @inline(__always)
  private func mixed(_ level: Environment.Level, _ column: Int32, _ row: Int32, _ fx: Float, _ fy: Float) -> SIMD4<
    Float
  > {
    let stride = Int(level.side) &+ 2
    let at = texels + (Int(level.offset) &+ Int(row) &* stride &+ Int(column))
    let left = lanes_join(at[0], at[stride])
    let sides = left + (lanes_join(at[1], at[stride &+ 1]) - left) * fx
    let top = lanes_low4(sides)
    return top + (lanes_high4(sides) - top) * fy
  }

  @inline(__always)
  private func bilinear(_ level: Environment.Level, _ u: Float, _ v: Float) -> SIMD4<Float> {
    let side = Float(level.side)
    let (x, y) = (u * side + 0.5, v * side + 0.5)
    let (column, row) = (Int32(x), Int32(y))
    let (fx, fy) = (x - Float(column), y - Float(row))
    let stride = Int(level.side) &+ 2
    let at = texels + (Int(level.offset) &+ Int(row) &* stride &+ Int(column))
    let top = at[0] + (at[1] - at[0]) * fx
    let bottom = at[stride] + (at[stride &+ 1] - at[stride]) * fx
    return top + (bottom - top) * fy
  }

  /// Unblurred radiance seen along one direction in camera axes, of any length but 0.
  func radiance(along d: SIMD3<Float>) -> SIMD4<Float> {
    let x = (d * row0).sum()
    let y = (d * row1).sum()
    let z = (d * row2).sum()
    let inverse = 1 / (abs(x) + abs(y) + abs(z))
    let px = z < 0 ? 1 - abs(y) * inverse : abs(x) * inverse
    let py = z < 0 ? 1 - abs(x) * inverse : abs(y) * inverse
    return bilinear(levels[0], 0.5 + 0.5 * (x < 0 ? -px : px), 0.5 + 0.5 * (y < 0 ? -py : py)) * scale
  }
}
