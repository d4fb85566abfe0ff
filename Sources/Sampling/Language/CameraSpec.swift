import Documents
import Geometry
import Stage

/// `camera:`: where it stands (three ways to say it), what it sees (five ways), and what becomes of the light: see
/// `PhotographySpec.swift`.
struct CameraSpec: DocumentRecord {
  // Where: a point to stand on and a point to look at ...
  var eye: Vector3?
  var target: Vector3?
  var up = Vector3(0, 0, 1)
  var roll = 0.0
  // ... the same seen from the target ...
  var distance: Double?
  var azimuth: Double?
  var elevation: Double?
  // ... or a pose.
  var rotation: Verbatim?
  var translation: Vector3?
  var cameraToWorld: MatrixValue?
  // What.
  var verticalFOV: Double?
  var horizontalFOV: Double?
  var focalLength: Double?
  var sensor: Verbatim?
  var k: Verbatim?
  var size: Vector2?
  var near = 0.01
  var orthographic: Double?
  var distortion: DistortionSpec?
  var fisheye: FisheyeSpec?
  // What becomes of the light.
  var lens: LensSpec?
  var shutter: ShutterSpec?
  var metering: MeteringSpec?
  var development: DevelopmentSpec?
  var noiseSeed = 0
  var path: PathSpec?
  var velocity = Vector3()
  var angularVelocity = Vector3()
  var rig: Verbatim?

  static let fields: [Field<CameraSpec>] = [
    Field("eye", \.eye, "Where the camera stands; metres. Goes with `target`."),
    Field("target", \.target, "The point in the middle of the picture; metres. Default: the origin."),
    Field("up", \.up, "The direction that points up in the picture. Default: [0, 0, 1]."),
    Field("roll", \.roll, "Degrees by which the camera turns clockwise about its line of sight. Default: 0."),
    Field(
      "distance", \.distance, "Metres from the target to the camera; with `azimuth` and `elevation`.", in: .positive),
    Field("azimuth", \.azimuth, "Degrees from +X towards +Y of the camera seen from the target. Default: 0."),
    Field(
      "elevation", \.elevation, "Degrees of the camera above the target's horizon. Default: 0.", in: .closed(-90, 90)),
    Field("R", \.rotation, "World-to-camera rotation, three rows; axes x right, y down, z forward. With `t`."),
    Field("t", \.translation, "World-to-camera translation: camera = R world + t; metres."),
    Field("camera_to_world", \.cameraToWorld, "The camera's pose in the world as 3x4 or 4x4 matrix; same axes as `R`."),
    Field(
      "fov", \.verticalFOV, "Vertical field of view in degrees, below 180 but for a fisheye. Default: 45.",
      in: .closed(0.01, 360)),
    Field(
      "horizontal_fov", \.horizontalFOV, "Horizontal field of view in degrees, likewise.", in: .closed(0.01, 360)),
    Field("focal_length", \.focalLength, "Focal length in millimetres; with `sensor`.", in: .positive),
    Field("sensor", \.sensor, "Width in millimetres, or [width, height], or a sensor's properties. Default: 36."),
    Field("K", \.k, "Intrinsics in pixels: three rows, or [fx, fy, cx, cy]; pixel (0, 0) covers 0 to 1."),
    Field("size", \.size, "The image size [width, height] that `K` is for. Default: the image's.", in: .positive),
    Field(
      "near", \.near, "Nothing nearer than this along the line of sight is drawn; metres. Default: 0.01.", in: .positive
    ),
    Field(
      "orthographic", \.orthographic,
      "Parallel rays: the height of the picture in metres, in place of a field of view.",
      in: .positive),
    Field("distortion", \.distortion, "Lens distortion after Brown and Conrady, as OpenCV has it. Default: none."),
    Field("fisheye", \.fisheye, "A fisheye after Kannala and Brandt, as OpenCV has it. Default: a plane picture."),
    Field("lens", \.lens, "Depth of field, vignetting and chromatic aberration. Default: an ideal lens."),
    Field("shutter", \.shutter, "Motion blur and rolling shutter. Default: an instant."),
    Field("metering", \.metering, "Exposure in photographic terms. Default: a radiance of 1 is white."),
    Field("development", \.development, "From the sensor's numbers to the picture's."),
    Field(
      "noise_seed", \.noiseSeed, "The frame's noise. Default: drawn where there is a sensor.",
      in: .closed(0, 0x1p40)),
    Field("path", \.path, "The way that it goes along with time; where it stands counts from there. Default: none."),
    Field(
      "velocity", \.velocity,
      "Metres a second in the world, while the shutter is open and over the frames of a sequence. Default: [0, 0, 0]."),
    Field(
      "angular_velocity", \.angularVelocity, "Degrees a second about the axis that it points along. Default: [0, 0, 0]."
    ),
    Field(
      "rig", \.rig, "Several cameras with a picture each, placed in the axes of this one. Default: this one alone."),
  ]

  static var grammar: Grammar {
    .record("Camera") {
      let row = Grammar.list(.number(.any), count: 3)
      let forms: [String: Grammar] = [
        "R": .list(row, count: 3), "K": .anyOf([.list(row, count: 3), .list(.number(.any), count: 4)]),
        "sensor": .anyOf([.number(.positive), .list(.number(.positive), count: 2), SensorSpec.grammar]),
        "rig": .list(ViewSpec.grammar, count: nil),
      ]
      return fieldGrammars.map {
        FieldGrammar(
          name: $0.name, summary: $0.summary, isRequired: $0.isRequired, grammar: forms[$0.name] ?? $0.grammar)
      }
    }
  }

  /// The camera for an image of `width` x `height` pixels.
  func camera(width: Int, height: Int, at node: Node) throws(DocumentError) -> Camera {
    let (rotation, translation) = try pose(node)
    let i = try intrinsics(width: Double(width), height: Double(height), at: node)
    return Camera(
      fx: i.fx, fy: i.fy, cx: i.cx, cy: i.cy, rotation: rotation, translation: translation, near: near,
      projection: try projection(at: node))
  }

  func pose(_ node: Node) throws(DocumentError) -> (Matrix3, Vector3) {
    let orbit = distance != nil || azimuth != nil || elevation != nil
    let ways = (eye != nil ? 1 : 0) + (orbit ? 1 : 0) + (rotation != nil ? 1 : 0) + (cameraToWorld != nil ? 1 : 0)
    guard ways == 1 else {
      throw DocumentError(
        node.mark, found: ways == 0 ? "a camera that stands nowhere" : "a camera placed in \(ways) ways",
        expected: "one of eye (with target), distance (with azimuth, elevation), R with t, camera_to_world")
    }
    if let rotation {
      guard let translation else { throw DocumentError(node.mark, found: "R without t", expected: "both") }
      do { return (try RotationValue.rows(rotation.node).matrix, translation) } catch { throw error.inside("R") }
    }
    if translation != nil { throw DocumentError(node.mark, found: "t without R", expected: "both") }
    if let m = cameraToWorld?.transform {
      guard m.linear.orthonormalityError <= RotationValue.tolerance, m.linear.determinant > 0 else {
        throw DocumentError(
          node["camera_to_world"] ?? node, expected: "a pose: orthonormal columns of determinant +1, then the position")
      }
      let r = m.linear.transpose
      return (r, -(r * m.translation))
    }
    let target = target ?? Vector3()
    if orbit && distance == nil {
      throw DocumentError(node.mark, found: "azimuth or elevation without distance", expected: "the distance as well")
    }
    let eye = eye ?? target + direction(azimuth: azimuth ?? 0, elevation: elevation ?? 0) * (distance ?? 0)
    // Straight above or below the target, `up` says nothing: the direction of the azimuth does.
    var up = up
    if orbit, abs(elevation ?? 0) == 90 {
      up = direction(azimuth: azimuth ?? 0, elevation: 0) * ((elevation ?? 0) > 0 ? -1 : 1)
    }
    guard var r = Camera.lookAt(eye: eye, target: target, up: up) else {
      throw DocumentError(
        node.mark, found: "a camera with no view: eye, target and up on one line", expected: "an eye beside the target")
    }
    if roll != 0 {
      let (s, c) = StableMath.sincos(roll.degreesInRadians)
      r = Matrix3(r.row0 * c + r.row1 * s, r.row1 * c - r.row0 * s, r.row2)
    }
    return (r, -(r * eye))
  }

  private func projection(at node: Node) throws(DocumentError) -> Projection {
    let ways = (orthographic != nil ? 1 : 0) + (distortion != nil ? 1 : 0) + (fisheye != nil ? 1 : 0)
    guard ways <= 1 else {
      throw DocumentError(
        node.mark, found: "a lens of \(ways) kinds", expected: "one of orthographic, distortion, fisheye")
    }
    if orthographic != nil { return .orthographic }
    if let distortion { return .brownConrady(distortion.lens) }
    if let fisheye { return .fisheye(fisheye.lens) }
    return .pinhole
  }

  private func intrinsics(
    width: Double, height: Double, at node: Node
  ) throws(DocumentError) -> (fx: Double, fy: Double, cx: Double, cy: Double) {
    let ways =
      (verticalFOV != nil ? 1 : 0) + (horizontalFOV != nil ? 1 : 0) + (focalLength != nil ? 1 : 0) + (k != nil ? 1 : 0)
      + (orthographic != nil ? 1 : 0)
    guard ways <= 1 else {
      throw DocumentError(
        node.mark, found: "a lens described in \(ways) ways",
        expected: "one of fov, horizontal_fov, focal_length, K, orthographic")
    }
    let (cx, cy) = (width / 2, height / 2)
    if let orthographic { return (height / orthographic, height / orthographic, cx, cy) }
    if let k {
      let i: (Double, Double, Double, Double)
      do { i = try CameraSpec.readK(k.node) } catch { throw error.inside("K") }
      let (sx, sy) = size.map { (width / $0.x, height / $0.y) } ?? (1, 1)
      return (i.0 * sx, i.1 * sy, i.2 * sx, i.3 * sy)
    }
    let sensor = try readSensor()
    if let focalLength {
      let fx = focalLength / (sensor?.width ?? 36) * width
      return (fx, sensor?.height.map { focalLength / $0 * height } ?? fx, cx, cy)
    }
    if sensor != nil, !hasSensorModel, lens?.focusDistance == nil {
      throw DocumentError(node.mark, found: "sensor without focal_length", expected: "both")
    }
    let (half, degrees) = horizontalFOV.map { (cx, $0) } ?? (cy, verticalFOV ?? 45)
    let f = half / (try reach(degrees, at: node))
    return (f, f, cx, cy)
  }

  /// Focal lengths from the axis to a ray at half of `degrees` from it.
  private func reach(_ degrees: Double, at node: Node) throws(DocumentError) -> Double {
    let angle = degrees.degreesInRadians / 2
    if let lens = fisheye?.lens {
      if let r = lens.radius(ofAngle: angle) { return r }
      throw DocumentError(
        node.mark, found: "a field of view of \(degrees) degrees",
        expected: "at most the \(2 * lens.maximumAngle.radiansInDegrees) degrees that the fisheye shows")
    }
    guard degrees <= 179 else {
      throw DocumentError(
        node.mark, found: "a field of view of \(degrees) degrees", expected: "at most 179, or a fisheye")
    }
    return StableMath.tan(angle)
  }

  private static func readK(_ node: Node) throws(DocumentError) -> (Double, Double, Double, Double) {
    let (fx, fy, cx, cy): (Double, Double, Double, Double)
    if case .sequence(let s) = node.content, s.count == 4 {
      let v = try numbers(node, 4, "[fx, fy, cx, cy]")
      (fx, fy, cx, cy) = (v[0], v[1], v[2], v[3])
    } else {
      let m = try matrix3(node)
      guard m.row0.y == 0, m.row1.x == 0, m.row2 == Vector3(0, 0, 1) else {
        throw DocumentError(node, expected: "[[fx, 0, cx], [0, fy, cy], [0, 0, 1]] without skew")
      }
      (fx, fy, cx, cy) = (m.row0.x, m.row1.y, m.row0.z, m.row1.z)
    }
    guard fx > 0, fy > 0 else { throw DocumentError(node, expected: "focal lengths above 0") }
    return (fx, fy, cx, cy)
  }
}
