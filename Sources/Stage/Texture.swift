import Imaging

/// A texture with its mip levels, 16 bits a channel, 65535 = 1: linear-light RGBA, or a single value that the material
/// turns into colours (a quarter of the memory, and procedural textures need no more). Wraps in both directions.
///
/// Level 0 is the image; each further level has half the width and height, rounded down and at least 1, until 1x1. In
/// memory each row is followed by its first texel and each level by its first row, so that a filter that wraps finds its
/// 2 x 2 texels side by side.
public final class Texture: Sendable {
  public struct Level: Hashable, Sendable {
    public let width: Int32
    public let height: Int32
    /// Index of the level's first texel; texel (x, y) is at `offset + y * (width + 1) + x`, for x in
    /// 0...width and y in 0...height.
    public let offset: Int32
  }

  /// True where a texel is one value rather than RGBA.
  public let isScalar: Bool
  /// Digest of level 0.
  public let digest: Digest

  // The buffers are written before `init` returns, never after, and freed by `deinit`: any thread may read them.

  private nonisolated(unsafe) let levelStore: UnsafeMutableBufferPointer<Level>
  private nonisolated(unsafe) let texelStore: UnsafeMutableRawBufferPointer
  /// The first level, and the first byte of the texels: two bytes a texel where `isScalar`, else eight. Valid as long as
  /// the texture is. Colour is not multiplied by alpha.
  package nonisolated(unsafe) let levelBase: UnsafePointer<Level>
  package nonisolated(unsafe) let texelBase: UnsafeRawPointer

  /// Memory that the texels take.
  public var byteCount: Int { texelStore.count }

  /// The levels, the image itself first.
  public var levels: UnsafeBufferPointer<Level> { UnsafeBufferPointer(levelStore) }

  /// Builds the mip levels by exact area averaging of `base` in linear light, colour weighted by alpha.
  public convenience init(base: Plane<SIMD4<UInt16>>) {
    let digest = base.values.withUnsafeBytes { Digest(of: $0, seed: UInt64(base.width) << 32 | UInt64(base.height)) }
    self.init(MipPyramid(base: base), isScalar: false, digest: digest) { $0 }
  }

  /// Builds the mip levels of a single value.
  public convenience init(scalar base: Plane<UInt16>) {
    let digest = base.values.withUnsafeBytes { Digest(of: $0, seed: UInt64(base.width) << 32 | UInt64(base.height)) }
    let wide = Plane(width: base.width, height: base.height, values: base.values.map { SIMD4($0, $0, $0, 65535) })
    self.init(MipPyramid(base: wide), isScalar: true, digest: digest) { $0.x }
  }

  private init<T: BitwiseCopyable>(
    _ pyramid: MipPyramid, isScalar: Bool, digest: Digest, _ texel: (SIMD4<UInt16>) -> T
  ) {
    var (placed, bordered): ([Level], [T]) = ([], [])
    for level in pyramid.levels {
      placed.append(
        Level(width: Int32(level.width), height: Int32(level.height), offset: Int32(bordered.count)))
      for y in 0...level.height {
        let row = level.offset + y % level.height * level.width
        for x in 0..<level.width { bordered.append(texel(pyramid.texels[row + x])) }
        bordered.append(texel(pyramid.texels[row]))
      }
    }
    self.isScalar = isScalar
    self.digest = digest
    let levels = UnsafeMutablePointer<Level>.allocate(capacity: placed.count)
    levelStore = UnsafeMutableBufferPointer(start: levels, count: placed.count)
    _ = levelStore.initialize(from: placed)
    levelBase = UnsafePointer(levels)
    let bytes = bordered.count * MemoryLayout<T>.stride
    let texels = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
    texelStore = UnsafeMutableRawBufferPointer(start: texels, count: bytes)
    texelBase = UnsafeRawPointer(texels)
    bordered.withUnsafeBytes { texelStore.copyMemory(from: $0) }
  }

  deinit {
    levelStore.deallocate()
    texelStore.deallocate()
  }

  /// The texel of a level, without the border: x in 0..<width, y in 0..<height. A single value stands in red, green and
  /// blue, with alpha 1.
  public func texel(level: Int, x: Int, y: Int) -> SIMD4<UInt16> {
    let l = levels[level]
    let index = Int(l.offset) + y * (Int(l.width) + 1) + x
    if isScalar {
      let t = texelBase.load(fromByteOffset: 2 * index, as: UInt16.self)
      return SIMD4(t, t, t, 65535)
    }
    return texelBase.load(fromByteOffset: 8 * index, as: SIMD4<UInt16>.self)
  }
}

/// Equal where the texels are; told by their digests.
extension Texture: Hashable {
  public static func == (a: Texture, b: Texture) -> Bool {
    a === b || (a.digest == b.digest && a.isScalar == b.isScalar)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
