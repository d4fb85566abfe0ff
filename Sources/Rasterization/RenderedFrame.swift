import Imaging

/// What rasterizing a frame gives.
public struct RenderedFrame: Sendable {
  /// sRGB, 8 bits a channel, three channels; antialiased.
  public var rgb: RasterImage
  public var gbuffer: GBuffer

  public init(rgb: RasterImage, gbuffer: GBuffer) {
    self.rgb = rgb
    self.gbuffer = gbuffer
  }
}
