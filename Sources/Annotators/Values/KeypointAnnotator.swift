// `keypoints`: the named points of each listed object, one for each that its category lists, in that order:
//
//     "keypoints": [{"name": "nose", "v": 2, "image": [u, v], "camera": [x, y, z], "world": [x, y, z]}, ...]
//
// - `v`: 0 where the object does not declare the point, where the camera cannot project it and where it lies outside the
//   image; 1 hidden; 2 visible.
// - `image`: raster units, through whatever bends the picture; also outside the image; null where the camera cannot project
//   the point (behind it, nearer than its near plane, outside of what the lens shows) or there is none.
// - `camera`, `world`: metres; null where there is none.
//
// Points are seldom on the surface: a joint lies in the body. So a point is hidden by its own object where the surface that
// its pixel sees lies more than `distance` in front of it along the line of sight, and by any other object where that is
// in front of it at all (by more than 1e-4 of the distance from the camera: what touches does not hide). Glass hides.

import Documents
import Geometry
import Rasterization
import Stage

struct KeypointAnnotator: Annotator {
  static let manual = Manual(
    name: "keypoints",
    summary:
      "Named points of objects in 2D and 3D, each absent (0), hidden (1) or visible (2); skeletons in dataset.json.",
    sample: "annotations: [{keypoints: {distance: 0.05}}]",
    limits: "What is thinner than the distance between pixels' centres may hide a point and not be noticed.")
  static let fields: [Field<KeypointAnnotator>] = [
    Field(
      "distance", \.distance,
      "Metres that a point may lie behind its own object's surface, along the line of sight, and be visible. Default: 0.01.",
      in: .nonNegative)
  ]

  var distance = 0.01
  var hasValues: Bool { true }
  var options: String { distance == 0.01 ? "" : "distance=\(distance)" }

  /// What touches does not hide: the share of the distance from the camera that surfaces may differ by.
  static let contact = 1e-4

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let (scene, camera) = (frame.frame, frame.frame.camera)
    let sight = SightLine(scene, frame.rendered.gbuffer)
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      let own = scene.instances[k]
      guard let category = frame.dataset.categories.first(where: { $0.id == own.category }),
        !category.keypoints.isEmpty
      else { return }
      instance.values.keypoints = category.keypoints.map { name in
        guard let point = own.keypoints.first(where: { $0.name == name }) else {
          return KeypointRecord(name: name, visibility: .absent, image: nil, camera: nil, world: nil)
        }
        let world = own.objectToWorld * point.position
        let p = camera.worldToCamera * world
        let place = camera.project(p)
        var found = KeypointRecord(name: name, visibility: .absent, image: place, camera: p, world: world)
        guard let place, place.x >= 0, place.y >= 0, place.x < Double(scene.width), place.y < Double(scene.height)
        else { return found }
        let contact = KeypointAnnotator.contact * p.length
        let isHidden = sight.isHidden(p, at: place) { $0.along > contact + ($0.instance == k ? distance : 0) }
        found.visibility = isHidden ? .hidden : .visible
        return found
      }
    }
  }
}
