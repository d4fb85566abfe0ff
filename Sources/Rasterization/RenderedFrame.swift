import Imaging

/// What rasterizing a frame gives.
public struct RenderedFrame: Sendable {
  /// sRGB, 8 bits a channel, three channels; antialiased.
  public var rgb: RasterImage
  public var gbuffer: GBuffer
  /// Nil where nothing of them was asked for.
  public var surfaces: SurfacePlanes?
  /// One an instance of the frame; nil where not asked for.
  public var amodal: [AmodalRegion]?

  public init(rgb: RasterImage, gbuffer: GBuffer, surfaces: SurfacePlanes? = nil, amodal: [AmodalRegion]? = nil) {
    self.rgb = rgb
    self.gbuffer = gbuffer
    self.surfaces = surfaces
    self.amodal = amodal
  }
}
