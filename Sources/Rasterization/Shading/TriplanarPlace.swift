import Geometry
import Stage

/// A fragment of a surface whose textures are projected along the object's axes and blended by the normal's fourth powers.
/// Pictures stand upright and are not mirrored: seen along x and y the object's z runs up the image, seen along z its y.
struct TriplanarPlace {
  /// By axis: texture coordinates, their changes to the right and down, and the share of the projection.
  private let uv: (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)
  private let dx: (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)
  private let dy: (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)
  private let weight: SIMD3<Float>
  /// 1 or -1 by the side that is seen.
  private let side: SIMD3<Float>
  /// The object's unit normal, towards the viewer.
  private let normal: SIMD3<Float>

  /// - Parameters:
  ///   - position, normal: in camera axes.
  ///   - right, down: change of the position per pixel, in camera axes.
  ///   - scale: texture coordinates in a metre.
  init(
    _ instance: UnsafePointer<SurfaceInstance>, _ position: SIMD3<Float>, _ normal: SIMD3<Float>, _ right: Vector3,
    _ down: Vector3, scale: Float
  ) {
    let n = instance.pointee.objectNormal(normal).normalized ?? SIMD3(0, 0, 1)
    self.normal = n
    let side = SIMD3<Float>(n.x < 0 ? -1 : 1, n.y < 0 ? -1 : 1, n.z < 0 ? -1 : 1)
    self.side = side
    func projected(_ v: SIMD3<Float>) -> (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>) {
      let p = v * scale
      return (SIMD2(p.y * side.x, -p.z), SIMD2(-p.x * side.y, -p.z), SIMD2(p.x * side.z, -p.y))
    }
    uv = projected(instance.pointee.objectPoint(position))
    dx = projected(instance.pointee.objectVector(SIMD3<Float>(right)))
    dy = projected(instance.pointee.objectVector(SIMD3<Float>(down)))
    let squared = n * n
    let fourth = squared * squared
    weight = fourth * (1 / max(fourth.x + fourth.y + fourth.z, 1e-12))
  }

  func sample(_ layer: TextureLayer, _ probes: Int) -> SIMD4<Float> {
    var sum = SIMD4<Float>(repeating: 0)
    // What has next to no share is not looked at.
    if weight.x > 1e-3 { sum += layer.filtered(uv.0, dx.0, dy.0, probes: probes) * weight.x }
    if weight.y > 1e-3 { sum += layer.filtered(uv.1, dx.1, dy.1, probes: probes) * weight.y }
    if weight.z > 1e-3 { sum += layer.filtered(uv.2, dx.2, dy.2, probes: probes) * weight.z }
    return sum
  }

  /// The object's outward normal with a normal map's slopes added, projection by projection; of any length.
  func normal(_ layer: TextureLayer, _ probes: Int, strength: Float, outside: Bool) -> SIMD3<Float> {
    let outward = outside ? normal : -normal
    var (slopes, height) = (SIMD3<Float>(repeating: 0), Float(0))
    func add(_ texel: SIMD4<Float>, _ w: Float, right: SIMD3<Float>, up: SIMD3<Float>) {
      slopes += (right * ((2 * texel.x - 1) * strength) + up * ((2 * texel.y - 1) * strength)) * w
      height += (2 * texel.z - 1) * w
    }
    if weight.x > 1e-3 {
      add(
        layer.filtered(uv.0, dx.0, dy.0, probes: probes), weight.x, right: SIMD3(0, side.x, 0), up: SIMD3(0, 0, 1))
    }
    if weight.y > 1e-3 {
      add(
        layer.filtered(uv.1, dx.1, dy.1, probes: probes), weight.y, right: SIMD3(-side.y, 0, 0), up: SIMD3(0, 0, 1))
    }
    if weight.z > 1e-3 {
      add(
        layer.filtered(uv.2, dx.2, dy.2, probes: probes), weight.z, right: SIMD3(side.z, 0, 0), up: SIMD3(0, 1, 0))
    }
    return outward * max(height, 0.05) + slopes
  }
}
