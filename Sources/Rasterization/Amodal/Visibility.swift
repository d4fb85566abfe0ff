import Imaging
import Stage

/// How much of an instance a frame shows, in pixels whose centre it covers.
public struct PixelCounts: Hashable, Sendable {
  /// Pixels where it is the nearest surface.
  public var visible: Int
  /// Pixels inside the image that it would own with everything else taken away.
  public var amodal: Int

  public init(visible: Int, amodal: Int) {
    self.visible = visible
    self.amodal = amodal
  }
}

extension Rasterizer {
  /// Counts what each instance of the frame shows, in the order of `frame.instances`: rasterization without shading. The
  /// counts are those of the labels that `render` gives, to the pixel.
  public func visibility(of frame: Frame) -> [PixelCounts] {
    let (gbuffer, amodal) = rasterize(frame)
    var counts = amodal.map { PixelCounts(visible: 0, amodal: $0) }
    for index in gbuffer.instanceIndex.values where index != GBuffer.nothing { counts[Int(index)].visible += 1 }
    return counts
  }
}
