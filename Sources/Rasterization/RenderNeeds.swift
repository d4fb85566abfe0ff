import Imaging

/// What a frame is asked for beside its picture and its G-buffer.
public struct RenderNeeds: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// What the materials say at pixels' centres, textures looked up as for the picture: see `SurfacePlanes`.
  public static let albedo = RenderNeeds(rawValue: 1)
  public static let roughness = RenderNeeds(rawValue: 2)
  public static let metallic = RenderNeeds(rawValue: 4)
  public static let emission = RenderNeeds(rawValue: 8)
  public static let shadingNormal = RenderNeeds(rawValue: 16)
  /// The light that a white matt surface would send to the camera.
  public static let shading = RenderNeeds(rawValue: 32)
  /// The share of a pixel's samples that see what its centre sees.
  public static let coverage = RenderNeeds(rawValue: 64)
  /// The pixels that each labelled instance would own alone.
  public static let amodal = RenderNeeds(rawValue: 128)
  /// How many pixels these would be on an image plane without end; takes `amodal` with it.
  public static let unbounded = RenderNeeds(rawValue: 256)

  /// Nothing but the G-buffer's instances and triangles: the picture is one black pixel, the depth is 0 everywhere.
  public static let labelsOnly = RenderNeeds(rawValue: 512)

  static let surfaces: RenderNeeds = [
    .albedo, .roughness, .metallic, .emission, .shadingNormal, .shading, .coverage,
  ]
}

/// What surfaces are like at the centres of pixels; only the planes asked for are there, the others are empty. All are 0
/// where nothing is seen.
public struct SurfacePlanes: Sendable {
  /// Base colour with textures, vertex colours and prints, linear RGB, 0 to 1.
  public var albedo: FloatImage?
  /// Perceptual roughness as it is used: at least 0.045.
  public var roughness: FloatImage?
  /// 0 dielectric to 1 metal.
  public var metallic: FloatImage?
  /// Emitted light, linear RGB; 1 is white at exposure 0.
  public var emission: FloatImage?
  /// Unit normal in camera axes as shading uses it: interpolated, with normal maps, towards the camera.
  public var shadingNormal: FloatImage?
  /// Radiance of a white matt surface there, linear RGB, with shadows; 1 is white at exposure 0.
  public var shading: FloatImage?
  /// Of the pixel's eight samples, how many have the label of its centre: 1 to 8. Whatever carries no label counts as one
  /// with the background.
  public var coverage: Plane<UInt8>?

  public init() {}
}
