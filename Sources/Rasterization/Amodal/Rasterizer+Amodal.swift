import Geometry
import Imaging
import Stage

// What each instance would own of the picture with everything else taken away.

extension Rasterizer {
  /// What is seen, without shading: the labels but depth, and for each instance the pixels that it would own alone.
  func rasterize(_ frame: Frame) -> (gbuffer: GBuffer, amodal: [Int]) {
    let gbuffer = labels(of: frame)
    var counts = [Int](repeating: 0, count: frame.instances.count)
    if frame.camera.isBent {
      forEachLoneTile(frame, warped.field(frame)) { instance, tile, rows in
        for y in 0..<tile.height { counts[instance] += rows[y].nonzeroBitCount }
      }
    } else {
      forEachLoneInstance(frame) { counts[$0] = $1.count }
    }
    return (gbuffer, counts)
  }

  /// Hands every instance that has primitives in the picture the pixels that it would own alone; the frame is the one that
  /// was drawn last.
  ///
  /// - Parameter labelled: whether those without a label are left out.
  private func forEachLoneInstance(_ frame: Frame, labelled: Bool = false, _ body: (Int, CentreWindow) -> Void) {
    let test = surfaces.coverageTest(frame, geometry)
    var first = 0
    // An instance's primitives lie one after another.
    while first < geometry.primitiveCount {
      let instance = geometry.primitives.base[first].instance
      var end = first
      while end < geometry.primitiveCount, geometry.primitives.base[end].instance == instance { end += 1 }
      let own = UnsafeBufferPointer(start: UnsafePointer(geometry.primitives.base) + first, count: end - first)
      first = end
      if labelled && frame.instances[Int(instance)].id == 0 { continue }
      var bounds = CentreRaster.bounds(own)
      (bounds.x0, bounds.x1) = (max(bounds.x0, 0), min(bounds.x1, frame.width - 1))
      (bounds.y0, bounds.y1) = (max(bounds.y0, 0), min(bounds.y1, frame.height - 1))
      if let window = centres.draw(own, test: test, in: bounds) { body(Int(instance), window) }
    }
  }

  /// The pixels that each labelled instance would own alone; the frame is the one that was drawn last.
  func amodal(of frame: Frame, _ needs: RenderNeeds) -> [AmodalRegion] {
    var regions = [AmodalRegion](repeating: .none, count: frame.instances.count)
    if frame.camera.isBent {
      var parts = [[(tile: TileRectangle, rows: [UInt32])]](repeating: [], count: frame.instances.count)
      forEachLoneTile(frame, warped.field(frame)) { instance, tile, rows in
        guard frame.instances[instance].id != 0 else { return }
        parts[instance].append((tile, (0..<tile.height).map { rows[$0] }))
      }
      for (k, own) in parts.enumerated() where !own.isEmpty { regions[k] = AmodalRegion(own) }
    } else {
      forEachLoneInstance(frame, labelled: true) { instance, window in
        regions[instance] = AmodalRegion(pixels: window.count, mask: window.mask)
      }
    }
    guard needs.contains(.unbounded) else { return regions }
    for (k, instance) in frame.instances.enumerated() where instance.id != 0 {
      if frame.camera.isBent {
        regions[k].unbounded = lensExtent(instance, of: frame, inside: regions[k])
      } else if frame.holds(instance) {
        regions[k].unbounded = .init(pixels: regions[k].pixels, isEndless: false, bounds: regions[k].mask.bounds)
      } else {
        regions[k].unbounded = alone.unbounded(instance, of: frame)
      }
    }
    return regions
  }
}
