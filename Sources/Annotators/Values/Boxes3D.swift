// `boxes_3d`: the oriented box around each listed object, with nine degrees of freedom:
//
//     "box_3d": {"center": [x, y, z], "size": [a, b, c], "R": [9 numbers by rows], "corners": [[u, v], null, ...]}
//
// Centre in the world, metres; size along the box's own axes, which are the columns of R, the object's axes turned as the
// object is. The box is that of the object's mesh in its own frame; where a matrix shears the object, it is the tightest box
// along the perpendicular axes next to the object's (its x first, then its y). Corner k has the upper end of x, y, z where
// bit 0, 1, 2 of k is set; it may lie outside the image, and is null where the camera cannot project it: behind it, nearer
// than the near plane, outside of what the lens shows.

import Documents
import Geometry
import Stage

struct Boxes3D: Annotator {
  static let manual = Manual(
    name: "boxes_3d", summary: "Oriented 3D boxes with nine degrees of freedom, and where their corners are seen.",
    sample: "annotations: [boxes_3d]", limits: "Along the axes of the mesh: not the smallest box that there is.")
  static let fields: [Field<Boxes3D>] = []

  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let camera = frame.frame.camera
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      instance.values.box3D = Box3D(frame.frame.instances[k], camera)
    }
  }
}

extension Box3D {
  init(_ instance: Instance, _ camera: Camera) {
    let (mesh, pose) = (instance.mesh, instance.objectToWorld)
    let parts = pose.linear.rigidParts
    let turn = parts?.turn ?? .identity
    var (low, high) = (mesh.lowerBound, mesh.upperBound)
    if let parts, !parts.isSheared {
      let (a, b) = (low * parts.scale, high * parts.scale)
      (low, high) = (pointwiseMin(a, b), pointwiseMax(a, b))
    } else {
      let into = turn.transpose * pose.linear
      low = Vector3(repeating: .infinity)
      high = Vector3(repeating: -.infinity)
      for i in mesh.indices {
        let p = into * Vector3(mesh.vertices[Int(i)].position)
        (low, high) = (pointwiseMin(low, p), pointwiseMax(high, p))
      }
    }
    self.init(
      center: turn * ((low + high) / 2) + pose.translation, size: high - low, rotation: turn, corners: [])
    corners = projected(by: camera)
  }

  /// The corners in the world.
  public var worldCorners: [Vector3] {
    (0..<8).map { k in
      let half = size / 2
      let p = Vector3(
        k & 1 == 0 ? -half.x : half.x, k & 2 == 0 ? -half.y : half.y, k & 4 == 0 ? -half.z : half.z)
      return center + rotation * p
    }
  }

  /// Where a camera sees the corners; nil for those that it cannot project.
  public func projected(by camera: Camera) -> [Vector2?] {
    worldCorners.map { camera.project(camera.worldToCamera * $0) }
  }
}
