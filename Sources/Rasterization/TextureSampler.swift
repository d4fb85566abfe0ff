import Stage

/// Trilinear texture lookup with wrap-around in both directions.
enum TextureSampler {
  /// The filtered texel, 0 to 1 a channel.
  ///
  /// - Parameters:
  ///   - u, v: texture coordinates in [0, 1].
  ///   - level: mip level, 0 or more; `fraction` of the way to the next.
  @inline(__always)
  static func trilinear(_ m: UnsafePointer<ShadingMaterial>, u: Float, v: Float, level: Int32, fraction: Float)
    -> SIMD4<Float>
  {
    guard let texels = m.pointee.texels, let levels = m.pointee.levels else { return SIMD4(repeating: 0) }
    let fine = bilinear(texels, levels[Int(level)], u, v)
    if fraction == 0 { return fine * (1 / 65535) }
    let coarse = bilinear(texels, levels[Int(level) + 1], u, v)
    return (fine + (coarse - fine) * fraction) * (1 / 65535)
  }

  @inline(__always)
  private static func bilinear(
    _ texels: UnsafePointer<SIMD4<UInt16>>, _ level: Texture.Level, _ u: Float, _ v: Float
  ) -> SIMD4<Float> {
    let (w, h) = (level.width, level.height)
    // Texel centres are at +0.5; shifted by one whole texel more so that truncation rounds down.
    let x = u * Float(w) + 0.5
    let y = v * Float(h) + 0.5
    let (xi, yi) = (Int(x), Int(y))
    let (fx, fy) = (x - Float(xi), y - Float(yi))
    let x0 = xi == 0 ? w - 1 : min(xi - 1, w - 1)
    let x1 = xi >= w ? 0 : xi
    let y0 = yi == 0 ? h - 1 : min(yi - 1, h - 1)
    let y1 = yi >= h ? 0 : yi
    let top = texels + (level.offset + y0 * w)
    let bottom = texels + (level.offset + y1 * w)
    let (a, b) = (value(top[x0]), value(top[x1]))
    let (c, d) = (value(bottom[x0]), value(bottom[x1]))
    let ab = a + (b - a) * fx
    let cd = c + (d - c) * fx
    return ab + (cd - ab) * fy
  }

  /// 16-bit integers as floats, by their place in the mantissa of 2^23 + n.
  @inline(__always)
  private static func value(_ t: SIMD4<UInt16>) -> SIMD4<Float> {
    let bits = SIMD4<UInt32>(truncatingIfNeeded: t) | SIMD4(repeating: 0x4b00_0000)
    return unsafeBitCast(bits, to: SIMD4<Float>.self) - SIMD4(repeating: 8_388_608)
  }
}
