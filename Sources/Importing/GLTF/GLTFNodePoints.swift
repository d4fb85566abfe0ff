// Named nodes of a glTF file, and the keypoints that their `extras` declare (a free member of any glTF object; modelling
// programs write custom properties there):
//
//     {"name": "hand_l", "extras": {"keypoint": "left_wrist"}}                        the node's origin
//     {"name": "head", "extras": {"keypoints": {"nose": [0, 0.1, 0.12]}}}             points in the node's axes
//
// What is drawn counts, with the joints of its skins; all nodes stand where the animation puts them.

import Documents
import Geometry
import Stage

struct GLTFNodePoints {
  private(set) var nodes: [SceneNode] = []
  private(set) var keypoints: [Keypoint] = []
  private(set) var notes: Notes
  private let file: String
  private var known: Set<String> = []

  init(_ document: GLTFDocument, _ animator: GLTFAnimator, roots: [Int], file: String, notes: Notes) {
    self.notes = notes
    self.file = file
    // The frame of the file to that of meshes: +Y up becomes +Z up.
    let zUp = AffineTransform(linear: Matrix3(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 1, 0)))
    for (i, node) in document.nodes.enumerated() {
      if let name = node.name { nodes.append(SceneNode(name: name, toModel: zUp * animator.globals[i])) }
    }
    var reached: Set<Int> = []
    var order: [Int] = []
    var pending = Array(roots.reversed())
    while let i = pending.popLast() {
      guard reached.insert(i).inserted else { continue }
      order.append(i)
      if let skin = document.nodes[i].skin { pending.append(contentsOf: document.skins[skin].joints.reversed()) }
      pending.append(contentsOf: document.nodes[i].children.reversed())
    }
    for i in order { read(document.nodes[i].value, zUp * animator.globals[i]) }
  }

  /// Extras are anyone's: what does not read as keypoints is noted, not refused.
  private mutating func read(_ node: GLTFValue, _ toModel: AffineTransform) {
    guard let extras = try? node.get("extras"), case .mapping = extras.node.content else { return }
    if let value = try? extras.get("keypoint") {
      if let name = try? value.text(), !name.isEmpty {
        add(name, toModel.translation, value)
      } else {
        notes.add("a keypoint in extras that is no name", file: file, line: value.line)
      }
    }
    guard let value = try? extras.get("keypoints") else { return }
    guard let members = try? value.members() else {
      notes.add("keypoints in extras that are no object", file: file, line: value.line)
      return
    }
    for (name, place) in members {
      guard let p = try? place.numbers(3), !name.isEmpty else {
        notes.add("a keypoint in extras that is no list of 3 numbers", file: file, line: place.line)
        continue
      }
      add(name, toModel * Vector3(p[0], p[1], p[2]), place)
    }
  }

  private mutating func add(_ name: String, _ position: Vector3, _ value: GLTFValue) {
    guard known.insert(name).inserted else {
      notes.add("the keypoint \"\(name.prefix(40))\" a second time", file: file, line: value.line)
      return
    }
    keypoints.append(Keypoint(name, position))
  }
}
