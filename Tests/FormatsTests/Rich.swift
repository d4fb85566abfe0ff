import Annotators
import Geometry
import Imaging
import Stage

@testable import Formats

/// Values and planes for the records of tests: plausible numbers that follow from frame and instance, so that a format's test can
/// work out what it should find.
enum Rich {
  /// A level camera that looks along the world's +y, like KITTI's, half a metre up.
  static func camera(_ r: FrameRecord) -> Camera {
    Camera(
      fx: 20, fy: 21, cx: Double(r.width) / 2, cy: Double(r.height) / 2,
      rotation: Matrix3(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 1, 0)),
      translation: Vector3(0.25, 0.5, Double(r.frame % 4)))
  }

  /// Amodal boxes and counts: the visible box grown to the left by one pixel, and by two beyond the picture.
  static func addExtents(_ r: inout FrameRecord) {
    for i in r.instances.indices {
      let box = r.instances[i].box
      let inside = box.map { PixelBox(x: max($0.x - 1, 0), y: $0.y, width: $0.width + min($0.x, 1), height: $0.height) }
      r.instances[i].values.amodalBox = .some(inside)
      r.instances[i].values.fullBox = .some(
        box.map { PixelBox(x: $0.x - 3, y: $0.y, width: $0.width + 3, height: $0.height) })
      let visible = r.instances[i].visiblePixels
      r.instances[i].values.visibility = VisibilityRecord(
        visible: visible, amodal: visible == 0 ? 0 : visible + 10 * i, unbounded: visible + 10 * i + 5, isEndless: false
      )
      r.instances[i].values.amodalMask = r.instances[i].mask
    }
  }

  /// How an object stands in the world: turned about z by so many degrees, in front of the camera.
  static func pose(_ frame: Int, _ i: Int, tilt: Double = 0) -> AffineTransform {
    let (s, c) = StableMath.sincos(Double(frame % 7) * 0.8 + Double(i))
    let (a, b) = StableMath.sincos(tilt)
    let yaw = Matrix3(Vector3(c, -s, 0), Vector3(s, c, 0), Vector3(0, 0, 1))
    let lean = Matrix3(Vector3(1, 0, 0), Vector3(0, b, -a), Vector3(0, a, b))
    return AffineTransform(linear: yaw * lean, translation: Vector3(Double(i) - 1, 6 + Double(i), 0.25))
  }

  /// The parity of splits and the width follow a frame's place in the list of six, so each of six views has one of each.
  static func addTime(_ r: inout FrameRecord, _ n: Int) {
    r.camera.view = "v\(n % 6)"
    r.sequence = SequencePlace(sequence: 0, index: n / 6, time: Double(n / 6) * 0.125)
  }

  /// The place in the list of records of a frame: frames are its squares.
  static func place(_ r: FrameRecord) -> Int {
    var n = 0
    while n * n < r.frame { n += 1 }
    return n
  }
}
