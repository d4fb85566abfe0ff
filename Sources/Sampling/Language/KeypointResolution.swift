// From what a scene and its files say of keypoints to points in the frame of the object's mesh.
//
// A place in the frame of the object, of a part or of a node goes through the object's modifiers as the space around the
// mesh does; a corner of the mesh goes where the mesh has gone. Nodes stand where the file's animation puts them; morphs
// move corners and not nodes.

import Documents
import Geometry
import Stage

/// One form that an object is made of: itself, or one of its parts.
struct KeypointSource {
  var part: String?
  /// The form's frame to the object's.
  var toObject = AffineTransform.identity
  var nodes: [SceneNode] = []
  /// What the file declares, in the form's frame.
  var keypoints: [Keypoint] = []
  /// Of the object's corners.
  var vertices: Range<Int>
}

/// What happens to the object after its forms are put together.
struct KeypointWarp {
  /// After modifiers.
  var mesh: Mesh
  var modifiers: [any Modifier] = []
  var bounds: [MeshBounds] = []

  func callAsFunction(_ p: Vector3) -> Vector3 { carried(p, by: modifiers, bounds) }
}

extension KeypointList {
  /// The keypoints of an object in its category's order: those that the scene places, then those of its files that it does
  /// not. What a file has and the category does not list is left out: a file may serve many scenes.
  ///
  /// - Parameter known: names that the object's category lists.
  static func resolved(
    _ declared: KeypointList?, _ sources: [KeypointSource], _ warp: KeypointWarp, known: [String], category: String
  ) throws(DocumentError) -> [Keypoint] {
    var found: [String: Vector3] = [:]
    for source in sources {
      for k in source.keypoints where known.contains(k.name) && found[k.name] == nil {
        found[k.name] = warp(source.toObject * k.position)
      }
    }
    for (name, point) in declared?.list ?? [] {
      do throws(DocumentError) {
        guard known.contains(name) else {
          guard !known.isEmpty else {
            throw DocumentError(
              point.mark, found: "a keypoint of category \"\(category)\", which lists none",
              expected: "categories: [{name: \(category), keypoints: [\(name), ...]}]")
          }
          throw DocumentError(unknown: "keypoint", name, at: point.mark, among: known)
        }
        found[name] = try point.resolved(sources, warp)
      } catch { throw error.inside(name).inside("keypoints") }
    }
    return known.compactMap { name in found[name].map { Keypoint(name, $0) } }
  }
}

extension KeypointSpec {
  fileprivate func resolved(_ sources: [KeypointSource], _ warp: KeypointWarp) throws(DocumentError) -> Vector3 {
    let named = part.map { name in sources.filter { $0.part == name } } ?? sources
    if let part {
      let names = sources.compactMap(\.part)
      guard !named.isEmpty else {
        if names.isEmpty {
          throw DocumentError(mark, found: "part \"\(part)\" of an object without named parts", expected: "no part")
        }
        throw DocumentError(unknown: "part", part, at: mark, among: names)
      }
      guard named.count == 1 else {
        throw DocumentError(
          mark, found: "\(named.count) parts of the name \"\(part)\"", expected: "a name that one part has")
      }
    }
    if let vertex {
      let range = part == nil ? 0..<(sources.map(\.vertices.upperBound).max() ?? 0) : named[0].vertices
      guard vertex < range.count else {
        throw DocumentError(mark, found: "vertex \(vertex)", expected: "one from 0 to \(range.count - 1)")
      }
      return Vector3(warp.mesh.vertices[range.lowerBound + vertex].position)
    }
    let offset = position ?? Vector3()
    guard let node else { return warp(part == nil ? offset : named[0].toObject * offset) }
    for source in named {
      if let n = source.nodes.first(where: { $0.name == node }) {
        return warp(source.toObject * (n.toModel * offset))
      }
    }
    let names = named.flatMap { $0.nodes.map(\.name) }
    guard !names.isEmpty else {
      throw DocumentError(mark, found: "node \"\(node)\"", expected: "a glTF file with named nodes, or a position")
    }
    throw DocumentError(unknown: "node", node, at: mark, among: names)
  }
}
