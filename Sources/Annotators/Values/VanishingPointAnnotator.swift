// `vanishing_points`: where parallel lines of a direction in the world meet in the picture:
//
//     "vanishing_points": [{"name": "x", "direction": [1, 0, 0], "image": [u, v], "opposite": null}, ...]
//
// `image` is where lines lead to that run along the direction, `opposite` where those lead to that run against it; raster
// units, also outside the image. A picture on a plane has one of the two; a fisheye may show both. Null where the camera
// cannot see that way: behind it, at right angles to a plane picture's axis, outside of what the lens shows, and for parallel
// rays.

import Documents
import Geometry
import Stage

struct VanishingPointAnnotator: Annotator {
  static let manual = Manual(
    name: "vanishing_points", summary: "Where lines along stated directions, by default the world's axes, meet.",
    sample: "annotations: [{vanishing_points: {directions: {road: [0, 1, 0], up: [0, 0, 1]}}}]",
    limits: "Nothing for cameras with parallel rays.")
  static let fields: [Field<VanishingPointAnnotator>] = [
    Field(
      "directions", \.directions, "Directions in the world by name, of any length. Default: the axes x, y and z.")
  ]

  var directions = NamedDirections.axes
  var hasValues: Bool { true }
  var options: String {
    if directions == .axes { return "" }
    return "directions="
      + directions.list.map { "\($0.name):\($0.direction.x):\($0.direction.y):\($0.direction.z)" }.joined(
        separator: ",")
  }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    record.lines.vanishingPoints = directions.list.map {
      VanishingPoint(name: $0.name, direction: $0.direction, frame.frame.camera)
    }
  }
}

extension VanishingPoint {
  /// - Parameter direction: in the world, of unit length.
  public init(name: String, direction: Vector3, _ camera: Camera) {
    let d = camera.rotation * direction
    self.init(
      name: name, direction: direction, image: camera.project(direction: d), opposite: camera.project(direction: -d))
  }
}

/// Directions by name, in the order of the file.
struct NamedDirections: DocumentValue, Hashable {
  struct One: Hashable {
    var name: String
    /// Of unit length.
    var direction: Vector3
  }
  var list: [One]

  static let axes = NamedDirections(list: [
    One(name: "x", direction: Vector3(1, 0, 0)), One(name: "y", direction: Vector3(0, 1, 0)),
    One(name: "z", direction: Vector3(0, 0, 1)),
  ])

  static var grammar: Grammar { .dictionary(Vector3.grammar) }

  static func decode(_ node: Node) throws(DocumentError) -> NamedDirections {
    guard case .mapping(let members) = node.content, !members.isEmpty else {
      throw DocumentError(node, expected: "a mapping from names to directions")
    }
    var found = NamedDirections(list: [])
    for m in members {
      do throws(DocumentError) {
        guard !m.key.isEmpty else { throw DocumentError(m.keyMark, found: "an empty name", expected: "a name") }
        guard let d = try Vector3.decode(m.value).normalized else {
          throw DocumentError(m.value, expected: "a direction of length above 0")
        }
        found.list.append(One(name: m.key, direction: d))
      } catch { throw error.inside(m.key) }
    }
    return found
  }
}
