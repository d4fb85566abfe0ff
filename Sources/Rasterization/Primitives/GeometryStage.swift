import Geometry
import Stage

// From meshes to primitives: transform, clip, snap, orient, set up.
//
// What a pixel's labels and shading need of a triangle is kept in camera axes for the whole triangle, before clipping;
// what rasterization needs is snapped and in `Primitive`.

/// A vertex on the image plane.
struct ScreenVertex {
  /// 1/256 pixel; meaningless where `mustClip`.
  var x: Int32
  var y: Int32
  /// 1/m.
  var inverseZ: Float
  /// Nearer than the near plane, outside the guard band, or not a number.
  var mustClip: Bool
}

/// An instance as the frame's stages use it.
struct PlacedInstance {
  /// Number of the instance's first vertex, material and smooth piece among the frame's.
  var firstVertex: Int
  var firstMaterial: Int
  var firstSurface: Int
  /// +1, or -1 where the transform mirrors, so that the mesh's winding is reversed.
  var handedness: Double
}

struct GeometryStage: ~Copyable {
  /// Camera-axes position and texture u of each vertex.
  var positionU = Scratch<SIMD4<Float>>()
  /// Camera-axes unit normal and texture v of each vertex.
  var normalV = Scratch<SIMD4<Float>>()
  var screen = Scratch<ScreenVertex>()
  var primitives = Scratch<Primitive>()
  var primitiveCount = 0
  private(set) var placed: [PlacedInstance] = []

  /// Fills the buffers with the visible part of `instances`.
  mutating func run(_ instances: [Instance], _ view: View) {
    primitiveCount = 0
    placed.removeAll(keepingCapacity: true)
    var vertexTotal = 0
    for i in instances { vertexTotal += i.mesh.vertices.count }
    positionU.reserve(vertexTotal)
    normalV.reserve(vertexTotal)
    screen.reserve(vertexTotal)
    var (firstVertex, firstMaterial, firstSurface) = (0, 0, 0)
    for (index, instance) in instances.enumerated() {
      let mesh = instance.mesh
      let here = PlacedInstance(
        firstVertex: firstVertex, firstMaterial: firstMaterial, firstSurface: firstSurface,
        handedness: instance.objectToWorld.linear.determinant < 0 ? -1 : 1)
      placed.append(here)
      firstMaterial += instance.materials.count
      firstSurface += mesh.pieceCount
      let toCamera = view.camera.worldToCamera * instance.objectToWorld
      let placement = view.place(corners: mesh.corners(under: toCamera))
      if placement == .outside { continue }
      transform(mesh, toCamera, view, firstVertex, handedness: here.handedness)
      let firstPrimitive = primitiveCount
      let cullsBackFaces = mesh.isClosed && placement == .inFront && !instance.hasHoles
      assemble(mesh, UInt32(index), here, view, cullsBackFaces: cullsBackFaces)
      if instance.hasSurfaceFlags { applyMaterials(instance, here, from: firstPrimitive, isParallel: view.isParallel) }
      firstVertex += mesh.vertices.count
    }
  }

  /// Transforms each vertex once.
  private mutating func transform(
    _ mesh: Mesh, _ toCamera: AffineTransform, _ view: View, _ first: Int, handedness: Double
  ) {
    let c0 = SIMD4<Float>(SIMD3<Float>(toCamera.linear.column0), 0)
    let c1 = SIMD4<Float>(SIMD3<Float>(toCamera.linear.column1), 0)
    let c2 = SIMD4<Float>(SIMD3<Float>(toCamera.linear.column2), 0)
    let t = SIMD4<Float>(SIMD3<Float>(toCamera.translation), 0)
    // Normals go by the inverse transpose; its scale is irrelevant because they are made unit length when shaded. A
    // mirrored mesh's winding is reversed, and its normals with it: shading turns both round together.
    let normal = (toCamera.linear.inverse ?? .identity).transpose * handedness
    let n0 = SIMD4<Float>(SIMD3<Float>(normal.column0), 0)
    let n1 = SIMD4<Float>(SIMD3<Float>(normal.column1), 0)
    let n2 = SIMD4<Float>(SIMD3<Float>(normal.column2), 0)
    let near = Float(view.camera.near)
    let focal = SIMD2<Double>(view.camera.fx, view.camera.fy)
    let centre = SIMD2<Double>(view.camera.cx, view.camera.cy)
    let positionOut = positionU.base + first
    let normalOut = normalV.base + first
    let screenOut = screen.base + first
    mesh.vertices.withUnsafeBufferPointer { vertices in
      for i in 0..<vertices.count {
        let (p, n) = (vertices[i].positionU, vertices[i].normalV)
        var q = c0 * p.x + c1 * p.y + c2 * p.z + t
        q.w = p.w
        positionOut[i] = q
        var m = n0 * n.x + n1 * n.y + n2 * n.z
        m.w = n.w
        normalOut[i] = m
        let inverseZ = view.nearness(Double(q.z))
        let shrink = view.isParallel ? 1 : inverseZ
        let s = focal * SIMD2<Double>(Double(q.x), Double(q.y)) * shrink + centre
        // Written so that NaN fails it.
        let isRegular =
          q.z >= near && s.x > FixedPoint.guardLow && s.x < FixedPoint.guardHigh && s.y > FixedPoint.guardLow
          && s.y < FixedPoint.guardHigh
        let f = isRegular ? FixedPoint.snap(s) : SIMD2<Int32>(0, 0)
        screenOut[i] = ScreenVertex(x: f.x, y: f.y, inverseZ: Float(inverseZ), mustClip: !isRegular)
      }
    }
  }

  /// Sets up the triangles that may cover a sample.
  private mutating func assemble(
    _ mesh: Mesh, _ index: UInt32, _ here: PlacedInstance, _ view: View, cullsBackFaces: Bool
  ) {
    // A clipped triangle may become several; `clipAndSetUp` makes room for those.
    primitives.grow(to: primitiveCount + mesh.triangleCount, keeping: primitiveCount)
    let vertices = screen.base + here.firstVertex
    let base = UInt32(here.firstVertex)
    // Seen from the front, a counter-clockwise triangle has negative area where y runs down; mirroring turns that round.
    let frontSign: Int64 = here.handedness < 0 ? 1 : -1
    mesh.indices.withUnsafeBufferPointer { indices in
      mesh.pieces.withUnsafeBufferPointer { pieces in
        for t in 0..<mesh.triangleCount {
          let (i0, i1, i2) = (indices[3 * t], indices[3 * t + 1], indices[3 * t + 2])
          let (a, b, c) = (vertices[Int(i0)], vertices[Int(i1)], vertices[Int(i2)])
          var primitive = Primitive(
            x0: a.x, y0: a.y, x1: b.x, y1: b.y, x2: c.x, y2: c.y, inverseZ: a.inverseZ, inverseZdx: 0, inverseZdy: 0,
            inverseZMin: 0, inverseZMax: 0, instance: index, triangle: UInt32(t),
            surface: UInt32(here.firstSurface) &+ pieces[t], material: UInt32(here.firstMaterial),
            vertex0: base &+ i0, vertex1: base &+ i1, vertex2: base &+ i2)
          if a.mustClip || b.mustClip || c.mustClip {
            if !mesh.materialSlots.isEmpty { primitive.material += UInt32(mesh.materialSlots[t]) }
            clipAndSetUp(primitive, view, remaining: mesh.triangleCount - t)
            continue
          }
          let area =
            Int64(b.x &- a.x) &* Int64(c.y &- a.y) &- Int64(c.x &- a.x) &* Int64(b.y &- a.y)
          if area == 0 || (cullsBackFaces && (area < 0) != (frontSign < 0)) { continue }
          let bounds = view.isWarped ? primitive.touchedPixels : primitive.pixelBounds
          if view.misses(bounds) { continue }
          if !mesh.materialSlots.isEmpty { primitive.material += UInt32(mesh.materialSlots[t]) }
          setUp(&primitive, area, a.inverseZ, b.inverseZ, c.inverseZ)
          primitives.base[primitiveCount] = primitive
          primitiveCount += 1
        }
      }
    }
  }

  /// Orients the triangle and finds its depth plane. `area` is the signed area, not zero, of the vertices as they are.
  @inline(__always)
  private func setUp(_ p: inout Primitive, _ area: Int64, _ z0: Float, _ z1: Float, _ z2: Float) {
    let (x1, y1, x2, y2) = (p.x1 &- p.x0, p.y1 &- p.y0, p.x2 &- p.x0, p.y2 &- p.y0)
    // Gradients per 1/256 pixel times 256; in double, so that slivers keep their plane.
    let scale = Double(FixedPoint.one) / Double(area)
    let (d1, d2) = (Double(z1) - Double(z0), Double(z2) - Double(z0))
    p.inverseZdx = Float((d1 * Double(y2) - d2 * Double(y1)) * scale)
    p.inverseZdy = Float((d2 * Double(x1) - d1 * Double(x2)) * scale)
    p.inverseZMin = min(z0, min(z1, z2))
    p.inverseZMax = max(z0, max(z1, z2))
    if area < 0 {
      swap(&p.x1, &p.x2)
      swap(&p.y1, &p.y2)
    }
  }

  /// The rare path: a triangle that crosses the near plane or the guard band.
  private mutating func clipAndSetUp(_ whole: Primitive, _ view: View, remaining: Int) {
    func corner(_ v: UInt32) -> Vector3 {
      let p = positionU.base[Int(v)]
      return Vector3(Double(p.x), Double(p.y), Double(p.z))
    }
    let corners = [corner(whole.vertex0), corner(whole.vertex1), corner(whole.vertex2)]
    guard corners.allSatisfy(\.isFinite) else { return }
    let polygon = view.clipper.clip(corners)
    guard polygon.count >= 3 else { return }
    primitives.grow(to: primitiveCount + polygon.count + remaining, keeping: primitiveCount)
    let points = polygon.map { FixedPoint.snap(view.project($0)) }
    for k in 1..<(polygon.count - 1) {
      var p = whole
      (p.x0, p.y0) = (points[0].x, points[0].y)
      (p.x1, p.y1) = (points[k].x, points[k].y)
      (p.x2, p.y2) = (points[k + 1].x, points[k + 1].y)
      let area =
        Int64(p.x1 &- p.x0) &* Int64(p.y2 &- p.y0) &- Int64(p.x2 &- p.x0) &* Int64(p.y1 &- p.y0)
      let bounds = view.isWarped ? p.touchedPixels : p.pixelBounds
      if area == 0 || view.misses(bounds) { continue }
      p.inverseZ = Float(view.nearness(polygon[0].z))
      setUp(&p, area, p.inverseZ, Float(view.nearness(polygon[k].z)), Float(view.nearness(polygon[k + 1].z)))
      primitives.base[primitiveCount] = p
      primitiveCount += 1
    }
  }
}
