import Documents
import Geometry
import Stage

/// `camera:`: where it stands (three ways to say it) and what it sees (four ways).
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
    Field("fov", \.verticalFOV, "Vertical field of view in degrees. Default: 45.", in: .closed(0.01, 179)),
    Field("horizontal_fov", \.horizontalFOV, "Horizontal field of view in degrees.", in: .closed(0.01, 179)),
    Field("focal_length", \.focalLength, "Focal length in millimetres; with `sensor`.", in: .positive),
    Field("sensor", \.sensor, "Sensor width in millimetres, or [width, height]. Default: 36."),
    Field("K", \.k, "Intrinsics in pixels: three rows, or [fx, fy, cx, cy]; pixel (0, 0) covers 0 to 1."),
    Field("size", \.size, "The image size [width, height] that `K` is for. Default: the image's.", in: .positive),
    Field(
      "near", \.near, "Nothing nearer than this along the line of sight is drawn; metres. Default: 0.01.", in: .positive
    ),
  ]

  static var grammar: Grammar {
    .record("Camera") {
      let row = Grammar.list(.number(.any), count: 3)
      let forms: [String: Grammar] = [
        "R": .list(row, count: 3), "K": .anyOf([.list(row, count: 3), .list(.number(.any), count: 4)]),
        "sensor": .anyOf([.number(.positive), .list(.number(.positive), count: 2)]),
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
    return Camera(fx: i.fx, fy: i.fy, cx: i.cx, cy: i.cy, rotation: rotation, translation: translation, near: near)
  }

  private func pose(_ node: Node) throws(DocumentError) -> (Matrix3, Vector3) {
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

  private func intrinsics(
    width: Double, height: Double, at node: Node
  ) throws(DocumentError) -> (fx: Double, fy: Double, cx: Double, cy: Double) {
    let ways =
      (verticalFOV != nil ? 1 : 0) + (horizontalFOV != nil ? 1 : 0) + (focalLength != nil ? 1 : 0) + (k != nil ? 1 : 0)
    guard ways <= 1 else {
      throw DocumentError(
        node.mark, found: "a lens described in \(ways) ways", expected: "one of fov, horizontal_fov, focal_length, K")
    }
    let (cx, cy) = (width / 2, height / 2)
    if let k {
      let i: (Double, Double, Double, Double)
      do { i = try CameraSpec.readK(k.node) } catch { throw error.inside("K") }
      let (sx, sy) = size.map { (width / $0.x, height / $0.y) } ?? (1, 1)
      return (i.0 * sx, i.1 * sy, i.2 * sx, i.3 * sy)
    }
    if let focalLength {
      var (w, h) = (36.0, 0.0)
      if let node = sensor?.node {
        do throws(DocumentError) {
          if node.number != nil {
            w = try Double.decode(node)
          } else {
            let v = try numbers(node, 2, "the sensor's width, or its width and height, in millimetres")
            (w, h) = (v[0], v[1])
            guard h > 0 else { throw DocumentError(node, expected: "sizes above 0") }
          }
          guard w > 0 else { throw DocumentError(node, expected: "sizes above 0") }
        } catch { throw error.inside("sensor") }
      }
      let fx = focalLength / w * width
      return (fx, h > 0 ? focalLength / h * height : fx, cx, cy)
    }
    if sensor != nil { throw DocumentError(node.mark, found: "sensor without focal_length", expected: "both") }
    if let horizontalFOV {
      let f = cx / StableMath.tan(horizontalFOV.degreesInRadians / 2)
      return (f, f, cx, cy)
    }
    let f = cy / StableMath.tan((verticalFOV ?? 45).degreesInRadians / 2)
    return (f, f, cx, cy)
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
