import Geometry
import Stage

/// A decal laid out for shading: see `Decal` in Stage.
struct SurfaceDecal: BitwiseCopyable {
  /// Object to (u, v, depth), by rows; the offset in w.
  private let rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)
  private let facing: SIMD3<Float>
  private let leastCosine: Float
  private let layer: TextureLayer
  private let isMask: Bool
  private let color: SIMD3<Float>
  private let opacity: Float
  /// Below 0 for the surface's own.
  private let roughness: Float
  private let metallic: Float

  init(_ d: Decal) {
    let (m, t) = (d.objectToDecal.linear, d.objectToDecal.translation)
    rows = (
      SIMD4(SIMD3<Float>(m.row0), Float(t.x)), SIMD4(SIMD3<Float>(m.row1), Float(t.y)),
      SIMD4(SIMD3<Float>(m.row2), Float(t.z))
    )
    facing = SIMD3<Float>(d.facing)
    leastCosine = Float(d.leastCosine)
    layer = TextureLayer(d.texture)
    isMask = d.isMask
    color = SIMD3<Float>(d.color)
    opacity = Float(d.opacity)
    roughness = d.roughness.map { Float($0) } ?? -1
    metallic = d.metallic.map { Float($0) } ?? -1
  }

  /// A surface point in the object's frame: place, unit normal, change of the place per pixel to the right and down.
  struct Point {
    let position: SIMD3<Float>
    let normal: SIMD3<Float>
    let right: SIMD3<Float>
    let down: SIMD3<Float>
  }

  /// Mixes the decal over a surface where it covers the point.
  func lay(
    on p: Point, probes: Int, base: inout SIMD3<Float>, roughness: inout Float, metallic: inout Float
  ) {
    guard dot(p.normal, facing) >= leastCosine else { return }
    let at = SIMD3(place(rows.0, p.position), place(rows.1, p.position), place(rows.2, p.position))
    // Written so that what is no number is not covered.
    guard at.x >= 0, at.x <= 1, at.y >= 0, at.y <= 1, at.z >= -1, at.z <= 1 else { return }
    let texel = layer.filtered(SIMD2(at.x, at.y), change(p.right), change(p.down), probes: probes)
    let share = opacity * (isMask ? texel.x : texel.w)
    let printed = isMask ? color : color * SIMD3(texel.x, texel.y, texel.z)
    base += (printed - base) * share
    if self.roughness >= 0 { roughness += (self.roughness - roughness) * share }
    if self.metallic >= 0 { metallic += (self.metallic - metallic) * share }
  }

  @inline(__always)
  private func place(_ row: SIMD4<Float>, _ v: SIMD3<Float>) -> Float { dot(SIMD3(row.x, row.y, row.z), v) + row.w }

  @inline(__always)
  private func change(_ v: SIMD3<Float>) -> SIMD2<Float> {
    SIMD2(dot(SIMD3(rows.0.x, rows.0.y, rows.0.z), v), dot(SIMD3(rows.1.x, rows.1.y, rows.1.z), v))
  }
}
