import Geometry
import Imaging

/// Light from all around, made ready for shading: radiance by direction, blurred for every roughness, and irradiance.
///
/// Radiance is linear RGB in the scene's units: 1 is the picture's white at exposure 0. Directions are in the
/// environment's own axes, +Z up; `EnvironmentUse` turns, tints and scales them without touching what is stored here.
/// An environment is immutable and shared by all frames and threads that use it.
public final class Environment: Sendable {
  /// One octahedral map (`Octahedron`): texel (x, y), for x and y from -1 to `side`, is at
  /// `offset + (y + 1) * (side + 2) + x + 1`. The border continues the sphere: a bilinear lookup never wraps.
  public struct Level: Hashable, Sendable {
    public let side: Int32
    /// Index of texel (-1, -1).
    public let offset: Int32
  }

  /// Number of levels. Level k is blurred for roughness 1 - sqrt(1 - k / 7): `level(roughness:)` is the inverse.
  public static let levelCount = 8

  /// The level, whole or between two, for a perceptual roughness from 0 to 1: 7 r (2 - r). Finer steps lie where the lobe
  /// is narrow, and the shader needs no table.
  public static func level(roughness r: Double) -> Double { Double(levelCount - 1) * r * (2 - r) }

  /// The roughness that a level is blurred for.
  public static func roughness(level k: Int) -> Double {
    1 - (1 - Double(k) / Double(levelCount - 1)).squareRoot()
  }

  public let irradiance: IrradianceHarmonics
  /// The sun that is not in the maps, in the environment's axes; nil where there is none.
  public let sun: Sun?
  /// Of all that is drawn.
  public let digest: Digest

  // The buffers are written before `init` returns, never after, and freed by `deinit`: any thread may read them.

  private nonisolated(unsafe) let levelStore: UnsafeMutableBufferPointer<Level>
  private nonisolated(unsafe) let texelStore: UnsafeMutableBufferPointer<SIMD4<Float>>
  /// The first level of `levelCount`, and the first texel: linear RGB and 0. Valid as long as the environment is.
  package nonisolated(unsafe) let levelBase: UnsafePointer<Level>
  package nonisolated(unsafe) let texelBase: UnsafePointer<SIMD4<Float>>

  public var levels: UnsafeBufferPointer<Level> { UnsafeBufferPointer(levelStore) }

  /// Memory that the texels take.
  public var byteCount: Int { texelStore.count * MemoryLayout<SIMD4<Float>>.stride }

  /// The largest sides of the blurred levels: a texel is about as wide as the level's lobe.
  private static let sides = [Int.max, 256, 128, 64, 32, 16, 16, 16]
  /// Samples of a lobe: more where lobes are wide and texels few.
  private static func samples(side: Int) -> Int { side >= 64 ? 32 : side == 32 ? 64 : 128 }

  /// Blurs a map of radiance.
  ///
  /// - Parameters:
  ///   - radiance: octahedral map of `side` x `side` texels without border, row by row; finite, 0 or more.
  ///   - side: a power of two from 16 to 4096.
  ///   - blurredSide: no blurred level is larger; a power of two from 16 on.
  ///   - sun: what is cut out of the map.
  init(radiance: [SIMD4<Float>], side: Int, blurredSide: Int = 256, sun: Sun? = nil) {
    precondition(side >= 16 && side <= 4096 && side & (side - 1) == 0 && radiance.count == side * side)
    let mips = OctahedralPyramid(mipsOf: radiance, side: side)
    // Three bands see no detail: a coarse level will do.
    let (coarse, coarseSide) = mips.interior(atMost: 64)
    irradiance = IrradianceHarmonics(
      coarse, Octahedron.directions(side: coarseSide), Octahedron.solidAngles(side: coarseSide))
    self.sun = sun
    var pyramid = OctahedralPyramid()
    pyramid.append(radiance, side: side)
    for k in 1..<Environment.levelCount {
      let (source, wanted) = mips.interior(atMost: min(Environment.sides[k], blurredSide))
      let roughness = Environment.roughness(level: k)
      if SpecularPrefilter.isSharp(roughness: roughness, side: wanted) {
        pyramid.append(source, side: wanted)
      } else {
        let filter = SpecularPrefilter(
          roughness: roughness, count: Environment.samples(side: wanted), side: side, mips: mips.levels.count)
        pyramid.append(filter.filtered(mips, side: wanted), side: wanted)
      }
    }
    var d = pyramid.texels.withUnsafeBytes { Digest(of: $0) }
    if let sun {
      let numbers = [
        sun.direction.x, sun.direction.y, sun.direction.z, sun.irradiance.x, sun.irradiance.y, sun.irradiance.z,
        sun.angularDiameter,
      ]
      d = numbers.withUnsafeBytes { Digest(of: $0, seed: d.low ^ d.high) }
    }
    digest = d
    levelStore = .allocate(capacity: pyramid.levels.count)
    _ = levelStore.initialize(from: pyramid.levels)
    texelStore = .allocate(capacity: pyramid.texels.count)
    _ = texelStore.initialize(from: pyramid.texels)
    // The pyramid has `levelCount` levels: neither buffer is empty.
    levelBase = UnsafePointer(levelStore.baseAddress.unsafelyUnwrapped)
    texelBase = UnsafePointer(texelStore.baseAddress.unsafelyUnwrapped)
  }

  /// An environment given by a function of the unit direction, evaluated at the texels of a map of `side` x `side`.
  public convenience init(side: Int, blurredSide: Int = 64, sun: Sun? = nil, radiance: (Vector3) -> Vector3) {
    self.init(
      radiance: Octahedron.directions(side: side).map { SIMD4(SIMD3<Float>(radiance($0)), 0) }, side: side,
      blurredSide: blurredSide, sun: sun)
  }

  deinit {
    levelStore.deallocate()
    texelStore.deallocate()
  }

  /// Radiance from a direction of any length but 0, blurred for a roughness from 0 to 1: what the shader looks up,
  /// one direction at a time.
  public func radiance(_ direction: Vector3, roughness: Double = 0) -> Vector3 {
    let level = Environment.level(roughness: min(max(roughness, 0), 1))
    let lower = min(Int(level), Environment.levelCount - 2)
    let (u, v) = OctahedralPyramid.coordinates(SIMD3<Float>(direction))
    let a = OctahedralPyramid.bilinear(texelBase, levelBase[lower], u, v)
    let b = OctahedralPyramid.bilinear(texelBase, levelBase[lower + 1], u, v)
    let c = a + (b - a) * Float(level - Double(lower))
    return Vector3(Double(c.x), Double(c.y), Double(c.z))
  }
}

extension Environment: Equatable {
  public static func == (a: Environment, b: Environment) -> Bool { a === b || a.digest == b.digest }
}
