import Imaging

/// Makes mip levels by averaging areas. Where a side is odd, a coarse texel covers parts of fine texels, and each part
/// counts by its length, so that the mean of every level is the mean of the image.
struct MipPyramid {
  struct Level {
    let width: Int
    let height: Int
    /// Index of the level's first texel in `texels`.
    let offset: Int
  }

  private(set) var levels: [Level] = []
  private(set) var texels: [SIMD4<UInt16>] = []

  init(base: Plane<SIMD4<UInt16>>) {
    levels.append(.init(width: base.width, height: base.height, offset: 0))
    texels = base.values
    texels.reserveCapacity(base.values.count * 4 / 3 + 32)
    var (w, h) = (base.width, base.height)
    guard w > 1 || h > 1 else { return }
    // The image itself is read in place: a copy in floating point would be twice its size.
    var coarse = append(width: w, height: h) { MipPyramid.premultiplied(base.values[$0]) }
    while true {
      (w, h) = (max(w / 2, 1), max(h / 2, 1))
      guard w > 1 || h > 1 else { return }
      let fine = coarse
      coarse = append(width: w, height: h) { fine[$0] }
    }
  }

  /// Appends the level above one of `w` x `h` texels, premultiplied, and gives it in floating point.
  @inline(__always)
  private mutating func append(width w: Int, height h: Int, fine: (Int) -> SIMD4<Float>) -> [SIMD4<Float>] {
    let (cw, ch) = (max(w / 2, 1), max(h / 2, 1))
    let columns = Taps(fine: w, coarse: cw)
    let rows = Taps(fine: h, coarse: ch)
    var coarse: [SIMD4<Float>] = []
    coarse.reserveCapacity(cw * ch)
    levels.append(.init(width: cw, height: ch, offset: texels.count))
    for y in 0..<ch {
      for x in 0..<cw {
        var sum = SIMD4<Float>(repeating: 0)
        for j in 0..<rows.count[y] {
          let row = (rows.first[y] + j) * w + columns.first[x]
          let share = rows.share[3 * y + j]
          for i in 0..<columns.count[x] { sum += fine(row + i) * (share * columns.share[3 * x + i]) }
        }
        coarse.append(sum)
        texels.append(MipPyramid.straight(sum))
      }
    }
    return coarse
  }

  /// For each coarse texel the fine texels under it and their shares, which sum to 1. There are at most three: a coarse
  /// texel is 2 fine ones long, or 2 + 1/coarse, and then begins at most at the end of its first.
  private struct Taps {
    var first: [Int] = []
    var count: [Int] = []
    /// Three places for each coarse texel.
    var share: [Float] = []

    init(fine: Int, coarse: Int) {
      for c in 0..<coarse {
        // In units of 1/coarse of a fine texel, all bounds are whole numbers.
        let (from, to) = (c * fine, (c + 1) * fine)
        let taps = from / coarse...(to - 1) / coarse
        first.append(taps.lowerBound)
        count.append(taps.count)
        for f in taps.lowerBound..<taps.lowerBound + 3 {
          let overlap = min(to, (f + 1) * coarse) - max(from, f * coarse)
          share.append(Float(max(overlap, 0)) / Float(fine))
        }
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
