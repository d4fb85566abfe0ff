// What formats ask of cameras.

import Annotators
import Geometry
import Stage

extension Camera {
  /// Whether straight lines stay straight and meet in the camera's centre.
  var isPinhole: Bool {
    switch projection {
    case .pinhole: true
    case .brownConrady(let lens): lens.isIdentity
    case .fisheye, .orthographic: false
    }
  }

  /// K by rows with the principal point in OpenCV's pixels, whose centres are whole numbers: half a pixel less than in records.
  var matrixFromPixelCentres: Matrix3 {
    Matrix3(Vector3(fx, 0, cx - 0.5), Vector3(0, fy, cy - 0.5), Vector3(0, 0, 1))
  }
}

extension ExportedFrame {
  /// That the frame's camera is one that a matrix says all of.
  func requirePinhole(for format: String) throws(FormatError) {
    guard !record.camera.isPinhole else { return }
    throw .refused(
      "\(format): frame \(record.frame): found a camera that is no pinhole (a lens with distortion, a fisheye or parallel "
        + "rays), expected a pinhole, the only camera that the format knows")
  }
}
