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

  // The two buffers are written before `init` returns, never after, and freed by `deinit`: any thread may read them.

  public nonisolated(unsafe) let levels: UnsafeBufferPointer<Level>
  /// All levels, one after another, row by row from the top left. Colour is not multiplied by alpha.
  public nonisolated(unsafe) let texels: UnsafeBufferPointer<SIMD4<UInt16>>
  /// Digest of level 0.
  public let digest: Digest

  /// Builds the mip levels by exact area averaging of `base` in linear light, colour weighted by alpha.
  public init(base: Plane<SIMD4<UInt16>>) {
    let pyramid = MipPyramid(base: base)
    levels = Texture.copied(pyramid.levels)
    texels = Texture.copied(pyramid.texels)
    digest = base.values.withUnsafeBytes { Digest(of: $0, seed: UInt64(base.width) << 32 | UInt64(base.height)) }
  }

  deinit {
    levels.deallocate()
    texels.deallocate()
  }

  private static func copied<T>(_ values: [T]) -> UnsafeBufferPointer<T> {
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    return UnsafeBufferPointer(buffer)
  }
}
