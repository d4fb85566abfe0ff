extension WarpedTile {
  /// Lists the surfaces that the pixels of a plane see, as `SampleTile.resolve` does for a regular picture, and writes what
  /// their centres see to the labels. `out` has room for 8 a pixel. Returns the place after the last, and the range of
  /// inverse depth over what is seen.
  func resolve(
    _ primitives: UnsafePointer<Primitive>, _ field: RayField, _ tile: TileRectangle, plane: Int,
    into out: borrowing FragmentList, from: Int, _ labels: LabelTargets
  ) -> (end: Int, range: ClosedRange<Float>?) {
    var count = from
    var (nearest, farthest): (Float, Float) = (0, .infinity)
    let (ids, places) = (out.primitives.base, out.places.base)
    for row in 0..<tile.height {
      for column in 0..<tile.width {
        let k = row * TileGrid.side + column
        let pixel = (tile.y + row) * field.width + tile.x + column
        guard Int(field.plane[pixel]) == plane else { continue }
        let (seen, depths) = (primitive[k], inverseZ[k])
        let isEmpty = seen[0] == SampleTile.empty
        labels.instance[pixel] = isEmpty ? GBuffer.nothing : primitives[Int(seen[0])].instance
        labels.triangle[pixel] = isEmpty ? 0 : primitives[Int(seen[0])].triangle
        // Bit s is set while sample s has no fragment yet.
        var open: UInt32 = 0xff
        while open != 0 {
          let s = open.trailingZeroBitCount
          let id = seen[s]
          var taken: UInt32 = 1 &<< UInt32(s)
          for r in s + 1..<8 where open >> UInt32(r) & 1 == 1 {
            if seen[r] == id || joins(id, seen[r], depths[r], k, r, primitives) { taken |= 1 &<< UInt32(r) }
          }
          open &= ~taken
          guard id != SampleTile.empty else { continue }
          nearest = max(nearest, depths[s])
          farthest = min(farthest, depths[s])
          ids[count] = UInt32(bitPattern: id)
          places[count] = FragmentPlace.word(pixel: k, weight: taken.nonzeroBitCount, sample: s)
          count &+= 1
        }
      }
    }
    return (count, nearest > 0 ? farthest...nearest : nil)
  }

  /// Whether what sample `r` sees is of one sheet with primitive `id`: the same smooth piece of surface, within 1/256 of
  /// the depth of its plane.
  private func joins(
    _ id: Int32, _ other: Int32, _ inverseZ: Float, _ k: Int, _ r: Int, _ primitives: UnsafePointer<Primitive>
  ) -> Bool {
    guard id != SampleTile.empty, other != SampleTile.empty else { return false }
    let p = primitives + Int(id)
    guard p.pointee.surface == primitives[Int(other)].surface else { return false }
    let z = p.pointee.inverseZ(
      dx: Float(x[k][r] &- p.pointee.x0) * (1 / 256), dy: Float(y[k][r] &- p.pointee.y0) * (1 / 256))
    return abs(z - inverseZ) <= inverseZ * (1 / 256)
  }
}
