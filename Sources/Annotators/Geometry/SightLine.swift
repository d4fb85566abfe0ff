// Whether a surface stands between the camera and a point: from what the pixels around its place in the picture see.
//
// The four pixels whose centres surround the place name the objects that may stand there, and a triangle of each. Those that
// the ray to the point meets are met in double precision, at the very place and not at the centres. Where an object's
// triangles at the centres are not met (they are smaller than a pixel), all of its triangles are tried. Of an object of more
// than `most` the one of the place's own pixel stands for the surface around it: its plane, and the point of it that is
// nearest along its sides, must agree on what is hidden. What owns none of the four centres hides nothing.

import Geometry
import Imaging
import Rasterization
import Stage

struct SightLine {
  /// Where a ray meets a surface before or behind the point it leads to.
  struct Meeting {
    /// Index of the instance.
    var instance: Int
    /// Metres from the surface to the point along the ray; negative where the surface is behind the point.
    var along: Double
    /// The same at right angles to the surface.
    var across: Double
  }

  private let frame: Frame
  private let seen: GBuffer
  private let toCamera: [AffineTransform]
  /// Triangles of the largest mesh that is searched: some tenths of a millisecond.
  private static let most = 20_000

  init(_ frame: Frame, _ seen: GBuffer) {
    self.frame = frame
    self.seen = seen
    toCamera = frame.instances.map { frame.camera.worldToCamera * $0.objectToWorld }
  }

  /// Whether any surface that the ray to a point meets satisfies `hides`.
  ///
  /// - Parameters:
  ///   - p: in camera axes.
  ///   - place: where the camera sees it; inside the image or on its edge.
  func isHidden(_ p: Vector3, at place: Vector2, _ hides: (Meeting) -> Bool) -> Bool {
    let (w, h) = (seen.width, seen.height)
    func cell(_ x: Double, _ count: Int) -> Int { min(max(Int(x.rounded(.down)), 0), count - 1) }
    let (x, y) = (cell(place.x, w), cell(place.y, h))
    let (x0, y0) = (cell(place.x - 0.5, w), cell(place.y - 0.5, h))
    let (x1, y1) = (cell(place.x + 0.5, w), cell(place.y + 0.5, h))
    let camera = frame.camera
    let origin = camera.isParallel ? Vector3(p.x, p.y, 0) : Vector3()
    let length = camera.isParallel ? p.z : p.length
    guard length > 0 else { return false }
    let direction = camera.isParallel ? Vector3(0, 0, 1) : p / length
    let own = y * w + x
    let cells = [own, y0 * w + x0, y0 * w + x1, y1 * w + x0, y1 * w + x1]
    // Objects of which nothing more is to be found: the one that the place's own pixel sees, where the ray meets it there.
    var met: [UInt32] = []
    for (i, k) in cells.enumerated() {
      let (instance, triangle) = (seen.instanceIndex.values[k], seen.triangle.values[k])
      let isKnown = cells[..<i].contains {
        seen.instanceIndex.values[$0] == instance && seen.triangle.values[$0] == triangle
      }
      if instance == GBuffer.nothing || isKnown { continue }
      guard let t = Triangle(frame, toCamera, instance, triangle, origin, direction), t.isMet else { continue }
      if hides(t.meeting(length, t.onPlane)) { return true }
      if i == 0 { met.append(instance) }
    }
    for k in cells {
      let instance = seen.instanceIndex.values[k]
      if instance == GBuffer.nothing || met.contains(instance) { continue }
      met.append(instance)
      if frame.instances[Int(instance)].mesh.triangleCount <= SightLine.most {
        if let t = nearest(instance, origin, direction), hides(t.meeting(length, t.onPlane)) { return true }
      } else if k == own,
        let t = Triangle(frame, toCamera, instance, seen.triangle.values[k], origin, direction),
        hides(t.meeting(length, t.onPlane)), hides(t.meeting(length, t.nearest))
      {
        return true
      }
    }
    return false
  }

  /// The triangle of an object that a ray meets first, in the object's own axes by Moeller and Trumbore (1997).
  private func nearest(_ instance: UInt32, _ origin: Vector3, _ direction: Vector3) -> Triangle? {
    guard let inverse = toCamera[Int(instance)].inverse else { return nil }
    let (o, d) = (inverse * origin, inverse.linear * direction)
    let mesh = frame.instances[Int(instance)].mesh
    let camera = frame.camera
    var best: (t: Double, triangle: Int)?
    for k in 0..<mesh.triangleCount {
      func corner(_ i: Int) -> Vector3 { Vector3(mesh.vertices[Int(mesh.indices[3 * k + i])].position) }
      let a = corner(0)
      let (e1, e2, q) = (corner(1) - a, corner(2) - a, o - a)
      let p = cross(d, e2)
      let slope = dot(e1, p)
      guard slope != 0 else { continue }
      let w1 = dot(q, p) / slope
      guard w1 >= 0, w1 <= 1 else { continue }
      let r = cross(q, e1)
      let w2 = dot(d, r) / slope
      guard w2 >= 0, w1 + w2 <= 1 else { continue }
      let t = dot(e2, r) / slope
      let place = origin + direction * t
      guard t > 0, (camera.depthIsDistance ? place.length : place.z) >= camera.near, t < best?.t ?? .infinity else {
        continue
      }
      best = (t, k)
    }
    return best.flatMap { Triangle(frame, toCamera, instance, UInt32($0.triangle), origin, direction) }
  }

  /// A triangle on the way of a ray.
  private struct Triangle {
    private let instance: Int
    /// Cosine between the ray and the normal.
    private let cosine: Double
    /// Whether the ray goes through it, and not in front of the near plane.
    let isMet: Bool
    /// Metres along the ray to its plane, and to the point of it next to where the ray meets that.
    let onPlane: Double
    let nearest: Double

    /// Nil for one that is seen edge on.
    init?(
      _ frame: Frame, _ toCamera: [AffineTransform], _ instance: UInt32, _ number: UInt32, _ origin: Vector3,
      _ direction: Vector3
    ) {
      self.instance = Int(instance)
      let (mesh, pose) = (frame.instances[self.instance].mesh, toCamera[self.instance])
      func corner(_ k: Int) -> Vector3 {
        pose * Vector3(mesh.vertices[Int(mesh.indices[3 * Int(number) + k])].position)
      }
      let a = corner(0)
      let (e1, e2) = (corner(1) - a, corner(2) - a)
      let n = cross(e1, e2)
      let slope = dot(direction, n)
      guard slope != 0, n.length > 0 else { return nil }
      let q = a - origin
      let (w1, w2) = (dot(direction, cross(e2, q)) / slope, dot(direction, cross(q, e1)) / slope)
      onPlane = dot(q, n) / slope
      let met = origin + direction * onPlane
      let camera = frame.camera
      let isBeyondNear = (camera.depthIsDistance ? met.length : met.z) >= camera.near
      let slack = 1e-9
      isMet = w1 >= -slack && w2 >= -slack && w1 + w2 <= 1 + slack && isBeyondNear
      let c1 = min(max(w1, 0), 1)
      let c2 = min(max(w2, 0), 1 - c1)
      nearest = dot(q + e1 * c1 + e2 * c2, direction)
      cosine = abs(slope) / n.length
    }

    func meeting(_ length: Double, _ distance: Double) -> Meeting {
      Meeting(instance: instance, along: length - distance, across: (length - distance) * cosine)
    }
  }
}
