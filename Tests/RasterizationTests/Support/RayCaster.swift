import Geometry
import Stage

/// What a ray meets first.
struct Hit {
  /// Index into `Frame.instances`.
  var instance: Int
  var triangle: Int
  /// Along the optical axis, in metres.
  var z: Double
  /// Of unit length, in camera axes, on the side of the winding.
  var normal: Vector3
}

/// What a frame's pixels see, found without the rasterizer: every triangle of every instance, both sides of it, against
/// the rays through the pixels' centres, in double precision. A triangle is only spared the rays outside the bounds of
/// its projection.
///
/// Where the ray caster and the rasterizer may differ, with `M` the sum of the magnitudes that make a camera-axes
/// coordinate (`|column * coordinate|` three times, `|translation|`):
/// - The rasterizer computes the coordinate in Float: three rounded columns and a rounded translation, three products,
///   three sums, one after another: within 6 * 2^-24 M of the true one. At depth z that moves a point by at most
///   `f (1 + |x/z|) 6 * 2^-24 M / z` pixels.
/// - It then snaps a vertex to 1/256 pixel: at most 1/512 in x and in y. A point of the triangle is a convex combination
///   of its corners and moves no further.
///
/// So a centre that one covers and the other does not lies within sqrt(2)/512 pixel, plus that rounding, of an edge of
/// the triangle; and the inverse depths differ by their gradients times that movement.
struct RayCaster {
  let frame: Frame
  /// Camera-axes corners of each instance's triangles, three a triangle.
  private let corners: [[Vector3]]
  private let magnitude: [Double]

  init(_ frame: Frame) {
    self.frame = frame
    var corners: [[Vector3]] = []
    var magnitude: [Double] = []
    for instance in frame.instances {
      let t = frame.camera.worldToCamera * instance.objectToWorld
      let vertices = instance.mesh.vertices.map { t * Vector3($0.position) }
      corners.append(instance.mesh.indices.map { vertices[Int($0)] })
      let reach = instance.mesh.vertices.map { v -> Double in
        guard v.position.isFinite else { return 0 }
        let p = Vector3(v.position)
        let m = t.linear.column0 * abs(p.x)
        let n = t.linear.column1 * abs(p.y)
        let o = t.linear.column2 * abs(p.z)
        return m.length + n.length + o.length + t.translation.length
      }
      magnitude.append(reach.max() ?? 0)
    }
    self.corners = corners
    self.magnitude = magnitude
  }

  /// The ray through the centre of a pixel, with z = 1.
  func ray(_ x: Int, _ y: Int) -> Vector3 {
    let c = frame.camera
    return Vector3((Double(x) + 0.5 - c.cx) / c.fx, (Double(y) + 0.5 - c.cy) / c.fy, 1)
  }

  func triangle(_ instance: Int, _ t: Int) -> (Vector3, Vector3, Vector3) {
    (corners[instance][3 * t], corners[instance][3 * t + 1], corners[instance][3 * t + 2])
  }

  /// The depth at which a ray meets a triangle not nearer than `near`, or nil.
  ///
  /// The ray passes inside where the volumes that it spans with the three sides have one sign. A side shared by two
  /// triangles gives opposite volumes to the bit, so no ray slips between them.
  private static func depth(_ d: Vector3, _ a: Vector3, _ b: Vector3, _ c: Vector3, near: Double) -> Double? {
    let (u, v, w) = (side(d, b, c), side(d, c, a), side(d, a, b))
    guard (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0) else { return nil }
    let n = cross(b - a, c - a)
    let slope = dot(n, d)
    guard slope != 0 else { return nil }
    let z = dot(n, a) / slope
    return z >= near && z.isFinite ? z : nil
  }

  /// d . (p x q), the same but for the sign where p and q change places.
  private static func side(_ d: Vector3, _ p: Vector3, _ q: Vector3) -> Double {
    d.x * (p.y * q.z - p.z * q.y) + d.y * (p.z * q.x - p.x * q.z) + d.z * (p.x * q.y - p.y * q.x)
  }

  /// The nearest hit at each pixel's centre, row by row; of equal ones the earlier in drawing order.
  func cast() -> [Hit?] {
    var hits = [Hit?](repeating: nil, count: frame.width * frame.height)
    for i in frame.instances.indices {
      for t in 0..<frame.instances[i].mesh.triangleCount {
        let (a, b, c) = triangle(i, t)
        guard a.isFinite, b.isFinite, c.isFinite, let (xs, ys) = pixels(a, b, c) else { continue }
        for y in ys {
          for x in xs {
            let k = y * frame.width + x
            guard let z = RayCaster.depth(ray(x, y), a, b, c, near: frame.camera.near) else { continue }
            if let old = hits[k], old.z <= z { continue }
            guard covers(i, t, x, y) else { continue }
            let normal = cross(b - a, c - a).normalized ?? Vector3()
            hits[k] = Hit(instance: i, triangle: t, z: z, normal: normal)
          }
        }
      }
    }
    return hits
  }

  /// Whether anything lies on the way from a point in camera axes in a direction; hits nearer than `from` do not count.
  func isHidden(_ point: Vector3, towards direction: Vector3, from: Double) -> Bool {
    for i in frame.instances.indices where frame.instances[i].castsShadow {
      for t in 0..<frame.instances[i].mesh.triangleCount {
        let (a, b, c) = triangle(i, t)
        if RayCaster.depth(direction, a - point, b - point, c - point, near: from) != nil { return true }
      }
    }
    return false
  }

  /// The pixels whose centre the projection of a triangle may cover, or nil where there are none.
  private func pixels(_ a: Vector3, _ b: Vector3, _ c: Vector3) -> (ClosedRange<Int>, ClosedRange<Int>)? {
    let near = frame.camera.near
    if a.z < near && b.z < near && c.z < near { return nil }
    guard a.z >= near, b.z >= near, c.z >= near else { return (0...frame.width - 1, 0...frame.height - 1) }
    let (p, q, r) = (project(a), project(b), project(c))
    let low = pointwiseMin(p, pointwiseMin(q, r)) - 1
    let high = pointwiseMax(p, pointwiseMax(q, r)) + 1
    guard low.x < Double(frame.width), low.y < Double(frame.height), high.x >= 0, high.y >= 0 else { return nil }
    func range(_ from: Double, _ to: Double, _ count: Int) -> ClosedRange<Int> {
      Int(max(from, 0))...Int(min(to, Double(count - 1)))
    }
    return (range(low.x, high.x, frame.width), range(low.y, high.y, frame.height))
  }

  private func project(_ p: Vector3) -> Vector2 {
    let c = frame.camera
    return Vector2(c.fx * p.x / p.z + c.cx, c.fy * p.y / p.z + c.cy)
  }
}

// MARK: - How near a pixel is to where the two may differ

extension RayCaster {
  /// By how far, in pixels, a point of an instance may move by rounding to Float, seen at depth z along `ray`.
  func rounding(_ instance: Int, _ ray: Vector3, z: Double) -> Double {
    let f = max(frame.camera.fx, frame.camera.fy)
    return f * (1 + max(abs(ray.x), abs(ray.y))) * 6 * 0x1p-24 * magnitude[instance] / z
  }

  /// The distance of a pixel's centre from the nearest side of a triangle's projection, in pixels.
  func edgeDistance(_ instance: Int, _ t: Int, _ x: Int, _ y: Int) -> Double {
    let (a, b, c) = triangle(instance, t)
    let centre = Vector2(Double(x) + 0.5, Double(y) + 0.5)
    return [(a, b), (b, c), (c, a)].map { distance(centre, $0, $1) }.min() ?? .infinity
  }

  private func distance(_ p: Vector2, _ from: Vector3, _ to: Vector3) -> Double {
    let near = frame.camera.near
    var (from, to) = (from, to)
    if from.z < near && to.z < near { return .infinity }
    if from.z < near { from += (to - from) * ((near - from.z) / (to.z - from.z)) }
    if to.z < near { to += (from - to) * ((near - to.z) / (from.z - to.z)) }
    let (a, b) = (project(from), project(to))
    let ab = b - a
    let along = dot(ab, ab) > 0 ? min(max(dot(p - a, ab) / dot(ab, ab), 0), 1) : 0
    let d = p - (a + ab * along)
    return dot(d, d).squareRoot()
  }

  /// The inverse depth of a triangle's plane along a pixel's ray, and the sum of the magnitudes of its changes per pixel
  /// to the right and down.
  func inverseDepth(_ instance: Int, _ t: Int, _ x: Int, _ y: Int) -> (value: Double, slope: Double) {
    let (a, b, c) = triangle(instance, t)
    let n = cross(b - a, c - a)
    let plane = dot(n, a)
    let slope = abs(n.x / (frame.camera.fx * plane)) + abs(n.y / (frame.camera.fy * plane))
    return (dot(n, ray(x, y)) / plane, slope)
  }
}

// MARK: - Surfaces that are not there everywhere

extension RayCaster {
  /// Whether a triangle that a pixel's ray meets is there: one-sided ones from the front alone, masks from their cut-off on,
  /// blended ones from one half on.
  func covers(_ instance: Int, _ t: Int, _ x: Int, _ y: Int) -> Bool {
    let own = frame.instances[instance]
    let material = own.materials[own.mesh.materialSlots.isEmpty ? 0 : Int(own.mesh.materialSlots[t])]
    if !material.isDoubleSided {
      let (a, b, c) = triangle(instance, t)
      let isMirrored = own.objectToWorld.linear.determinant < 0
      // Counter-clockwise from outside: the normal of the winding points to the viewer.
      if (dot(cross(b - a, c - a), a) > 0) != isMirrored { return false }
    }
    guard let margin = alphaMargin(instance, t, x, y) else { return true }
    return margin >= 0
  }

  /// By how much alpha at a pixel's centre exceeds what is asked for, or nil where nothing is asked.
  func alphaMargin(_ instance: Int, _ t: Int, _ x: Int, _ y: Int) -> Double? {
    let own = frame.instances[instance]
    let material = own.materials[own.mesh.materialSlots.isEmpty ? 0 : Int(own.mesh.materialSlots[t])]
    let least: Double
    switch material.alphaMode {
    case .opaque: return nil
    case .mask(let cutoff): least = cutoff
    case .blend: least = 0.5
    }
    let (a, b, c) = triangle(instance, t)
    let n = cross(b - a, c - a)
    let d = ray(x, y)
    let p = d * (dot(n, a) / dot(n, d))
    // Areas of the three parts by the normal's length.
    let w1 = dot(cross(p - a, c - a), n) / dot(n, n)
    let w2 = dot(cross(b - a, p - a), n) / dot(n, n)
    let corners = (0..<3).map { Int(own.mesh.indices[3 * t + $0]) }
    func mixed(_ value: (Int) -> Double) -> Double {
      value(corners[0]) * (1 - w1 - w2) + value(corners[1]) * w1 + value(corners[2]) * w2
    }
    var alpha = material.opacity
    if !own.mesh.colors.isEmpty { alpha *= mixed { Double(own.mesh.colors[$0].w) } }
    if let use = material.baseColorTexture {
      let (u, v) = (mixed { Double(own.mesh.vertices[$0].uv.x) }, mixed { Double(own.mesh.vertices[$0].uv.y) })
      alpha *= RayCaster.alpha(use, u, v)
    }
    return alpha - least
  }

  /// Alpha of level 0, the four texels around weighted.
  static func alpha(_ use: TextureUse, _ u: Double, _ v: Double) -> Double {
    let (s, c) = StableMath.sincos(use.rotation)
    let scaled = Vector2(u * use.scale.x, v * use.scale.y)
    let place = Vector2(scaled.x * c + scaled.y * s, scaled.y * c - scaled.x * s) + use.offset
    let level = use.texture.levels[0]
    let (w, h) = (Int(level.width), Int(level.height))
    func index(_ i: Int, _ n: Int, _ wrap: TextureUse.Wrap) -> Int {
      switch wrap {
      case .repeat: return (i % n + n) % n
      case .clamp: return min(max(i, 0), n - 1)
      case .mirror:
        let m = (i % (2 * n) + 2 * n) % (2 * n)
        return m < n ? m : 2 * n - 1 - m
      }
    }
    let (x, y) = (place.x * Double(w) - 0.5, place.y * Double(h) - 0.5)
    let (x0, y0) = (x.rounded(.down), y.rounded(.down))
    func texel(_ i: Int, _ j: Int) -> Double {
      Double(
        use.texture.texel(
          level: 0, x: index(Int(x0) + i, w, use.wrapU), y: index(Int(y0) + j, h, use.wrapV)
        ).w) / 65535
    }
    let (fx, fy) = (x - x0, y - y0)
    return (texel(0, 0) * (1 - fx) + texel(1, 0) * fx) * (1 - fy) + (texel(0, 1) * (1 - fx) + texel(1, 1) * fx) * fy
  }
}
