import Documents
import Geometry
import Stage

extension GLTFBuilder {
  /// Adds the frame's camera; gives its node's number. Cameras of glTF look along -z with +y up; the frame's look along +z
  /// with +y down.
  mutating func addCamera() -> Int {
    let camera = frame.camera
    let (width, height) = (Double(frame.width), Double(frame.height))
    let name = camera.view.isEmpty ? "camera" : camera.view
    var own: [(String, Node)] = [("name", .text(name))]
    if camera.isParallel {
      own += [
        ("type", .text("orthographic")),
        (
          "orthographic",
          .object([
            ("xmag", .real(width / (2 * camera.fx))), ("ymag", .real(height / (2 * camera.fy))),
            ("zfar", .real(farthest * 1.01 + camera.near)), ("znear", .real(camera.near)),
          ])
        ),
      ]
    } else {
      own += [
        ("type", .text("perspective")),
        (
          "perspective",
          .object([
            ("aspectRatio", .real(width / camera.fx / (height / camera.fy))),
            ("yfov", .real(2 * StableMath.atan2(height, 2 * camera.fy))), ("znear", .real(camera.near)),
          ])
        ),
      ]
    }
    own.append(
      (
        "extras",
        .object([
          ("fx", .real(camera.fx)), ("fy", .real(camera.fy)), ("cx", .real(camera.cx)), ("cy", .real(camera.cy)),
        ])
      ))
    cameras.append(.object(own))
    if camera.isBent {
      if case .fisheye = camera.projection {
        notes.append("a fisheye's picture is left out: the camera is a pinhole of the same focal length")
      } else {
        notes.append("the lens's distortion is left out: the camera is a pinhole of the same focal length")
      }
    }
    if abs(camera.cx - width / 2) > 1e-9 * width || abs(camera.cy - height / 2) > 1e-9 * height {
      notes.append(
        "the principal point, (\(camera.cx), \(camera.cy)), is taken for the middle of the picture; the camera's extras "
          + "have it")
    }
    let r = camera.rotation
    let place = AffineTransform(
      linear: Matrix3(columns: r.row0, -r.row1, -r.row2), translation: camera.position)
    return addNode([
      ("name", .text(nodeNames.unique(name))), ("camera", .whole(cameras.count - 1)), ("matrix", .matrix(place)),
    ])
  }

  /// How far anything is from the camera's plane; metres.
  private var farthest: Double {
    var far = frame.camera.near
    for instance in frame.instances {
      let (a, b) = (instance.mesh.lowerBound, instance.mesh.upperBound)
      for corner in 0..<8 {
        let p = Vector3(corner & 1 == 0 ? a.x : b.x, corner & 2 == 0 ? a.y : b.y, corner & 4 == 0 ? a.z : b.z)
        far = max(far, (frame.camera.worldToCamera * (instance.objectToWorld * p)).z)
      }
    }
    return far
  }
}
