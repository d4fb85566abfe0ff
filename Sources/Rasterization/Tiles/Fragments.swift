import CLanes
import LaneMath

/// What one pixel sees: a list of surfaces, each shaded once. The lists of a tile lie one after another, as two arrays
/// that shading reads eight at a time.
struct FragmentList: ~Copyable {
  /// The primitive of each fragment.
  private(set) var primitives = Scratch<UInt32>(capacity: 1 << 16)
  /// Pixel, place and weight of each fragment: see `FragmentPlace`.
  private(set) var places = Scratch<UInt32>(capacity: 1 << 16)

  /// The two arrays from a place on.
  func slice(from first: Int) -> (primitives: UnsafeMutablePointer<UInt32>, places: UnsafeMutablePointer<UInt32>) {
    (primitives.base + first, places.base + first)
  }

  mutating func grow(to count: Int, keeping kept: Int) {
    primitives.grow(to: count, keeping: kept)
    places.grow(to: count, keeping: kept)
  }
}

/// Where in the tile a fragment is shaded and how much it counts, in one word:
///
///     bits 0-9    pixel, y * 32 + x
///     bits 10-13  weight: how many of the pixel's eight samples see the surface, 1 to 8
///     bits 16-19  x of the sample at which it is shaded, in sixteenths of a pixel from the centre, plus 8
///     bits 20-23  y likewise
///
/// That sample is the first of those that see the surface: the pixel's centre where it does.
enum FragmentPlace {
  /// Bits 16-23 of a fragment that is shaded at the pixel's centre.
  static let centre: UInt32 = 0x88 << 16
  static let offsetMask: UInt32 = 0xff << 16

  @inline(__always) static func word(pixel: Int, weight: Int, sample: Int) -> UInt32 {
    let x = UInt32(truncatingIfNeeded: Int(SamplePattern.x[sample]) &+ 8)
    let y = UInt32(truncatingIfNeeded: Int(SamplePattern.y[sample]) &+ 8)
    return UInt32(truncatingIfNeeded: pixel | weight &<< 10) | x &<< 16 | y &<< 20
  }

  @inline(__always) static func pixel(_ w: UInt32) -> Int { Int(w & 0x3ff) }
  @inline(__always) static func weight(_ w: UInt32) -> Float {
    Float(Int32(truncatingIfNeeded: w &>> 10 & 0xf)) * 0.125
  }
  @inline(__always) static func isCentre(_ w: UInt32) -> Bool { w & offsetMask == centre }
  /// Whether the pixel sees nothing else.
  @inline(__always) static func isWhole(_ w: UInt32) -> Bool { w & 0xf &<< 10 == 8 &<< 10 }
}

extension SampleTile {
  /// Lists the surfaces that each pixel of the tile sees, in pixel order, sample order within a pixel, from place `from` on,
  /// and copies the centre samples' instance and triangle to the labels.
  ///
  /// Samples that see the same smooth piece of surface share one fragment even where they see different triangles of it,
  /// unless the piece is folded there: see `isContinuous`. `out` has room for 8 fragments a pixel, and 8 more. Returns the
  /// place after the last, and the range of inverse depth over what is seen.
  @inline(__always)
  func resolve(
    _ primitives: UnsafePointer<Primitive>, _ tile: TileRectangle, into out: borrowing FragmentList, from: Int,
    _ labels: LabelTargets
  ) -> (end: Int, range: ClosedRange<Float>?) {
    var count = from
    let (ids, places) = (out.primitives.base, out.places.base)
    let whole = FragmentPlace.word(pixel: 0, weight: 8, sample: 0)
    var low = lanes(.infinity)
    var high = lanes(0)
    var isBaseSeen = false
    let baseId = base.pointee.primitive
    let base = CentreLabel(baseId, primitives)
    var centre = base
    for y in 0..<tile.height {
      let line = (tile.y + y) * labels.width + tile.x
      let bits = touched[y]
      var x = 0
      while x < tile.width {
        let k = y &* TileGrid.side &+ x
        let rest = bits &>> UInt32(truncatingIfNeeded: x)
        if rest & 1 == 0 {
          // A run of pixels that show the base.
          let length = min(rest.trailingZeroBitCount, tile.width &- x)
          (labels.instance + line + x).update(repeating: base.instance, count: length)
          (labels.triangle + line + x).update(repeating: base.triangle, count: length)
          if baseId != SampleTile.empty {
            isBaseSeen = true
            fill(ids + count, UInt32(bitPattern: baseId), places + count, whole | UInt32(truncatingIfNeeded: k), length)
            count &+= length
          }
          x &+= length
          continue
        }
        let nearness = inverseZ[k]
        low = minimum(low, select(isLess(lanes(0), nearness), nearness, low))
        high = maximum(high, nearness)
        let seen = primitive[k]
        let first = seen[0]
        if first != centre.primitive { centre = CentreLabel(first, primitives) }
        labels.instance[line &+ x] = centre.instance
        labels.triangle[line &+ x] = centre.triangle
        if !isAnySet(seen ^ lanes(int: first)) {
          if first != SampleTile.empty {
            ids[count] = UInt32(bitPattern: first)
            places[count] = whole | UInt32(truncatingIfNeeded: k)
            count &+= 1
          }
        } else if isOneSheet(k, seen, primitives) {
          ids[count] = UInt32(bitPattern: first)
          places[count] = whole | UInt32(truncatingIfNeeded: k)
          count &+= 1
        } else {
          count = resolveMixed(seen, k, primitives, tile.x + x, tile.y + y, ids, places, count)
        }
        x &+= 1
      }
    }
    var (nearest, farthest): (Float, Float) = (0, .infinity)
    for i in 0..<8 { (nearest, farthest) = (max(nearest, high[i]), min(farthest, low[i])) }
    if isBaseSeen, let range = self.base.pointee.range {
      (nearest, farthest) = (max(nearest, range.upperBound), min(farthest, range.lowerBound))
    }
    return (count, nearest > 0 ? farthest...nearest : nil)
  }

  /// Writes `count` fragments of neighbouring pixels, in eights: up to 7 places behind them are overwritten.
  @inline(__always)
  private func fill(
    _ ids: UnsafeMutablePointer<UInt32>, _ id: UInt32, _ places: UnsafeMutablePointer<UInt32>, _ place: UInt32,
    _ count: Int
  ) {
    let number = lanes_splat_uint(id)
    var next = lanes_add_uint(lanes_splat_uint(place), SIMD8(0, 1, 2, 3, 4, 5, 6, 7))
    var i = 0
    while i < count {
      UnsafeMutableRawPointer(ids + i).storeBytes(of: number, as: SIMD8<UInt32>.self)
      UnsafeMutableRawPointer(places + i).storeBytes(of: next, as: SIMD8<UInt32>.self)
      next = lanes_add_uint(next, lanes_splat_uint(8))
      i &+= 8
    }
  }

  /// What the labels say of a centre sample.
  private struct CentreLabel {
    let primitive: Int32
    let instance: UInt32
    let triangle: UInt32

    @inline(__always) init(_ id: Int32, _ primitives: UnsafePointer<Primitive>) {
      primitive = id
      if id == SampleTile.empty {
        (instance, triangle) = (GBuffer.nothing, 0)
      } else {
        (instance, triangle) = (primitives[Int(id)].instance, primitives[Int(id)].triangle)
      }
    }
  }

  /// Whether all samples of a pixel see the same smooth piece of surface at nearly the same depth: the common case of
  /// several small triangles in a pixel.
  @inline(__always)
  private func isOneSheet(_ k: Int, _ seen: SIMD8<Int32>, _ primitives: UnsafePointer<Primitive>) -> Bool {
    let first = seen[0]
    guard first != SampleTile.empty else { return false }
    let depths = inverseZ[k]
    let centre = depths[0]
    // Nothing has depth 0, which is far from any.
    let apart = numbers(bits: bits(depths - lanes(centre)) & lanes(int: Int32.max))
    if isAnySet(isLess(lanes(centre * (1 / 256)), apart)) { return false }
    // So all samples see something. Looking at all their surfaces is cheaper than finding out which primitives differ.
    let surface = primitives[Int(first)].surface
    let ids = UnsafeRawPointer(primitive + k).assumingMemoryBound(to: Int32.self)
    var differ: UInt32 = 0
    for s in 1..<8 { differ |= primitives[Int(ids[s])].surface ^ surface }
    return differ == 0
  }

  @inline(never)
  private func resolveMixed(
    _ ids: SIMD8<Int32>, _ k: Int, _ primitives: UnsafePointer<Primitive>, _ x: Int, _ y: Int,
    _ outIds: UnsafeMutablePointer<UInt32>, _ places: UnsafeMutablePointer<UInt32>, _ from: Int
  ) -> Int {
    let depths = inverseZ[k]
    var count = from
    // Bit s is set while sample s has no fragment yet.
    var open: UInt32 = 0xff
    while open != 0 {
      let s = open.trailingZeroBitCount
      let id = ids[s]
      var taken: UInt32 = 0
      var (lastId, lastJoins) = (id, true)
      var rest = open
      while rest != 0 {
        let r = rest.trailingZeroBitCount
        rest &= rest &- 1
        let other = ids[r]
        if other == id {
          taken |= 1 &<< UInt32(r)
          continue
        }
        if id == SampleTile.empty || other == SampleTile.empty { continue }
        if other != lastId {
          lastId = other
          lastJoins =
            primitives[Int(id)].surface == primitives[Int(other)].surface
            && SampleTile.isContinuous(primitives[Int(id)], depths[r], sample: r, x, y)
        }
        if lastJoins { taken |= 1 &<< UInt32(r) }
      }
      open &= ~taken
      if id != SampleTile.empty {
        outIds[count] = UInt32(bitPattern: id)
        places[count] = FragmentPlace.word(pixel: k, weight: taken.nonzeroBitCount, sample: s)
        count &+= 1
      }
    }
    return count
  }

  /// Whether the depth seen at a sample lies near the plane of `p`, so that both are one sheet of a smooth surface rather
  /// than two folds of it: within 1/256 of the depth, 3 cm at 8 m.
  @inline(__always)
  private static func isContinuous(_ p: Primitive, _ inverseZ: Float, sample: Int, _ x: Int, _ y: Int) -> Bool {
    let dx = Float(Int32(truncatingIfNeeded: x) &* 256 &+ 128 &- p.x0) * (1 / 256) + SamplePattern.offsetX[sample]
    let dy = Float(Int32(truncatingIfNeeded: y) &* 256 &+ 128 &- p.y0) * (1 / 256) + SamplePattern.offsetY[sample]
    return abs(p.inverseZ(dx: dx, dy: dy) - inverseZ) <= inverseZ * (1 / 256)
  }
}
