// KITTI's box in space: it stands upright on the camera's y axis and turns about it alone (Geiger, Lenz & Urtasun, "Are we ready
// for autonomous driving?", 2012, and the object devkit's readme).
//
// The box's length lies along (cos r, 0, -sin r) in camera axes, its width along (sin r, 0, cos r), its height along y. A box that
// is tilted to the camera, because it or the camera is, becomes the smallest upright one of the same heading around it, which
// still encloses the object.

import Annotators
import Geometry
import Stage

struct KITTIBox {
  /// Metres.
  var height: Double
  var width: Double
  var length: Double
  /// The middle of the lower side, camera axes, metres.
  var bottom: Vector3
  /// About the camera's y axis, radians, -pi to pi; 0 where the object's x axis points along the camera's.
  var rotationY: Double
  /// How much of the upright box the true one takes, 0 to 1; 1 where nothing is lost.
  var fill: Double

  /// The heading is the object's x axis, or where that is steep the next of z and y that is not.
  init(_ box: Box3D, _ camera: Camera) {
    let axes = [box.rotation.column0, box.rotation.column2, box.rotation.column1].map { camera.rotation * $0 }
    // Of the three squares of their horizontal parts the sum is 2, so one is 2/3 or more.
    let forward = axes.first { $0.x * $0.x + $0.z * $0.z >= 0.3 } ?? axes[0]
    rotationY = StableMath.atan2(-forward.z, forward.x)
    let (s, c) = StableMath.sincos(rotationY)
    let (along, across) = (Vector3(c, 0, -s), Vector3(s, 0, c))
    var low = Vector3(repeating: .infinity)
    var high = Vector3(repeating: -.infinity)
    for corner in box.worldCorners {
      let p = camera.worldToCamera * corner
      let q = Vector3(dot(along, p), p.y, dot(across, p))
      (low, high) = (pointwiseMin(low, q), pointwiseMax(high, q))
    }
    let size = high - low
    (length, height, width) = (size.x, size.y, size.z)
    let middle = (low + high) / 2
    bottom = along * middle.x + across * middle.z + Vector3(0, high.y, 0)
    let volume = size.x * size.y * size.z
    fill = volume > 0 ? min(box.size.x * box.size.y * box.size.z / volume, 1) : 1
  }

  /// The angle at which the object is seen: its heading less the direction to it; radians, -pi to pi.
  var alpha: Double {
    var a = rotationY - StableMath.atan2(bottom.x, bottom.z)
    if a > .pi { a -= 2 * .pi }
    if a < -.pi { a += 2 * .pi }
    return a
  }
}
