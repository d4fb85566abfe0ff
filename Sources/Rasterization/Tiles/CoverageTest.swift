import CLanes
import Geometry
import LaneMath
import Stage

/// Decides which samples of a triangle a masked, blended or transmitting material covers: the surface is there or it is
/// not, sample by sample, in the picture and in the labels alike.
///
/// - **Mask**: a sample is covered where the alpha of the texture's finest level, times vertex alpha and opacity, is at
///   least the cut-off. The finest level however far away: a mask is a shape, and its samples, like those of a shape made of
///   triangles, are points. Averaged alpha would thin leaves out with distance.
/// - **Blend**: coverage for alpha (stochastic transparency; Enderton, Sintorn, Shirley & Luebke, 2010). The alpha of the
///   mip level that fits the pixel is held against thresholds. That of the pixel's centre, from which labels are read, is
///   exactly 1/2. The other seven are spread evenly over the share that is left to them: where the centre is covered it has
///   shown one eighth of the surface already, so they lie in (1/8, 1), else in (0, 7/8); the mean over many pixels is alpha.
///   Which sample has which threshold is a hash of the pixel, the sample, the piece of surface and its side, so that
///   surfaces before each other hide each other independently.
/// - **Transmission**: likewise, with alpha times `SurfaceMaterial.showing`; the centre asks for alpha alone, for a pane of
///   glass is what the pixel shows, whatever is seen through it.
///
/// With triplanar projection a texture's alpha has no say; opacity and vertex alpha have.
struct CoverageTest {
  let positionU: UnsafePointer<SIMD4<Float>>
  let normalV: UnsafePointer<SIMD4<Float>>
  let materials: UnsafePointer<SurfaceMaterial>
  /// Place in `materials` by frame-wide number of the material.
  let places: UnsafePointer<Int32>
  let instances: UnsafePointer<SurfaceInstance>
  /// As in `ShadingInputs`, in double.
  let rayScale: Vector2
  let rayOrigin: Vector2
  let isParallel: Bool

  /// A triangle ready to be tested.
  struct Triangle {
    let plane: TrianglePlane
    let material: UnsafePointer<SurfaceMaterial>
    /// Alpha of the vertices, 1 where they have none.
    let alpha: (Float, Float, Float)
    /// Of the piece of surface and the side that is seen.
    let seed: UInt32
  }

  func triangle(_ p: borrowing Primitive) -> Triangle {
    let plane = TrianglePlane(p, positionU: positionU, normalV: normalV)
    let instance = instances + Int(p.instance)
    var alpha: (Float, Float, Float) = (1, 1, 1)
    if let colors = instance.pointee.colors {
      let first = instance.pointee.firstVertex
      alpha = (
        colors[Int(p.vertex0 &- first)].w, colors[Int(p.vertex1 &- first)].w, colors[Int(p.vertex2 &- first)].w
      )
    }
    return Triangle(
      plane: plane, material: materials + Int(places[Int(p.material)]), alpha: alpha,
      seed: p.surface &* 2 &+ (plane.isFrontSeen(isParallel: isParallel) ? 1 : 0))
  }

  /// Which of a pixel's samples are covered, of those whose bit is set in `wanted`.
  func covered(_ t: borrowing Triangle, _ x: Int, _ y: Int, wanted: UInt32) -> UInt32 {
    let (cx, cy) = (Int32(truncatingIfNeeded: x) &* 256 &+ 128, Int32(truncatingIfNeeded: y) &* 256 &+ 128)
    return covered(
      t, x, y, lanes(int: cx) &+ SamplePattern.x &* 16, lanes(int: cy) &+ SamplePattern.y &* 16, wanted: wanted)
  }

  /// The same with the samples' places on the image plane, in 1/256 pixel.
  func covered(
    _ t: borrowing Triangle, _ x: Int, _ y: Int, _ sx: SIMD8<Int32>, _ sy: SIMD8<Int32>, wanted: UInt32
  ) -> UInt32 {
    let material = t.material
    let hash = CoverageTest.mixed(
      UInt32(truncatingIfNeeded: x) &* 0x9E37_79B1
        ^ CoverageTest.mixed(
          UInt32(truncatingIfNeeded: y) &* 0x85EB_CA77 ^ CoverageTest.mixed(t.seed)))
    var (result, rest): (UInt32, UInt32) = (0, wanted)
    while rest != 0 {
      let s = rest.trailingZeroBitCount
      rest &= rest &- 1
      let place = Vector2(Double(sx[s]), Double(sy[s])) / 256 * rayScale + rayOrigin
      // A ray that starts beside the camera is the ray from the camera to where it ends.
      let z = isParallel ? t.plane.depth(parallel: place) : 1
      let ray = Vector3(place.x / z, place.y / z, 1)
      let point = t.plane.point(along: ray)
      let a = alpha(t, point, rayScale / z)
      let isCovered: Bool
      if material.pointee.coverage == .mask, a < material.pointee.cutoff {
        isCovered = false
      } else {
        let solid = material.pointee.coverage == .blend ? a : 1
        if s == 0 {
          isCovered = solid >= 0.5
        } else {
          let share = solid * material.pointee.showing(cosine: Float(t.plane.cosine(ray)))
          isCovered = share * 8 > CoverageTest.threshold(hash, s) + (solid >= 0.5 ? 1 : 0)
        }
      }
      if isCovered { result |= 1 &<< UInt32(truncatingIfNeeded: s) }
    }
    return result
  }

  /// Alpha of the surface at a point, 0 to 1.
  @inline(__always)
  private func alpha(_ t: borrowing Triangle, _ point: TrianglePlane.Point, _ step: Vector2) -> Float {
    let m = t.material
    if m.pointee.coverage == .whole { return 1 }
    let (w1, w2) = (Float(point.w1), Float(point.w2))
    // In this form three equal values give that value, to the bit.
    let vertex = t.alpha.0 + (t.alpha.1 - t.alpha.0) * w1 + (t.alpha.2 - t.alpha.0) * w2
    var a = m.pointee.baseColor.w * vertex
    if m.pointee.triplanar == 0, let base = m.pointee.base {
      let uv = SIMD2<Float>(t.plane.uv(point))
      if m.pointee.coverage == .mask {
        a *= base.sharpAlpha(uv)
      } else {
        let dx = t.plane.uvChange(point, Vector3(step.x, 0, 0))
        let dy = t.plane.uvChange(point, Vector3(0, step.y, 0))
        a *= base.alpha(uv, SIMD2<Float>(dx), SIMD2<Float>(dy))
      }
    }
    return a
  }

  /// A threshold in (0, 7) for samples 1 to 7: one in each unit, in an order and at a place in it that the hash decides.
  /// Multiplying by 1 to 6 and adding, modulo the prime 7, is a permutation.
  @inline(__always)
  private static func threshold(_ hash: UInt32, _ s: Int) -> Float {
    let step = hash & 0xffff
    let order = (UInt32(truncatingIfNeeded: s) &* (1 &+ step % 6) &+ (hash &>> 16) % 7) % 7
    let within = mixed(hash ^ UInt32(truncatingIfNeeded: s) &* 0xC2B2_AE3D) &>> 8
    return Float(order) + (Float(within) + 0.5) * 0x1p-24
  }

  /// A number in (0, 1) that a hash of three decides.
  static func noise(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> Float {
    (Float(mixed(x &* 0x9E37_79B1 ^ mixed(y &* 0x85EB_CA77 ^ mixed(z))) &>> 8) + 0.5) * 0x1p-24
  }

  /// The finalizer of MurmurHash3 (Appleby 2011).
  @inline(__always)
  private static func mixed(_ x: UInt32) -> UInt32 {
    var h = x &+ 0x9E37_79B9
    h ^= h &>> 16
    h = h &* 0x85EB_CA6B
    h ^= h &>> 13
    h = h &* 0xC2B2_AE35
    return h ^ h &>> 16
  }
}
