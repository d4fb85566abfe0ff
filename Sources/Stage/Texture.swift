import Imaging

/// A texture with its mip levels: linear-light RGBA, 16 bits a channel, 65535 = 1. Wraps in both directions.
///
/// Level 0 is the image; each further level has half the width and height, rounded down and at least 1, until 1x1.
public final class Texture: Sendable {
  public struct Level: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// Index of the level's first texel in `texels`.
    public let offset: Int
  }

  public let levels: [Level]
  /// All levels, one after another, row by row from the top left. Colour is not multiplied by alpha.
  public let texels: [SIMD4<UInt16>]
  /// Digest of level 0.
  public let digest: Digest

  /// Builds the mip levels by exact area averaging of `base` in linear light, colour weighted by alpha.
  public init(base: Plane<SIMD4<UInt16>>) {
    let pyramid = MipPyramid(base: base)
    levels = pyramid.levels
    texels = pyramid.texels
    digest = base.values.withUnsafeBytes { Digest(of: $0, seed: UInt64(base.width) << 32 | UInt64(base.height)) }
  }
}
