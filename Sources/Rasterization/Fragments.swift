/// A surface as one pixel sees it: what is shaded once.
struct Fragment {
  var primitive: UInt32
  /// y * 32 + x within the tile.
  var pixel: UInt16
  /// The sample at which the surface is shaded: the lowest of those that see it, so the pixel's centre where it does.
  var sample: UInt8
  /// How many of the pixel's eight samples see it.
  var weight: UInt8
}

extension SampleTile {
  /// Lists the surfaces that each pixel of the tile sees, in pixel order, sample order within a pixel.
  ///
  /// Samples that see the same smooth piece of surface share one fragment even where they see different triangles of it,
  /// unless the piece is folded there: see `isContinuous`. Returns the number of fragments; `out` has room for 8 a pixel.
  @inline(__always)
  func resolve(_ primitives: UnsafePointer<Primitive>, _ tile: TileRectangle, into out: UnsafeMutablePointer<Fragment>)
    -> Int
  {
    var count = 0
    for y in 0..<tile.height {
      for x in 0..<tile.width {
        let k = y * TileGrid.side + x
        let ids = primitive[k]
        let first = ids[0]
        if ids == SIMD8(repeating: first) {
          if first == SampleTile.empty { continue }
          out[count] = Fragment(primitive: first, pixel: UInt16(truncatingIfNeeded: k), sample: 0, weight: 8)
          count &+= 1
        } else {
          count = resolveMixed(ids, k, primitives, tile.x + x, tile.y + y, out, count)
        }
      }
    }
    return count
  }

  @inline(never)
  private func resolveMixed(
    _ ids: SIMD8<UInt32>, _ k: Int, _ primitives: UnsafePointer<Primitive>, _ x: Int, _ y: Int,
    _ out: UnsafeMutablePointer<Fragment>, _ from: Int
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
        out[count] = Fragment(
          primitive: id, pixel: UInt16(truncatingIfNeeded: k), sample: UInt8(truncatingIfNeeded: s),
          weight: UInt8(truncatingIfNeeded: taken.nonzeroBitCount))
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
