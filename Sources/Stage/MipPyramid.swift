import Imaging

/// Makes mip levels by averaging areas. Where a side is odd, a coarse texel covers parts of fine texels, and each part
/// counts by its length, so that the mean of every level is the mean of the image.
struct MipPyramid {
  private(set) var levels: [Texture.Level] = []
  private(set) var texels: [SIMD4<UInt16>] = []

  init(base: Plane<SIMD4<UInt16>>) {
    levels.append(.init(width: base.width, height: base.height, offset: 0))
    texels = base.values
    var fine = base.values.map { MipPyramid.premultiplied($0) }
    var (w, h) = (base.width, base.height)
    while w > 1 || h > 1 {
      let (cw, ch) = (max(w / 2, 1), max(h / 2, 1))
      let columns = MipPyramid.taps(fine: w, coarse: cw)
      let rows = MipPyramid.taps(fine: h, coarse: ch)
      var coarse = [SIMD4<Float>](repeating: SIMD4(repeating: 0), count: cw * ch)
      for y in 0..<ch {
        for x in 0..<cw {
          var sum = SIMD4<Float>(repeating: 0)
          for (fy, wy) in rows[y] { for (fx, wx) in columns[x] { sum += fine[fy * w + fx] * (wy * wx) } }
          coarse[y * cw + x] = sum
        }
      }
      levels.append(.init(width: cw, height: ch, offset: texels.count))
      texels.append(contentsOf: coarse.map(MipPyramid.straight))
      (fine, w, h) = (coarse, cw, ch)
    }
  }

  /// For each coarse texel the fine texels under it and their shares, which sum to 1.
  private static func taps(fine: Int, coarse: Int) -> [[(index: Int, share: Float)]] {
    (0..<coarse).map { c in
      // In units of 1/coarse of a fine texel, all bounds are whole numbers.
      let (from, to) = (c * fine, (c + 1) * fine)
      return (from / coarse...(to - 1) / coarse).map { f in
        let overlap = min(to, (f + 1) * coarse) - max(from, f * coarse)
        return (f, Float(overlap) / Float(fine))
      }
    }
  }

  private static func premultiplied(_ t: SIMD4<UInt16>) -> SIMD4<Float> {
    let v = SIMD4<Float>(Float(t.x), Float(t.y), Float(t.z), Float(t.w)) / 65535
    return SIMD4(v.x * v.w, v.y * v.w, v.z * v.w, v.w)
  }

  private static func straight(_ v: SIMD4<Float>) -> SIMD4<UInt16> {
    let a = v.w > 0 ? 1 / v.w : 0
    func code(_ x: Float) -> UInt16 { UInt16(min(max(x, 0), 1) * 65535 + 0.5) }
    return SIMD4(code(v.x * a), code(v.y * a), code(v.z * a), code(v.w))
  }
}
