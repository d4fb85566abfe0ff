// `tracks`: points on each listed object's surface, the same ones in all frames of a sequence:
//
//     "tracks": [{"uv": [u, v], "world": [x, y, z], "visible": true}, ...]
//
// The points are spread over the mesh by area, and are the same for all objects of one mesh (`SurfaceSampling.swift`).
// `uv` is in raster units, also outside of the picture, and null where the camera cannot project the point; `world` in
// metres. A point is visible where the pixel that it falls into shows its object, and not another part of it in front. On a
// mesh that changes its form over the sequence the points are chosen on the form of its first frame, and stay with their
// triangles.

import Documents
import Geometry
import Rasterization
import Stage

struct TrackAnnotator: Annotator {
  static let manual = Manual(
    name: "tracks",
    summary: "Points on objects' surfaces that are followed over a sequence, in 2D and 3D, visible or not.",
    sample: "annotations: [{tracks: {points: 32}}]",
    limits: "Whether a point is visible is a pixel's answer: within a pixel of an outline it may be a near thing.")
  static let fields: [Field<TrackAnnotator>] = [
    Field("points", \.points, "How many on each object. Default: 16.", in: .closed(1, 4096))
  ]

  var points = 16
  var steps: Set<SequenceStep> { [.first] }
  var options: String { points == 16 ? "" : "points=\(points)" }
  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let seen = SeenFrame(frame.frame, frame.rendered.gbuffer)
    // Objects of one mesh have the same points.
    var chosen: [ObjectIdentifier: [SurfacePlace]] = [:]
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      let own = frame.frame.instances[k]
      let first = frame.atFirst(k).mesh
      let mesh = first.hasTriangles(of: own.mesh) ? first : own.mesh
      let places = chosen[ObjectIdentifier(mesh)] ?? mesh.surfacePlaces(points)
      chosen[ObjectIdentifier(mesh)] = places
      instance.values.tracks = places.map { place in
        let triangle = SurfaceTriangle(own.mesh, place.triangle, seen.toCamera[k])
        let object = triangle.object(place.w1, place.w2)
        let point = seen.toCamera[k] * object
        let at = frame.frame.camera.project(point)
        let isVisible = at.map { seen.shows(point, at: $0, instance: k, triangle: place.triangle) } ?? false
        return TrackPoint(place: at, world: own.objectToWorld * object, isVisible: isVisible)
      }
    }
  }
}
