import Stage

/// Trilinear texture lookup with wrap-around in both directions, for eight fragments at once.
///
/// Addresses and weights are computed on all lanes together; only the loads go lane by lane, into `scratch`, from where
/// the eight texels of each lane (2 x 2 in each of two levels) are weighted and summed on all lanes together again.
struct TextureSampler {
  /// Two words a lane and texel, red and green, blue and alpha; or a word a lane and pair of scalar texels.
  private let words: UnsafeMutablePointer<SIMD8<UInt32>>
  private let fields: UnsafeMutablePointer<Lanes>

  init() {
    words = .allocate(capacity: 16)
    words.initialize(repeating: SIMD8(repeating: 0), count: 16)
    fields = .allocate(capacity: 10)
    fields.initialize(repeating: Lanes(repeating: 0), count: 10)
  }

  func deallocate() {
    words.deallocate()
    fields.deallocate()
  }

  /// The filtered texels' red, green and blue, 0 to 1; 0 for a material without a texture.
  ///
  /// - Parameters:
  ///   - material: for each lane.
  ///   - u, v: texture coordinates in [0, 1].
  ///   - detail: mip level, 0 or more; a fraction blends two levels.
  @inline(__always)
  func trilinear(
    _ materials: UnsafePointer<UnsafePointer<ShadingMaterial>>, u: Lanes, v: Lanes, detail: Lanes
  ) -> Lanes3 {
    let scalars = UnsafeMutableRawPointer(fields).assumingMemoryBound(to: Float.self)
    let integers = UnsafeMutableRawPointer(fields).assumingMemoryBound(to: Int32.self)
    let packed = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
    // Sizes of the two levels of each lane.
    let whole = wholePart(detail)
    fields[0] = unsafeBitCast(Rasterization.integers(whole), to: Lanes.self)
    fields[1] = detail - whole
    var allScalar = true
    for i in 0..<8 {
      let m = materials[i].pointee
      allScalar = allScalar && m.isScalar
      let level = min(Int(integers[i]), m.lastLevel)
      if level == m.lastLevel { scalars[8 + i] = 0 }
      let (fine, coarse) = (m.levels[level], m.levels[min(level &+ 1, m.lastLevel)])
      integers[16 + i] = Int32(truncatingIfNeeded: fine.width)
      integers[24 + i] = Int32(truncatingIfNeeded: fine.height)
      integers[32 + i] = Int32(truncatingIfNeeded: fine.offset)
      integers[40 + i] = Int32(truncatingIfNeeded: coarse.width)
      integers[48 + i] = Int32(truncatingIfNeeded: coarse.height)
      integers[56 + i] = Int32(truncatingIfNeeded: coarse.offset)
    }
    let fine = corner(u, v, size: 2)
    let coarse = corner(u, v, size: 5)
    fields[8] = unsafeBitCast(fine.address, to: Lanes.self)
    fields[9] = unsafeBitCast(coarse.address, to: Lanes.self)
    let fraction = fields[1]
    let (f, c) = ((lanes(1) - fraction) * (1 / 65535), fraction * (1 / 65535))
    if allScalar {
      for i in 0..<8 {
        let texels = materials[i].pointee.texels
        let top = texels + (Int(integers[64 + i]) &* 2)
        let bottom = top + ((Int(integers[16 + i]) &+ 1) &* 2)
        packed[i] = top.loadUnaligned(as: UInt32.self)
        packed[8 + i] = bottom.loadUnaligned(as: UInt32.self)
        let coarseTop = texels + (Int(integers[72 + i]) &* 2)
        let coarseBottom = coarseTop + ((Int(integers[40 + i]) &+ 1) &* 2)
        packed[16 + i] = coarseTop.loadUnaligned(as: UInt32.self)
        packed[24 + i] = coarseBottom.loadUnaligned(as: UInt32.self)
      }
      let t = weightedPairs(0, fine.fx, fine.fy, f) + weightedPairs(2, coarse.fx, coarse.fy, c)
      return Lanes3(t, t, t)
    }
    for i in 0..<8 {
      let m = materials[i].pointee
      @inline(__always) func put(_ slot: Int, _ address: Int, _ stride: Int) {
        for (k, index) in [(0, address), (16, address &+ 1), (32, address &+ stride), (48, address &+ stride &+ 1)] {
          let word = slot &* 8 &+ k &+ i
          if m.isScalar {
            let t = UInt32(m.texels.load(fromByteOffset: index &* 2, as: UInt16.self))
            packed[word] = t | t &<< 16
            packed[word &+ 8] = t
          } else {
            packed[word] = m.texels.load(fromByteOffset: index &* 8, as: UInt32.self)
            packed[word &+ 8] = m.texels.load(fromByteOffset: index &* 8 &+ 4, as: UInt32.self)
          }
        }
      }
      put(0, Int(integers[64 + i]), Int(integers[16 + i]) &+ 1)
      put(8, Int(integers[72 + i]), Int(integers[40 + i]) &+ 1)
    }
    return weighted(0, fine.fx, fine.fy, f) + weighted(8, coarse.fx, coarse.fy, c)
  }

  /// The bilinear sum of scalar texels: words `slot` and `slot + 1` hold the upper and lower pairs.
  @inline(__always)
  private func weightedPairs(_ slot: Int, _ fx: Lanes, _ fy: Lanes, _ scale: Lanes) -> Lanes {
    let mask = SIMD8<UInt32>(repeating: 0xffff)
    let (top, bottom) = (words[slot], words[slot + 1])
    let left = numbers(top & mask) * (scale - fy * scale) + numbers(bottom & mask) * (fy * scale)
    let right =
      numbers(top &>> SIMD8(repeating: 16)) * (scale - fy * scale)
      + numbers(bottom &>> SIMD8(repeating: 16)) * (fy * scale)
    return left + (right - left) * fx
  }

  private struct Corner {
    /// Index of the upper left texel.
    var address: SIMD8<Int32>
    var fx: Lanes
    var fy: Lanes
  }

  /// Where the 2 x 2 texels around (u, v) begin, in the level whose width, height and offset are in the fields from
  /// `size` on.
  @inline(__always)
  private func corner(_ u: Lanes, _ v: Lanes, size: Int) -> Corner {
    let w = unsafeBitCast(fields[size], to: SIMD8<Int32>.self)
    let h = unsafeBitCast(fields[size + 1], to: SIMD8<Int32>.self)
    let offset = unsafeBitCast(fields[size + 2], to: SIMD8<Int32>.self)
    // Texel centres are at +0.5. One texel further, so that rounding down never goes below 0; taken off below.
    let x = u * numbers(w) + 0.5
    let y = v * numbers(h) + 0.5
    let (wholeX, wholeY) = (wholePart(x), wholePart(y))
    let one = SIMD8<Int32>(repeating: 1)
    let (xi, yi) = (Rasterization.integers(wholeX) &- one, Rasterization.integers(wholeY) &- one)
    // -1 is the last texel of the row: its right neighbour is the border, a copy of the first.
    let x0 = xi &+ (w & signMask(xi))
    let y0 = yi &+ (h & signMask(yi))
    return Corner(address: offset &+ y0 &* (w &+ one) &+ x0, fx: x - wholeX, fy: y - wholeY)
  }

  @inline(__always)
  private func weighted(_ slot: Int, _ fx: Lanes, _ fy: Lanes, _ scale: Lanes) -> Lanes3 {
    let (top, bottom) = ((lanes(1) - fy) * scale, fy * scale)
    let left = lanes(1) - fx
    return texel(slot) * (left * top) + texel(slot + 2) * (fx * top) + texel(slot + 4) * (left * bottom)
      + texel(slot + 6) * (fx * bottom)
  }

  @inline(__always)
  private func texel(_ slot: Int) -> Lanes3 {
    let (low, high) = (words[slot], words[slot + 1])
    let mask = SIMD8<UInt32>(repeating: 0xffff)
    return Lanes3(numbers(low & mask), numbers(low &>> SIMD8(repeating: 16)), numbers(high & mask))
  }
}
