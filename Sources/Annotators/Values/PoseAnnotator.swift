// `poses`: where each listed object stands before the camera, with the turns that leave it looking as it was:
//
//     "pose_camera": {"R": [9 numbers by rows], "t": [x, y, z], "scale": [sx, sy, sz],
//                     "symmetries": [{"axis": [0, 0, 1], "offset": [0, 0, 0], "fold": null}]}
//
// camera = R * (scale * object) + t, in OpenCV axes and metres; R is a rotation, a mirrored object has a negative scale of
// x. A symmetry is a turn about an axis of the object's frame through `offset`: by 360 / fold degrees, or by any angle where
// `fold` is null; the scene declares them at the object or its prototype. Where a matrix shears the object, R and scale are
// those of its perpendicular part, and the core's `pose` alone says all.

import Documents
import Geometry
import Stage

struct PoseAnnotator: Annotator {
  static let manual = Manual(
    name: "poses", summary: "6D poses from the object's to the camera's axes, with scale and declared symmetries.",
    sample: "annotations: [poses]", limits: "A shear is in the record's `pose` only.")
  static let fields: [Field<PoseAnnotator>] = []

  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let toCamera = frame.frame.camera.worldToCamera
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      let own = frame.frame.instances[k]
      let parts = own.objectToWorld.linear.rigidParts
      instance.values.pose = PoseRecord(
        rotation: toCamera.linear * (parts?.turn ?? .identity), translation: toCamera * own.objectToWorld.translation,
        scale: parts?.scale ?? Vector3(1, 1, 1), symmetries: own.symmetries)
    }
  }
}
