import CLanes
import LaneMath

/// Eight fragments on their way through shading. Each pass of `TileShader` reads what earlier ones left here and adds its
/// own: passes are short loops, whose rounds a processor can overlap, where one long loop would wait for each result.
struct ShadingBatch {
  /// How many batches go through the passes together: as many as stay in the first-level cache.
  static let group = 8

  /// In camera axes, metres.
  var position: Lanes3
  /// Of unit length, on the side that faces the camera; with a normal map's bumps once materials are looked up.
  var normal: Lanes3
  /// The same without bumps.
  var geometricNormal: Lanes3
  /// Unit vector to the camera, and its cosine with the normal, above 0.
  var view: Lanes3
  var nv: Lanes
  var u: Lanes
  var v: Lanes
  /// Change of (u, v) per pixel to the right and down.
  var dudx: Lanes
  var dvdx: Lanes
  var dudy: Lanes
  var dvdy: Lanes
  var reflectance: Reflectance
  /// What lies on the surface; undefined unless `isLayered`.
  var layers: SurfaceLayers
  var isLayered: Bool
  /// By how much less than an eighth the surface hides of what is behind it; undefined unless `isClear`.
  var clear: Lanes
  var isClear: Bool
  /// Share of light from all around that arrives, 0 to 1.
  var occlusion: Lanes
  /// Linear radiance so far.
  var colour: Lanes3
}
