import Imaging
import Photography
import Rasterization
import Stage

/// Draws a frame as its camera takes it: by the rasterizer alone where nothing of the photographic chain is on, else by
/// rasterizing in linear light, at as many moments as the shutter takes in, and developing the sum. The labels, and the
/// depth that the lens blurs by, are those of the frame's own moment, drawn for themselves where something moves.
final class FramePhotographer {
  private let rasterizer: Rasterizer
  private let photographer = Photographer()
  private let clock: StageClock

  init(_ rasterizer: Rasterizer, clock: StageClock) {
    self.rasterizer = rasterizer
    self.clock = clock
  }

  func render(_ frame: Frame, _ needs: RenderNeeds) throws -> RenderedFrame {
    let chain = frame.photography
    guard !chain.isOff, !needs.contains(.labelsOnly) else { return rasterizer.render(frame, needs) }
    var (light, seen) = rasterizer.renderLinear(frame, needs)
    if frame.isInMotion {
      let plan = ShutterPlan(chain.shutter)
      var sum = LinearImage(width: frame.width, height: frame.height)
      for (k, moment) in plan.moments.enumerated() {
        plan.add(rasterizer.renderLinear(frame.moved(by: moment)).light, slot: k, to: &sum)
      }
      light = sum
    }
    let rgb = try clock.measure("develop") {
      try photographer.develop(
        &light, depth: seen.gbuffer.depth, camera: frame.camera, chain, exposure: frame.exposure)
    }
    return RenderedFrame(rgb: rgb, gbuffer: seen.gbuffer, surfaces: seen.surfaces, amodal: seen.amodal)
  }
}
