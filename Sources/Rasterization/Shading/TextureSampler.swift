import CLanes
import LaneMath
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
  /// Work on single lanes and work on all lanes are kept in functions of their own: where the compiler sees both, it
  /// takes the vectors apart.
  ///
  /// - Parameters:
  ///   - materials: one a lane; `isUniform` where all are the same.
  ///   - u, v: texture coordinates in [0, 1].
  ///   - detail: mip level, 0 or more; a fraction blends two levels.
  @inline(__always)
  func trilinear(
    _ materials: UnsafePointer<UnsafePointer<ShadingMaterial>>, isUniform: Bool, u: Lanes, v: Lanes, detail: Lanes
  ) -> Lanes3 {
    let whole = wholePart(detail)
    let wanted = integers(whole)
    if isUniform, materials[0].pointee.isScalar, !isAnySet(wanted ^ lanes(int: wanted[0])) {
      // One texture of single values and one level for all: the common case.
      let m = materials[0]
      let last = m.pointee.lastLevel
      let level = min(Int(wanted[0]), last)
      let fraction = level == last ? lanes(0) : detail - whole
      let t =
        single(m.pointee.texels, m.pointee.levels[level], u, v, scale: (lanes(1) - fraction) * (1 / 65535))
        + single(m.pointee.texels, m.pointee.levels[min(level &+ 1, last)], u, v, scale: fraction * (1 / 65535))
      return Lanes3(t, t, t)
    }
    fields[Slot.level] = numbers(bits: wanted)
    fields[Slot.fraction] = detail - whole
    let areScalar = fetchLevels(materials)
    let fine = corner(u, v, size: Slot.fine)
    let coarse = corner(u, v, size: Slot.coarse)
    fields[Slot.fineAddress] = numbers(bits: fine.address)
    fields[Slot.coarseAddress] = numbers(bits: coarse.address)
    let fraction = fields[Slot.fraction]
    let (f, c) = ((lanes(1) - fraction) * (1 / 65535), fraction * (1 / 65535))
    if areScalar {
      fetchPairs(materials)
      let t =
        weightedPairs(words[0], words[1], fine.fx, fine.fy, f)
        + weightedPairs(words[2], words[3], coarse.fx, coarse.fy, c)
      return Lanes3(t, t, t)
    }
    fetchTexels(materials)
    return weighted(0, fine.fx, fine.fy, f) + weighted(8, coarse.fx, coarse.fy, c)
  }

  /// The bilinear value of a level of a texture of single values, times `scale`.
  @inline(__always)
  private func single(
    _ texels: UnsafeRawPointer, _ level: Texture.Level, _ u: Lanes, _ v: Lanes, scale: Lanes
  ) -> Lanes {
    let corner = corner(
      u, v, lanes(int: level.width), lanes(int: level.height), lanes(int: level.offset))
    let byte = corner.address &+ corner.address
    let row = texels + (Int(level.width) &+ 1) &* 2
    return weightedPairs(lanes_words(texels, byte), lanes_words(row, byte), corner.fx, corner.fy, scale)
  }

  /// Places in `fields`. A level is three places: width, height and offset, as integers.
  private enum Slot {
    static let level = 0
    static let fraction = 1
    static let fine = 2
    static let coarse = 5
    static let fineAddress = 8
    static let coarseAddress = 9
  }

  private var scalars: UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(fields).assumingMemoryBound(to: Float.self)
  }
  private var whole: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(fields).assumingMemoryBound(to: Int32.self)
  }
  private var packed: UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
  }

  /// Looks up the two levels of each lane. Returns whether all textures are scalar.
  @inline(never)
  private func fetchLevels(_ materials: UnsafePointer<UnsafePointer<ShadingMaterial>>) -> Bool {
    let (scalars, whole) = (scalars, whole)
    var areScalar = true
    for i in 0..<8 {
      let m = materials[i]
      areScalar = areScalar && m.pointee.isScalar
      let last = m.pointee.lastLevel
      let level = min(Int(whole[i]), last)
      if level == last { scalars[8 * Slot.fraction + i] = 0 }
      let fine = m.pointee.levels + level
      let coarse = m.pointee.levels + min(level &+ 1, last)
      whole[8 * Slot.fine + i] = fine.pointee.width
      whole[8 * Slot.fine + 8 + i] = fine.pointee.height
      whole[8 * Slot.fine + 16 + i] = fine.pointee.offset
      whole[8 * Slot.coarse + i] = coarse.pointee.width
      whole[8 * Slot.coarse + 8 + i] = coarse.pointee.height
      whole[8 * Slot.coarse + 16 + i] = coarse.pointee.offset
    }
    return areScalar
  }

  /// Fetches scalar texels: for each lane the upper and the lower pair of the fine level, then of the coarse one.
  @inline(never)
  private func fetchPairs(_ materials: UnsafePointer<UnsafePointer<ShadingMaterial>>) {
    let (whole, packed) = (whole, packed)
    for i in 0..<8 {
      let texels = materials[i].pointee.texels
      let fine = texels + Int(whole[8 * Slot.fineAddress + i]) &* 2
      packed[i] = fine.loadUnaligned(as: UInt32.self)
      packed[8 + i] = (fine + (Int(whole[8 * Slot.fine + i]) &+ 1) &* 2).loadUnaligned(as: UInt32.self)
      let coarse = texels + Int(whole[8 * Slot.coarseAddress + i]) &* 2
      packed[16 + i] = coarse.loadUnaligned(as: UInt32.self)
      packed[24 + i] = (coarse + (Int(whole[8 * Slot.coarse + i]) &+ 1) &* 2).loadUnaligned(as: UInt32.self)
    }
  }

  /// Fetches RGBA texels, two words each: 2 x 2 of the fine level, then of the coarse one. A scalar texel is spread.
  @inline(never)
  private func fetchTexels(_ materials: UnsafePointer<UnsafePointer<ShadingMaterial>>) {
    let (whole, packed) = (whole, packed)
    for i in 0..<8 {
      let m = materials[i]
      @inline(__always) func put(_ slot: Int, _ index: Int) {
        let word = slot &* 8 &+ i
        if m.pointee.isScalar {
          let t = UInt32(m.pointee.texels.load(fromByteOffset: index &* 2, as: UInt16.self))
          packed[word] = t | t &<< 16
          packed[word &+ 8] = t
        } else {
          packed[word] = m.pointee.texels.load(fromByteOffset: index &* 8, as: UInt32.self)
          packed[word &+ 8] = m.pointee.texels.load(fromByteOffset: index &* 8 &+ 4, as: UInt32.self)
        }
      }
      for (slot, size, place) in [(0, Slot.fine, Slot.fineAddress), (8, Slot.coarse, Slot.coarseAddress)] {
        let address = Int(whole[8 * place + i])
        let stride = Int(whole[8 * size + i]) &+ 1
        put(slot, address)
        put(slot + 2, address &+ 1)
        put(slot + 4, address &+ stride)
        put(slot + 6, address &+ stride &+ 1)
      }
    }
  }

  /// The bilinear sum of scalar texels, given the upper and lower pairs.
  @inline(__always)
  private func weightedPairs(
    _ top: SIMD8<UInt32>, _ bottom: SIMD8<UInt32>, _ fx: Lanes, _ fy: Lanes, _ scale: Lanes
  ) -> Lanes {
    let mask = lanes_splat_uint(0xffff)
    let left = lanes_from_uint(top & mask) * (scale - fy * scale) + lanes_from_uint(bottom & mask) * (fy * scale)
    let right =
      lanes_from_uint(lanes_shift_right_uint(top, 16)) * (scale - fy * scale)
      + lanes_from_uint(lanes_shift_right_uint(bottom, 16)) * (fy * scale)
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
    corner(u, v, bits(fields[size]), bits(fields[size + 1]), bits(fields[size + 2]))
  }

  @inline(__always)
  private func corner(
    _ u: Lanes, _ v: Lanes, _ w: SIMD8<Int32>, _ h: SIMD8<Int32>, _ offset: SIMD8<Int32>
  ) -> Corner {
    // Texel centres are at +0.5. One texel further, so that rounding down never goes below 0; taken off below.
    let x = u * numbers(w) + 0.5
    let y = v * numbers(h) + 0.5
    let (wholeX, wholeY) = (wholePart(x), wholePart(y))
    let one = lanes(int: 1)
    let (xi, yi) = (integers(wholeX) &- one, integers(wholeY) &- one)
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
    let mask = lanes_splat_uint(0xffff)
    return Lanes3(
      lanes_from_uint(low & mask), lanes_from_uint(lanes_shift_right_uint(low, 16)), lanes_from_uint(high & mask))
  }
}
