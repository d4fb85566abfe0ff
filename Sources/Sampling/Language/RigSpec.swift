import Documents
import Geometry
import Stage

/// One element of `camera: rig:`: a camera that stands in the axes of the rig, which is where `camera` itself stands. Its
/// other keys are those of `camera`, and win over what stands there.
struct ViewSpec {
  var id: String
  var pose: AffineTransform
  /// The camera's document, with the view's own keys in it.
  var camera: Node

  private static let intrinsics = ["fov", "horizontal_fov", "focal_length", "K", "orthographic"]
  private static let lenses = ["distortion", "fisheye", "orthographic"]
  private static let standing = [
    "eye", "target", "up", "roll", "distance", "azimuth", "elevation", "R", "t", "camera_to_world", "rig", "path",
    "velocity", "angular_velocity", "noise_seed",
  ]

  /// The views of a camera's document, in order; none where it is a single camera.
  static func list(_ camera: Node) throws(DocumentError) -> [ViewSpec] {
    guard let rig = camera["rig"], !rig.isNull else { return [] }
    guard case .sequence(let nodes) = rig.content, !nodes.isEmpty, nodes.count <= 64 else {
      throw DocumentError(rig, expected: "a list of 1 to 64 cameras").inside("rig")
    }
    var views: [ViewSpec] = []
    for (i, node) in nodes.enumerated() {
      do throws(DocumentError) {
        let view = try ViewSpec(node, of: camera)
        guard !views.contains(where: { $0.id == view.id }) else {
          throw DocumentError(node["id"] ?? node, expected: "a name that is not yet taken").inside("id")
        }
        views.append(view)
      } catch { throw error.inside(index: i).inside("rig") }
    }
    return views
  }

  private init(_ node: Node, of camera: Node) throws(DocumentError) {
    guard case .mapping(let members) = node.content else {
      throw DocumentError(node, expected: "a mapping with id, position, rotation and keys of a camera")
    }
    let own = ["id", "position", "rotation"]
    let placed = try Placed.decodeFields(Node(.mapping(members.filter { own.contains($0.key) }), mark: node.mark))
    guard !placed.id.isEmpty else { throw DocumentError(node["id"] ?? node, expected: "a name") }
    id = placed.id
    pose = AffineTransform(linear: placed.rotation?.matrix ?? .identity, translation: placed.position)
    var merged = camera
    merged.remove("rig")
    for group in [ViewSpec.intrinsics, ViewSpec.lenses] where members.contains(where: { group.contains($0.key) }) {
      for key in group { merged.remove(key) }
    }
    for m in members where !own.contains(m.key) {
      guard !ViewSpec.standing.contains(m.key) else {
        throw DocumentError(
          m.keyMark, found: "\"\(m.key)\"", expected: "position and rotation in the rig to say where a view stands")
      }
      merged.set(m.key, to: m.value)
    }
    self.camera = merged
  }

  /// What a view says of itself.
  struct Placed: DocumentRecord {
    var id = ""
    var position = Vector3()
    var rotation: RotationValue?

    static let fields: [Field<Placed>] = [
      Field("id", \.id, "The view's name, unique in the rig.", required: true),
      Field("position", \.position, "In the rig's axes, x right, y down, z forward; metres. Default: [0, 0, 0]."),
      Field("rotation", \.rotation, "Turns the view within the rig's axes. Default: none."),
    ]
  }

  static var grammar: Grammar {
    .record("View") {
      Placed.fieldGrammars + CameraSpec.fieldGrammars.filter { !standing.contains($0.name) }
    }
  }

  /// The camera with this view's pose in the rig.
  func placed(_ rig: Camera) -> Camera {
    var view = rig
    view.view = id
    view.rotation = pose.linear.transpose * rig.rotation
    view.translation = -(view.rotation * (rig.position + rig.rotation.transpose * pose.translation))
    return view
  }
}
