import CLanes
import Geometry
import LaneMath
import Stage

/// A light with a place as shading uses it, in camera axes.
struct ShadingLight {
  enum Kind { case point, spot, rectangle }

  let kind: Kind
  let position: SIMD3<Float>
  let intensity: SIMD3<Float>
  let radius: Float
  /// Spots: unit axis, and the cone's smooth step: (cosine - edge) * scale, between 0 and 1.
  let axis: SIMD3<Float>
  let edge: Float
  let scale: Float
  /// Rectangles: half sides.
  let halfWidth: SIMD3<Float>
  let halfHeight: SIMD3<Float>
  /// Rows of the turn from camera axes to the world's; shadows are looked up there.
  let toWorld: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  /// Nil where nothing hides it.
  let shadow: LightShadowLookup?

  init(_ light: LocalLight, camera: Camera, shadow: LightShadow?) {
    let r = camera.rotation
    position = SIMD3<Float>(r * light.position + camera.translation)
    intensity = SIMD3<Float>(light.intensity)
    let turn = r.transpose
    toWorld = (SIMD3<Float>(turn.row0), SIMD3<Float>(turn.row1), SIMD3<Float>(turn.row2))
    var (axis, edge, scale): (SIMD3<Float>, Float, Float) = (SIMD3(0, 0, 1), -2, 1)
    var (w, h) = (SIMD3<Float>(repeating: 0), SIMD3<Float>(repeating: 0))
    var radius = light.radius
    switch light.shape {
    case .point: kind = .point
    case .spot(let a, let inner, let outer):
      kind = .spot
      axis = SIMD3<Float>(r * a)
      let (near, far) = (StableMath.cos(inner), StableMath.cos(outer))
      edge = Float(far)
      scale = Float(1 / max(near - far, 1e-4))
    case .rectangle(let halfWidth, let halfHeight):
      kind = .rectangle
      (w, h) = (SIMD3<Float>(r * halfWidth), SIMD3<Float>(r * halfHeight))
      axis = SIMD3<Float>(r * (cross(halfWidth, halfHeight).normalized ?? Vector3(0, 0, 1)))
      // The ball whose disc has the rectangle's area.
      radius = (4 * halfWidth.length * halfHeight.length / Double.pi).squareRoot()
    }
    (self.axis, self.edge, self.scale, halfWidth, halfHeight) = (axis, edge, scale, w, h)
    self.radius = Float(radius)
    self.shadow = shadow.flatMap { LightShadowLookup($0, radius: Float(radius)) }
  }
}

/// Finds the face of a light's maps that a point belongs to, and looks up how much of the light it sees.
struct LightShadowLookup {
  private struct Face {
    let x: SIMD3<Float>
    let y: SIMD3<Float>
    let z: SIMD3<Float>
    let focal: Float
    let map: SoftShadow?
  }

  private var faces = InlineArray<6, Face?>(repeating: nil)
  private let isCube: Bool
  private let radius: Float
  private let centre: Float

  init?(_ shadow: LightShadow, radius: Float) {
    guard shadow.faces.contains(where: { $0 != nil }) else { return nil }
    isCube = shadow.faces.count == 6
    self.radius = radius
    centre = Float(shadow.side) / 2
    for (k, face) in shadow.faces.enumerated() {
      guard let face else { continue }
      faces[k] = Face(
        x: SIMD3<Float>(face.axes.row0), y: SIMD3<Float>(face.axes.row1), z: SIMD3<Float>(face.axes.row2),
        focal: Float(face.focal), map: shadow.lookup(k))
    }
  }

  /// - Parameters:
  ///   - p: from the light to the point, in world axes; `normal` of unit length, towards the light's side.
  func visibility(_ p: SIMD3<Float>, _ normal: SIMD3<Float>) -> Float {
    var k = 0
    if isCube {
      let a = SIMD3<Float>(abs(p.x), abs(p.y), abs(p.z))
      if a.x >= a.y && a.x >= a.z {
        k = p.x >= 0 ? 0 : 1
      } else if a.y >= a.z {
        k = p.y >= 0 ? 2 : 3
      } else {
        k = p.z >= 0 ? 4 : 5
      }
    }
    guard let face = faces[k], let map = face.map else { return 1 }
    @inline(__always) func product(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { a.x * b.x + a.y * b.y + a.z * b.z }
    let n = SIMD3<Float>(product(face.x, normal), product(face.y, normal), product(face.z, normal))
    var q = SIMD3<Float>(product(face.x, p), product(face.y, p), product(face.z, p))
    guard q.z > 0 else { return 1 }
    // Away from the surface by a texel and a half, the more the flatter the light comes in; and half a texel nearer.
    let texel = q.z / face.focal
    let towards = product(n, q) / product(q, q).squareRoot()
    let sine = max(1 - towards * towards, 0).squareRoot()
    q += n * (1.5 * texel * sine)
    guard q.z > 0 else { return 1 }
    let inverse = 1 / q.z
    let depth = -inverse * (1 + 0.5 / face.focal)
    // The receiver's plane: 1 / z is linear over the map; steeper than 20 to 1 counts as that.
    let distance = min(product(n, q), -1e-6)
    let steepest = 20 * inverse / face.focal
    @inline(__always) func slope(_ n: Float) -> Float { min(max(-n / (face.focal * distance), -steepest), steepest) }
    let receiver = SoftShadow.Receiver(
      x: q.x * face.focal * inverse + centre, y: q.y * face.focal * inverse + centre, depth: depth,
      right: slope(n.x), down: slope(n.y))
    // A blocker at distance b casts a penumbra of radius r (z - b) / b, in texels times f / z. Blockers nearer to the light
    // than half way count as half way when searching: those cast wider ones than the kernel may be anyhow.
    let scale = radius * face.focal
    let widest = max(1, min(scale * inverse, LightShadow.widestKernel(side: map.width)))
    // The map holds -1 / b, so that the gap is 1 / b - 1 / z = (z - b) / (b z) already.
    return map.visibility(receiver, search: widest) { gap in gap * scale }.share
  }
}

extension TileShader {
  /// Light from the lights that have a place.
  @inline(never)
  func lightFromPlaces(_ group: Int) {
    for light in lights.places {
      switch light.kind {
      case .point, .spot: lightFromPoint(light, group)
      case .rectangle: lightFromRectangle(light, group)
      }
    }
  }

  @inline(never)
  private func lightFromPoint(_ light: ShadingLight, _ group: Int) {
    let least = light.radius * light.radius
    for b in 0..<group {
      let batch = batches + b
      let normal = batch.pointee.normal
      let to = Lanes3(light.position) - batch.pointee.position
      let squared = dot(to, to)
      let towards = to * reciprocalSquareRoot(maximum(squared, lanes(1e-12)))
      let nl = dot(normal, towards)
      var share = lanes(1) / maximum(squared, lanes(least))
      if light.kind == .spot {
        let cosine = -dot(towards, Lanes3(light.axis))
        let t = maximum(minimum((cosine - light.edge) * light.scale, lanes(1)), lanes(0))
        share = share * (t * t * (lanes(3) - t * 2))
      }
      let isLit = isLess(lanes(0), share) & isLess(lanes(0), nl)
      if !isAnySet(isLit) { continue }
      let seen = light.shadow.map { visible($0, to, batch.pointee.geometricNormal, isLit, light) } ?? lanes(1)
      let direct = batch.pointee.direct(light: towards, nl: maximum(nl, lanes(0)))
      let factor = numbers(bits: bits(share * seen) & isLit)
      batch.pointee.colour = batch.pointee.colour + direct * Lanes3(light.intensity) * factor
    }
  }

  /// How much of the light each lane of `mask` sees.
  @inline(__always)
  private func visible(
    _ shadow: LightShadowLookup, _ to: Lanes3, _ normal: Lanes3, _ mask: LaneMask, _ light: ShadingLight
  ) -> Lanes {
    @inline(__always) func turned(_ v: Lanes3, _ row: SIMD3<Float>) -> Lanes {
      v.x * row.x + v.y * row.y + v.z * row.z
    }
    lane[0] = turned(-to, light.toWorld.0)
    lane[1] = turned(-to, light.toWorld.1)
    lane[2] = turned(-to, light.toWorld.2)
    lane[3] = turned(normal, light.toWorld.0)
    lane[4] = turned(normal, light.toWorld.1)
    lane[5] = turned(normal, light.toWorld.2)
    lane[6] = lanes(0)
    TileShader.lookUpShadows(shadow, UnsafeMutableRawPointer(lane), lanes_sign_bits(mask))
    return lane[6]
  }

  /// Lane by lane: the way from the light and the normal, eight of each coordinate; what is seen is put behind them.
  @inline(never)
  private static func lookUpShadows(_ shadow: LightShadowLookup, _ scratch: UnsafeMutableRawPointer, _ mask: UInt32) {
    let s = scratch.assumingMemoryBound(to: Float.self)
    var rest = mask
    while rest != 0 {
      let i = rest.trailingZeroBitCount
      rest &= rest &- 1
      s[48 + i] = shadow.visibility(
        SIMD3(s[i], s[8 + i], s[16 + i]), SIMD3(s[24 + i], s[32 + i], s[40 + i]))
    }
  }

  /// The diffuse part by the vector irradiance of a polygon (Lambert; Arvo 1994) with the horizon clipped as for a ball
  /// that sends as much (Snyder 1996, in Hill and Heitz's simple form); the mirrored part by a grid of 4 x 4 pieces, each
  /// seen by a lobe that is widened by the piece's own size, so that the pieces run into each other.
  @inline(never)
  private func lightFromRectangle(_ light: ShadingLight, _ group: Int) {
    let (w, h) = (Lanes3(light.halfWidth), Lanes3(light.halfHeight))
    let area = 4 * light.halfWidth.length * light.halfHeight.length
    for b in 0..<group {
      let batch = batches + b
      let normal = batch.pointee.normal
      let to = Lanes3(light.position) - batch.pointee.position
      // Before the rectangle, and not wholly below the horizon.
      let height = -dot(to, Lanes3(light.axis))
      let reach = magnitude(dot(w, normal)) + magnitude(dot(h, normal))
      let isLit = isLess(lanes(0), height) & isLess(lanes(0), dot(to, normal) + reach)
      if !isAnySet(isLit) { continue }
      let corners = (unit(to - w - h), unit(to + w - h), unit(to + w + h), unit(to - w + h))
      // Seen from its lit side the corners run clockwise.
      var flow = edge(corners.1, corners.0)
      flow = flow + edge(corners.2, corners.1)
      flow = flow + edge(corners.3, corners.2)
      flow = flow + edge(corners.0, corners.3)
      // Form factor of the whole, and its cosine with the normal.
      let size = squareRoot(maximum(dot(flow, flow), lanes(1e-20)))
      let along = dot(flow, normal)
      let form = maximum((size * size + along) / (size + 1), lanes(0))
      var specular = Lanes3(lanes(0), lanes(0), lanes(0))
      let reflectance = batch.pointee.reflectance
      for i in 0..<4 {
        for j in 0..<4 {
          let (across, up) = (Float(2 * i - 3) / 4, Float(2 * j - 3) / 4)
          let l = to + w * lanes(across) + h * lanes(up)
          let squared = maximum(dot(l, l), lanes(1e-8))
          let towards = l * reciprocalSquareRoot(squared)
          let nl = maximum(dot(normal, towards), lanes(0))
          let facing = maximum(-dot(towards, Lanes3(light.axis)), lanes(0))
          let angle = facing * (area / 16) / squared
          let mirrored = reflectance.specular(
            normal: normal, view: batch.pointee.view, light: towards, nv: batch.pointee.nv, nl: nl, solidAngle: angle)
          specular = specular + mirrored * angle
          if batch.pointee.isLayered {
            let layers = batch.pointee.layers.widened(Reflectance.widening(angle))
            let sent = layers.direct(
              normal: normal, surface: batch.pointee.geometricNormal, view: batch.pointee.view, light: towards,
              nv: batch.pointee.nv, nl: nl)
            specular = specular + sent * angle
          }
        }
      }
      let seen = light.shadow.map { visible($0, to, batch.pointee.geometricNormal, isLit, light) } ?? lanes(1)
      let factor = numbers(bits: bits(seen) & isLit)
      let colour = reflectance.diffuse * form + specular
      batch.pointee.colour = batch.pointee.colour + colour * Lanes3(light.intensity) * factor
    }
  }

  /// What the side from unit vector `a` to `b` adds to the vector irradiance over pi: their normal times their angle, over
  /// 2 pi. angle / sine is a polynomial of the cosine, fitted to 1.4e-4.
  @inline(__always)
  private func edge(_ a: Lanes3, _ b: Lanes3) -> Lanes3 {
    let x = maximum(minimum(dot(a, b), lanes(0.9999)), lanes(-0.9999))
    let y = magnitude(x)
    var g = y * 0.111_267_94 - lanes(0.400_933_99)
    g = g * y + 0.711_309_70
    g = g * y - lanes(0.992_168_94)
    g = g * y + 1.570_660_88
    let obtuse = reciprocalSquareRoot(lanes(1) - y * y) * Float.pi - g
    let ratio = select(isLess(x, lanes(0)), obtuse, g)
    return cross(a, b) * (ratio * (0.5 / Float.pi))
  }
}
