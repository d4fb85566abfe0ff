import Geometry
import LaneMath
import Stage

// The shadow maps of a light with a place: perspective views from the light, one for a spot, up to six for what shines all
// around. A face is drawn only where something seen lies in it, and a caster only into the faces that it reaches.
//
// A map holds -1 / z, z along the face's axis: linear over the map, and growing away from the light. The faces of a cube
// are a little wider than a quarter of the view, so that a kernel around a point never needs a neighbour.

/// One view from a light.
struct ShadowFace {
  /// World to face axes: x right, y down, z forward.
  var axes: Matrix3
  /// Focal length in texels; the axis meets the map in its middle.
  var focal: Double
  /// Extent of the part that belongs to this face, |x| <= z * extent.
  var extent: Double

  /// The six axes of a cube.
  static let cube: [Matrix3] = [
    Matrix3(Vector3(0, -1, 0), Vector3(0, 0, -1), Vector3(1, 0, 0)),
    Matrix3(Vector3(0, 1, 0), Vector3(0, 0, -1), Vector3(-1, 0, 0)),
    Matrix3(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 1, 0)),
    Matrix3(Vector3(-1, 0, 0), Vector3(0, 0, -1), Vector3(0, -1, 0)),
    Matrix3(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)),
    Matrix3(Vector3(1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, -1)),
  ]
}

/// The maps of one light; kept and drawn again for every frame.
final class LightShadow {
  private(set) var faces: [ShadowFace?] = []
  private(set) var side = 0
  private var maps: [FaceMap] = []
  private var vertices = Scratch<ShadowMap.LightVertex>()

  /// Storage of one face.
  private final class FaceMap {
    var depth = Scratch<Float>()
    var summary = ShadowSummary()
    var levels = ShadowLevels()
  }

  private var stride: Int { side + 8 }

  /// Side of a face in texels for an image of `pixels` pixels.
  static func side(pixels: Int) -> Int {
    min(max((Int((0.9 * Double(pixels)).squareRoot()) + 15) / 16 * 16, 256), 2048)
  }

  /// The radius of the widest kernel, in texels: the margin of a face.
  static func widestKernel(side: Int) -> Float { Float(side) / 16 }

  /// Draws what `light` sees. `receivers` are points in the world, eight a tile, whose hulls hold all that the camera sees.
  func draw(_ light: LocalLight, _ frame: Frame, receivers: [ArraySlice<Vector3>]) {
    side = LightShadow.side(pixels: frame.width * frame.height)
    let views: [ShadowFace]
    switch light.shape {
    case .spot(let axis, _, let outer):
      let x = axis.anyPerpendicular
      let extent = StableMath.tan(outer)
      // A margin for the kernel, of a sixteenth of the map on each side.
      views = [
        ShadowFace(axes: Matrix3(x, cross(axis, x), axis), focal: Double(side) * 0.4375 / extent, extent: extent)
      ]
    case .point, .rectangle:
      views = ShadowFace.cube.map { ShadowFace(axes: $0, focal: Double(side) * 0.4375, extent: 1) }
    }
    while maps.count < views.count { maps.append(FaceMap()) }
    let relative = receivers.map { $0.map { $0 - light.position } }
    let casters = frame.instances.filter(\.castsShadow)
    faces = views.enumerated().map { k, face in
      // With the margin, what a kernel may look at is all that the map shows.
      let reach = Double(side) * 0.5 / face.focal
      guard relative.contains(where: { LightShadow.mayReach($0.map { face.axes * $0 }, face.extent) }) else {
        return nil
      }
      let map = maps[k]
      map.depth.reserve(stride * side)
      map.depth.base.update(repeating: .infinity, count: stride * side)
      var isEmpty = true
      for caster in casters {
        let corners = caster.mesh.corners(under: caster.objectToWorld).map { face.axes * ($0 - light.position) }
        guard LightShadow.mayReach(corners, reach) else { continue }
        isEmpty = false
        draw(caster, light, face, map)
      }
      if isEmpty { return nil }
      map.summary.make(map.depth.base, stride: stride, width: side, height: side)
      map.levels.make(
        map.depth.base, stride: stride, width: side, height: side, widest: LightShadow.widestKernel(side: side))
      return face
    }
  }

  /// False where all points lie outside one and the same side of the pyramid |x|, |y| <= extent * z.
  private static func mayReach(_ points: [Vector3], _ extent: Double) -> Bool {
    var (behind, left, right, above, below) = (true, true, true, true, true)
    for p in points {
      if !(p.z <= 0) { behind = false }
      if !(p.x < -extent * p.z) { left = false }
      if !(p.x > extent * p.z) { right = false }
      if !(p.y < -extent * p.z) { above = false }
      if !(p.y > extent * p.z) { below = false }
    }
    return !points.isEmpty && !(behind || left || right || above || below)
  }

  private func draw(_ caster: Instance, _ light: LocalLight, _ face: ShadowFace, _ map: FaceMap) {
    let mesh = caster.mesh
    let toFace =
      AffineTransform(linear: face.axes)
      * AffineTransform(linear: .identity, translation: -light.position) * caster.objectToWorld
    // Nearer than this nothing casts a shadow: the light's own housing.
    let near = max(light.radius * 0.5, 1e-3)
    let centre = Double(side) / 2
    func projected(_ p: Vector3) -> ShadowMap.LightVertex {
      let s = face.focal / p.z
      return .init(x: Float(p.x * s + centre), y: Float(p.y * s + centre), z: Float(-1 / p.z))
    }
    vertices.reserve(mesh.vertices.count)
    let out = vertices.base
    mesh.vertices.withUnsafeBufferPointer { v in
      for i in 0..<v.count {
        let p = toFace * Vector3(v[i].position)
        // What is no number or nearer is marked by an infinity.
        out[i] = p.z >= near ? projected(p) : .init(x: .infinity, y: 0, z: 0)
      }
    }
    // From outside, the first surface of a closed mesh along a ray faces the light; from inside none may be left out.
    let inside = caster.objectToWorld.inverse.map { $0 * light.position }
    let isOutside =
      inside.map { p in (0..<3).contains { p[$0] < mesh.lowerBound[$0] || p[$0] > mesh.upperBound[$0] } } ?? false
    if caster.hasSurfaceFlags {
      TestedTriangles(
        map: map.depth.base, stride: stride, width: side, height: side, vertices: out, texelsPerMetre: nil
      ).draw(caster)
      return
    }
    let facing: Float? = mesh.isClosed && isOutside ? (caster.objectToWorld.linear.determinant < 0 ? 1 : -1) : nil
    let triangles = MapTriangles(map: map.depth.base, stride: stride, width: side, height: side)
    let clipper = Clipper(planes: [.init(normal: Vector3(0, 0, 1), offset: -near)])
    mesh.indices.withUnsafeBufferPointer { indices in
      mesh.vertices.withUnsafeBufferPointer { v in
        var k = 0
        while k < indices.count {
          let (i, j, l) = (Int(indices[k]), Int(indices[k + 1]), Int(indices[k + 2]))
          k += 3
          let (a, b, c) = (out[i], out[j], out[l])
          if a.x < .infinity && b.x < .infinity && c.x < .infinity {
            triangles.draw(a, b, c, facing: facing)
            continue
          }
          let corners = [i, j, l].map { toFace * Vector3(v[$0].position) }
          guard corners.contains(where: { $0.z >= near }), corners.allSatisfy(\.isFinite) else { continue }
          let polygon = clipper.clip(corners)
          guard polygon.count >= 3 else { continue }
          for n in 1..<(polygon.count - 1) {
            triangles.draw(projected(polygon[0]), projected(polygon[n]), projected(polygon[n + 1]), facing: facing)
          }
        }
      }
    }
  }

  /// The lookup of a face; nil where it holds no shadow.
  func lookup(_ face: Int) -> SoftShadow? {
    guard face < faces.count, faces[face] != nil else { return nil }
    let map = maps[face]
    return SoftShadow(
      levels: UnsafePointer(map.levels.levels.base), levelCount: map.levels.count, width: side, height: side,
      least: UnsafePointer(map.summary.least.base), greatest: UnsafePointer(map.summary.greatest.base),
      blockColumns: map.summary.columns)
  }
}
