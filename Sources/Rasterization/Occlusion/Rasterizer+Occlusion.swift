import Geometry

// Fills the occlusion map: what is seen at every second pixel, then an estimate, then a blur.

extension Rasterizer {
  /// Notes what a picture shows, or a plane of a bent one.
  ///
  /// - Parameter turn: from the plane's axes to the camera's; nil where they are the same.
  func noteOcclusion(_ grid: TileGrid, _ drawn: [DrawnTile], _ shading: PlaneShading, turn: Matrix3? = nil) {
    share(grid.count, shading) { t, w, shading in
      let (worker, own) = (self.workers[w], drawn[t])
      if own.fragments.isEmpty { return }
      let fragments = self.workers[own.worker].fragments.slice(from: own.fragments.lowerBound)
      let shader = TileShader(
        inputs: shading.inputs, lights: shading.lights, shadow: shading.shadow, scratch: worker.shading)
      shader.note(
        fragments.primitives, fragments.places, count: own.fragments.count, tile: grid.rectangle(t),
        worker.shading.list, turn: turn, into: self.occlusion)
    }
  }

  /// The map of a frame of which everything was noted.
  func finishOcclusion() {
    occlusion.cells.find(in: occlusion)
    share(occlusion.height, ()) { y, _, _ in self.occlusion.estimate(row: y) }
    share(occlusion.height, ()) { y, _, _ in self.occlusion.blurAcross(row: y) }
    share(occlusion.height, ()) { y, _, _ in self.occlusion.blurDown(row: y) }
    times.end(.occlusion)
  }
}

/// What shading a picture takes, or a plane of a bent one.
struct PlaneShading {
  var inputs: ShadingInputs
  var lights: ShadingLights
  var shadow: ShadowFilter
}
