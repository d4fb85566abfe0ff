// `horizon`: where the points at infinity of level ground (the plane of the world's x and y, at any height) are seen:
//
//     "horizon": {"line": [a, b, c], "pieces": [[[u, v], ...], ...]}
//
// - `line`: a u + b v + c = 0 in raster units, a a + b b = 1, positive above the horizon, also where it runs outside the
//   image. With n the world's up in camera axes, a point (x, y, 1) of the plane z = 1 lies on it where n.x x + n.y y + n.z
//   = 0. Null where the lens bends it, where the camera looks straight up or down, and where rays are parallel.
// - `pieces`: as far as it lies inside the image; where the lens bends it, chords within `tolerance` pixels.
//
// It is the geometry's horizon: whatever stands before it is not looked at.

import Documents
import Geometry
import Stage

struct HorizonAnnotator: Annotator {
  static let manual = Manual(
    name: "horizon", summary: "The image of level ground's points at infinity: a line, or a curve under a bent lens.",
    sample: "annotations: [{horizon: {tolerance: 0.1}}]", limits: "Nothing for cameras with parallel rays.")
  static let fields: [Field<HorizonAnnotator>] = [
    Field(
      "tolerance", \.tolerance, "Pixels that a chord may stand off a line that the lens bends. Default: 0.1.",
      in: .closed(0.001, 100))
  ]

  var tolerance = 0.1
  var hasValues: Bool { true }
  var options: String { tolerance == 0.1 ? "" : "tolerance=\(tolerance)" }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    record.lines.horizon = HorizonRecord(
      frame.frame.camera, width: frame.frame.width, height: frame.frame.height, tolerance: tolerance)
  }
}

extension HorizonRecord {
  /// The horizon of a camera.
  public init(_ camera: Camera, width: Int, height: Int, tolerance: Double) {
    self.init(line: HorizonRecord.line(camera), pieces: [])
    guard !camera.isParallel else { return }
    // Four corners of a square around the camera, in its own level plane: their sides look every way of it. The side ahead
    // lies across the line of sight, so that it holds all of a narrow picture's horizon.
    let up = camera.rotation.column2
    let ahead = (Vector3(0, 0, 1) - up * up.z).normalized ?? up.anyPerpendicular
    let left = cross(up, ahead)
    // Far enough for the near plane to be the vanishing point's neighbour.
    let far = 1e6 * max(camera.near, 1)
    let corners = [ahead + left, left - ahead, -ahead - left, ahead - left].map { $0 * far }
    let tracer = LineTracer(camera: camera, width: Double(width), height: Double(height), tolerance: tolerance)
    pieces = LinePieces.of(corners, isClosed: true, tracer) { _ in true }.map(\.image)
  }

  private static func line(_ camera: Camera) -> Vector3? {
    guard !camera.isBent, !camera.isParallel else { return nil }
    // What the world's z axis is in camera axes.
    let n = camera.rotation.column2
    let (a, b) = (n.x / camera.fx, n.y / camera.fy)
    let length = (a * a + b * b).squareRoot()
    // Rounding of an axis that is meant to be straight leaves about 1e-16.
    guard length * max(camera.fx, camera.fy) > 1e-12 else { return nil }
    return Vector3(a, b, n.z - a * camera.cx - b * camera.cy) / length
  }
}
