// `polylines`: the lines that the scene declares under `polylines:`, of its own or of an object, as the picture shows them:
//
//     "polylines": [{"name": "left", "class": "lane", "pieces": [
//       {"visible": true, "image": [[u, v], ...], "camera": [[x, y, z], ...]}]}]
//
// Every line of the frame is listed; `pieces` holds what lies inside the image and beyond the near plane, in the line's
// direction, cut where it is hidden. `image` is in raster units and follows a bent picture to within `tolerance` pixels;
// `camera` has the same points in camera axes.
//
// A surface hides a line where it lies in front of it by more than `distance`, measured at right angles to the surface: a
// line on the ground is seen as long as the ground is, though seen flat a centimetre of paint over it covers metres of it.
// Lines are looked at once a pixel; where one disappears is found to a twentieth of a pixel. What is seen end on, as a
// point, is left out.

import Documents
import Geometry
import Rasterization
import Stage

struct PolylineAnnotator: Annotator {
  static let manual = Manual(
    name: "polylines",
    summary: "Lines that the scene declares, projected and cut to the image, in pieces that are visible or hidden.",
    sample: "annotations: [{polylines: {distance: 0.05, tolerance: 0.1}}]",
    limits: "What hides less than a pixel of a line may go unnoticed.")
  static let fields: [Field<PolylineAnnotator>] = [
    Field(
      "distance", \.distance,
      "Metres that a surface may lie over a line, at right angles to the surface, without hiding it. Default: 0.02.",
      in: .nonNegative),
    Field(
      "tolerance", \.tolerance, "Pixels that a chord may stand off a line that the lens bends. Default: 0.1.",
      in: .closed(0.001, 100)),
  ]

  var distance = 0.02
  var tolerance = 0.1
  var hasValues: Bool { true }
  var options: String {
    [distance == 0.02 ? nil : "distance=\(distance)", tolerance == 0.1 ? nil : "tolerance=\(tolerance)"]
      .compactMap { $0 }.joined(separator: ",")
  }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let (scene, camera) = (frame.frame, frame.frame.camera)
    let sight = SightLine(scene, frame.rendered.gbuffer)
    let tracer = LineTracer(
      camera: camera, width: Double(scene.width), height: Double(scene.height), tolerance: tolerance)
    record.lines.polylines = scene.polylines.map { line in
      let corners = line.points.map { camera.worldToCamera * $0 }
      let pieces = LinePieces.of(corners, isClosed: line.isClosed, tracer) { s in
        let contact = KeypointAnnotator.contact * s.point.length
        return !sight.isHidden(s.point, at: s.place) { $0.across > distance && $0.along > contact }
      }
      return PolylineRecord(name: line.name, kind: line.kind, pieces: pieces)
    }
  }
}
