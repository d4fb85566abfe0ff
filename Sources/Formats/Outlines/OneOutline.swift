// One polygon for a mask with parts and holes, for formats that have room for no more.

extension MaskOutlines {
  /// All rings in one: from each further ring's first corner a bridge goes to the nearest corner of what there is so far,
  /// there and back. Bridges have no width, so the polygon covers the same pixels, by the even-odd and by the non-zero rule.
  /// Of corners equally near, the first is taken. Empty for an empty mask.
  public var bridged: [LatticePoint] {
    guard var whole = rings.first?.corners else { return [] }
    for ring in rings.dropFirst() {
      let from = ring.corners[0]
      var (best, distance) = (0, Int.max)
      for (i, p) in whole.enumerated() {
        let (dx, dy) = (Int(p.x - from.x), Int(p.y - from.y))
        let d = dx * dx + dy * dy
        if d < distance { (best, distance) = (i, d) }
      }
      let detour = ring.corners + [from] + [whole[best]]
      // Where rings touch, the bridge has no length.
      whole.insert(contentsOf: distance == 0 ? detour.dropFirst().dropLast() : detour[...], at: best + 1)
    }
    return whole
  }

  /// The outer ring of the greatest area, the first of equals, and how well it stands for the mask; nil for an empty mask.
  public var largest: (ring: OutlineRing, iou: Double)? {
    var found: (ring: OutlineRing, area: Int)?
    for r in rings where !r.isHole && r.area > found?.area ?? 0 { found = (r, r.area) }
    guard let (ring, area) = found else { return nil }
    var (mask, shared) = (0, 0)
    for r in rings {
      let signed = signedArea(r.corners)
      mask += signed
      if r == ring || ring.contains(pixel: r.corners[0]) { shared += signed }
    }
    return (ring, Double(shared) / Double(mask + area - shared))
  }
}

extension OutlineRing {
  /// Whether it goes round a pixel, given by its upper left corner: by the number of vertical edges to the left of its centre.
  func contains(pixel p: LatticePoint) -> Bool {
    var isInside = false
    for i in corners.indices {
      let (a, b) = (corners[i], corners[i + 1 < corners.count ? i + 1 : 0])
      if a.x == b.x, a.x <= p.x, (a.y <= p.y) != (b.y <= p.y) { isInside.toggle() }
    }
    return isInside
  }
}
