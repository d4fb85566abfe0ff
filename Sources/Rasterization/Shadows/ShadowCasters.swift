import CLanes
import Geometry
import LaneMath
import Stage

extension ShadowMap {
  /// Transforms a caster's vertices to map texels and draws its triangles, nearest to the sun first seen.
  mutating func drawCaster(_ caster: Instance) {
    let mesh = caster.mesh
    let t = AffineTransform(linear: axes) * caster.objectToWorld
    let s = texelsPerMetre
    let c0 = SIMD4<Float>(SIMD3<Float>(t.linear.column0 * Vector3(s, s, 1)), 0)
    let c1 = SIMD4<Float>(SIMD3<Float>(t.linear.column1 * Vector3(s, s, 1)), 0)
    let c2 = SIMD4<Float>(SIMD3<Float>(t.linear.column2 * Vector3(s, s, 1)), 0)
    let shifted = Vector3((t.translation.x - origin.x) * s, (t.translation.y - origin.y) * s, t.translation.z - originZ)
    let c3 = SIMD4<Float>(SIMD3<Float>(shifted), 0)
    reserveVertices(mesh.vertices.count)
    let out = vertexBase
    mesh.vertices.withUnsafeBufferPointer { v in
      for i in 0..<v.count {
        let p = v[i].positionU
        let q = c0 * p.x + c1 * p.y + c2 * p.z + c3
        // What is no number, or farther than halving can bring back, is at infinity: `draw` leaves it out.
        out[i] = LightVertex(x: abs(q.x) < MapTriangles.farthest ? q.x : .infinity, y: q.y, z: q.z)
      }
    }
    if caster.hasSurfaceFlags {
      TestedTriangles(
        map: depth.base, stride: stride, width: width, height: height, vertices: out, texelsPerMetre: texelsPerMetre
      ).draw(caster)
      return
    }
    // Where the mesh is closed, the first surface along a ray always faces the sun. Seen along +Z, with Y to the right
    // of X turned as in an image, a face towards the sun has negative area; mirroring turns that round.
    let facing: Float? = mesh.isClosed ? (caster.objectToWorld.linear.determinant < 0 ? 1 : -1) : nil
    let triangles = MapTriangles(map: depth.base, stride: stride, width: width, height: height)
    let group = MapTriangleGroup(triangles: triangles, facing: facing, fields: fieldBase)
    mesh.indices.withUnsafeBufferPointer { indices in
      guard let first = indices.baseAddress else { return }
      var k = 0
      while k + 24 <= indices.count {
        group.draw(out, first + k)
        k += 24
      }
      while k < indices.count {
        triangles.draw(
          out[Int(indices[k])], out[Int(indices[k + 1])], out[Int(indices[k + 2])], facing: facing)
        k += 3
      }
    }
  }
}

/// Draws triangles into a map of depths, one sample at each texel's centre, the smaller depth winning.
struct MapTriangles {
  let map: UnsafeMutablePointer<Float>
  let stride: Int
  let width: Int
  let height: Int

  /// Texels are cut into sixteenths. A coordinate within `limit` texels of the map's origin gives an edge function below
  /// 2 * (2 * 4096 * 16) * (2 * 4096 * 16) ... too much for Int32; so the limit is 1000 texels of extent, and longer
  /// triangles are cut first.
  static let bits: Float = 16
  static let longest: Float = 1000
  /// Two cuts halve a triangle, so 64 of them bring one of 2^41 texels down to less than `longest`.
  static let farthest: Float = 0x1p40

  @inline(__always)
  func draw(
    _ a: ShadowMap.LightVertex, _ b: ShadowMap.LightVertex, _ c: ShadowMap.LightVertex, facing: Float?
  ) {
    let xMin = min(a.x, min(b.x, c.x))
    let xMax = max(a.x, max(b.x, c.x))
    let yMin = min(a.y, min(b.y, c.y))
    let yMax = max(a.y, max(b.y, c.y))
    guard xMax >= 0, yMax >= 0, xMin <= Float(width), yMin <= Float(height) else { return }
    if let facing {
      let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)
      if (area < 0) != (facing < 0) { return }
    }
    if xMax - xMin > MapTriangles.longest || yMax - yMin > MapTriangles.longest {
      if xMax - xMin < .infinity && yMax - yMin < 2 * MapTriangles.farthest { split(a, b, c, depth: 0) }
    } else {
      fill(a, b, c)
    }
  }

  /// Cuts the longest side in half until the pieces are short enough; a piece off the map ends the work on it.
  @inline(never)
  private func split(
    _ a: ShadowMap.LightVertex, _ b: ShadowMap.LightVertex, _ c: ShadowMap.LightVertex, depth: Int
  ) {
    let xMin = min(a.x, min(b.x, c.x))
    let xMax = max(a.x, max(b.x, c.x))
    let yMin = min(a.y, min(b.y, c.y))
    let yMax = max(a.y, max(b.y, c.y))
    guard xMax >= 0, yMax >= 0, xMin <= Float(width), yMin <= Float(height) else { return }
    if xMax - xMin <= MapTriangles.longest, yMax - yMin <= MapTriangles.longest {
      fill(a, b, c)
      return
    }
    guard depth < 64 else { return }
    func length(_ p: ShadowMap.LightVertex, _ q: ShadowMap.LightVertex) -> Float {
      max(abs(p.x - q.x), abs(p.y - q.y))
    }
    let (ab, bc, ca) = (length(a, b), length(b, c), length(c, a))
    func middle(_ p: ShadowMap.LightVertex, _ q: ShadowMap.LightVertex) -> ShadowMap.LightVertex {
      .init(x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, z: (p.z + q.z) / 2)
    }
    if ab >= bc, ab >= ca {
      let m = middle(a, b)
      split(a, m, c, depth: depth + 1)
      split(m, b, c, depth: depth + 1)
    } else if bc >= ca {
      let m = middle(b, c)
      split(a, b, m, depth: depth + 1)
      split(a, m, c, depth: depth + 1)
    } else {
      let m = middle(c, a)
      split(a, b, m, depth: depth + 1)
      split(m, b, c, depth: depth + 1)
    }
  }

  @inline(__always)
  private func fill(_ a: ShadowMap.LightVertex, _ b: ShadowMap.LightVertex, _ c: ShadowMap.LightVertex) {
    // Rounded by the mantissa trick: coordinates are within 2 * 4096 texels of the map.
    let (x0, y0) = (MapTriangles.snap(a.x), MapTriangles.snap(a.y))
    var (x1, y1) = (MapTriangles.snap(b.x), MapTriangles.snap(b.y))
    var (x2, y2) = (MapTriangles.snap(c.x), MapTriangles.snap(c.y))
    var (z1, z2) = (b.z, c.z)
    var area = (x1 &- x0) &* (y2 &- y0) &- (x2 &- x0) &* (y1 &- y0)
    if area == 0 { return }
    if area < 0 {
      swap(&x1, &x2)
      swap(&y1, &y2)
      swap(&z1, &z2)
      area = -area
    }
    // Texels whose centre (at 8/16) is within the bounds.
    let firstX = max((min(x0, min(x1, x2)) &+ 7) &>> 4, 0)
    let lastX = min((max(x0, max(x1, x2)) &- 8) &>> 4, Int32(width) &- 1)
    let firstY = max((min(y0, min(y1, y2)) &+ 7) &>> 4, 0)
    let lastY = min((max(y0, max(y1, y2)) &- 8) &>> 4, Int32(height) &- 1)
    guard firstX <= lastX, firstY <= lastY else { return }
    let (px, py) = (firstX &* 16 &+ 8, firstY &* 16 &+ 8)
    // Sides at the first texel's centre, and their steps to the next texel and row; the fill rule as in `Edge`.
    @inline(__always) func edge(_ xa: Int32, _ ya: Int32, _ xb: Int32, _ yb: Int32) -> MapEdge {
      let (ea, eb) = (ya &- yb, xb &- xa)
      let topLeft = ea > 0 || (ea == 0 && eb > 0)
      return MapEdge(
        value: ea &* (px &- xa) &+ eb &* (py &- ya) &- (topLeft ? 0 : 1), right: ea &* 16, down: eb &* 16)
    }
    let edges = (edge(x0, y0, x1, y1), edge(x1, y1, x2, y2), edge(x2, y2, x0, y0))
    let scale = 16 / Float(area)
    let (d1, d2) = (z1 - a.z, z2 - a.z)
    let dzdx = (d1 * Float(y2 &- y0) - d2 * Float(y1 &- y0)) * scale
    let dzdy = (d2 * Float(x1 &- x0) - d1 * Float(x2 &- x0)) * scale
    let plane = MapPlane(
      corner: a.z + dzdx * (Float(px &- x0) / 16) + dzdy * (Float(py &- y0) / 16), right: dzdx, down: dzdy,
      nearest: min(a.z, min(z1, z2)))
    fill(edges, plane, firstX, lastX, firstY, lastY)
  }

  @inline(__always)
  func fill(
    _ edges: (MapEdge, MapEdge, MapEdge), _ plane: MapPlane, _ firstX: Int32, _ lastX: Int32, _ firstY: Int32,
    _ lastY: Int32
  ) {
    if lastX &- firstX < 8 {
      fillSlim(edges, plane, firstX, firstY, lastY)
    } else if lastX &- firstX < 16 {
      fillNarrow(edges, plane, firstX, lastX, firstY, lastY)
    } else {
      fillWide(edges, plane, firstX, lastX, firstY, lastY)
    }
  }

  /// A side's edge function at the first texel's centre, and what it grows by to the next texel and row.
  struct MapEdge {
    var value: Int32
    let right: Int32
    let down: Int32
  }

  struct MapPlane {
    /// Depth at the first texel's centre, its change per texel, and the least depth of the triangle.
    let corner: Float
    let right: Float
    let down: Float
    let nearest: Float
  }

  @inline(__always) private static var ramp: SIMD8<Int32> { SIMD8(0, 1, 2, 3, 4, 5, 6, 7) }
  @inline(__always) private static var numberRamp: Lanes { Lanes(0, 1, 2, 3, 4, 5, 6, 7) }

  /// Most triangles: one vector a row.
  @inline(__always)
  private func fillSlim(
    _ edges: (MapEdge, MapEdge, MapEdge), _ plane: MapPlane, _ firstX: Int32, _ firstY: Int32, _ lastY: Int32
  ) {
    var row0 = lanes(int: edges.0.value) &+ MapTriangles.ramp &* edges.0.right
    var row1 = lanes(int: edges.1.value) &+ MapTriangles.ramp &* edges.1.right
    var row2 = lanes(int: edges.2.value) &+ MapTriangles.ramp &* edges.2.right
    let (down0, down1, down2) = (lanes(int: edges.0.down), lanes(int: edges.1.down), lanes(int: edges.2.down))
    let zRamp = MapTriangles.numberRamp * plane.right
    let (corner, down, nearest) = (lanes(plane.corner), lanes(plane.down), lanes(plane.nearest))
    // Multiples rather than sums of steps, as everywhere. Whole numbers, so that counting is exact.
    var y = lanes(0)
    let first = Int(firstY) &* stride &+ Int(firstX)
    var at = UnsafeMutableRawPointer(map + first)
    for _ in firstY...lastY {
      let z = maximum(zRamp + (corner + down * y), nearest)
      MapTriangles.put(at, z, ~(row0 | row1 | row2))
      row0 &+= down0
      row1 &+= down1
      row2 &+= down2
      y = y + 1
      at += 4 &* stride
    }
  }

  /// Small triangles: the sides are evaluated at every texel.
  @inline(__always)
  private func fillNarrow(
    _ edges: (MapEdge, MapEdge, MapEdge), _ plane: MapPlane, _ firstX: Int32, _ lastX: Int32, _ firstY: Int32,
    _ lastY: Int32
  ) {
    var row0 = lanes(int: edges.0.value) &+ MapTriangles.ramp &* edges.0.right
    var row1 = lanes(int: edges.1.value) &+ MapTriangles.ramp &* edges.1.right
    var row2 = lanes(int: edges.2.value) &+ MapTriangles.ramp &* edges.2.right
    let zRamp = MapTriangles.numberRamp * plane.right
    for y in firstY...lastY {
      var (e0, e1, e2) = (row0, row1, row2)
      let zRow = plane.corner + plane.down * Float(y &- firstY)
      let line = UnsafeMutableRawPointer(map + Int(y) &* stride)
      var x = firstX
      while x <= lastX {
        let z = maximum(zRamp + lanes(zRow + plane.right * Float(x &- firstX)), lanes(plane.nearest))
        MapTriangles.put(line + Int(x) &* 4, z, ~(e0 | e1 | e2))
        e0 &+= lanes(int: edges.0.right &* 8)
        e1 &+= lanes(int: edges.1.right &* 8)
        e2 &+= lanes(int: edges.2.right &* 8)
        x &+= 8
      }
      row0 &+= lanes(int: edges.0.down)
      row1 &+= lanes(int: edges.1.down)
      row2 &+= lanes(int: edges.2.down)
    }
  }

  /// Wide triangles: for each row the first and last covered texel follow from the sides by division.
  @inline(never)
  private func fillWide(
    _ edges: (MapEdge, MapEdge, MapEdge), _ plane: MapPlane, _ firstX: Int32, _ lastX: Int32, _ firstY: Int32,
    _ lastY: Int32
  ) {
    var (e0, e1, e2) = edges
    let zRamp = MapTriangles.numberRamp * plane.right
    for y in firstY...lastY {
      var (from, to) = (Int32(0), lastX &- firstX)
      MapTriangles.cut(&from, &to, e0)
      MapTriangles.cut(&from, &to, e1)
      MapTriangles.cut(&from, &to, e2)
      let zRow = plane.corner + plane.down * Float(y &- firstY)
      let line = UnsafeMutableRawPointer(map + Int(y) &* stride + Int(firstX))
      var x = from
      while x <= to {
        let z = maximum(zRamp + lanes(zRow + plane.right * Float(x)), lanes(plane.nearest))
        MapTriangles.put(line + Int(x) &* 4, z, signMask(MapTriangles.ramp &- lanes(int: to &- x &+ 1)))
        x &+= 8
      }
      e0.value &+= e0.down
      e1.value &+= e1.down
      e2.value &+= e2.down
    }
  }

  /// Cuts a span of texels, counted from the first, to those that the side lets in: `value + right * x >= 0`.
  @inline(__always)
  private static func cut(_ from: inout Int32, _ to: inout Int32, _ e: MapEdge) {
    if e.right > 0 {
      if e.value < 0 { from = max(from, (e.right &- 1 &- e.value) / e.right) }
    } else if e.value < 0 {
      to = -1
    } else if e.right < 0 {
      to = min(to, e.value / (0 &- e.right))
    }
  }

  /// Writes the depths of lanes where the sign of `mask` is set that are nearer to the sun than what is there.
  @inline(__always)
  private static func put(_ address: UnsafeMutableRawPointer, _ z: Lanes, _ mask: LaneMask) {
    let old = address.loadUnaligned(as: Lanes.self)
    address.storeBytes(of: select(isLess(z, old) & mask, z, old), as: Lanes.self)
  }

  /// Rounds to sixteenths of a texel, for |x| < 2^17.
  @inline(__always)
  private static func snap(_ x: Float) -> Int32 {
    let biased = x * bits + 12_582_912
    return Int32(truncatingIfNeeded: biased.bitPattern) &- 0x4b40_0000
  }
}
