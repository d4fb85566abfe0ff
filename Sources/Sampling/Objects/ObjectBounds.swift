import Documents
import Geometry
import Importing
import Stage
import Synchronization

/// The bounds of shapes and mesh files in their own frame, for layouts and collision checks.
final class ObjectBounds: Sendable {
  typealias Bounds = (lower: Vector3, upper: Vector3)

  private let parts: SceneParts
  private let files: SceneFiles
  /// By index of the shared subtree, and by path and pose.
  private let known = Mutex<([Int: Extent], [MeshKey: Extent])>(([:], [:]))
  /// Extents are kept, meshes are not: a file that many poses are asked of is worth keeping for its next one.
  private let library = AssetLibrary(keeping: 64 << 20)
  /// Extents of poses kept; beyond that all are made anew.
  private static let limit = 4096

  private struct MeshKey: Hashable {
    var path: String
    var pose: ModelPose
  }

  private struct Extent: Sendable {
    var lower: Vector3
    var upper: Vector3
  }

  init(parts: SceneParts, files: SceneFiles) {
    self.parts = parts
    self.files = files
  }

  /// The boxes of an object's parts in the frame that its transform leads to.
  func boxes(of object: ObjectSpec) throws(DocumentError) -> [OrientedBox] {
    let whole = object.objectToWorld
    guard let parts = object.parts else {
      let b = try bounds(shape: object.shape, mesh: object.mesh)
      return [OrientedBox(lower: b.lower, upper: b.upper, whole)]
    }
    var boxes: [OrientedBox] = []
    for (i, part) in parts.enumerated() {
      do {
        let b = try bounds(shape: part.value.shape, mesh: part.value.mesh)
        boxes.append(OrientedBox(lower: b.lower, upper: b.upper, whole * part.value.partToObject))
      } catch { throw error.inside(index: i).inside("parts") }
    }
    return boxes
  }

  private func bounds(shape: Shared<ShapeSyntax>?, mesh: Shared<MeshSpec>?) throws(DocumentError) -> Bounds {
    if let shape {
      if let i = shape.index, let box = known.withLock({ $0.0[i] }) { return (box.lower, box.upper) }
      let bounds: Bounds
      do { bounds = ObjectBounds.bounds(of: try parts.shapes.decode(shape.value.node)) } catch {
        throw error.inside("shape")
      }
      if let i = shape.index { known.withLock { $0.0[i] = Extent(lower: bounds.lower, upper: bounds.upper) } }
      return bounds
    }
    guard let mesh else { return (Vector3(), Vector3()) }
    let file = mesh.value.file
    let key = MeshKey(path: files.path(of: file), pose: mesh.value.pose)
    if let box = known.withLock({ $0.1[key] }) { return (box.lower, box.upper) }
    let model: Mesh
    do { model = try library.model(file: key.path, pose: key.pose).mesh } catch {
      throw DocumentError(file.mark, found: "\"\(file.path)\": \(error)", expected: "a mesh file").inside("file")
        .inside("mesh")
    }
    known.withLock {
      if $0.1.count >= ObjectBounds.limit { $0.1.removeAll() }
      $0.1[key] = Extent(lower: model.lowerBound, upper: model.upperBound)
    }
    return (model.lowerBound, model.upperBound)
  }

  /// By formula where there is one, else from the mesh. A tessellated surface lies within the formula's bounds.
  static func bounds(of shape: any Shape) -> Bounds {
    func symmetric(_ half: Vector3) -> Bounds { (-half, half) }
    switch shape {
    case let s as Box: return symmetric(s.size / 2)
    case let s as RoundedBox: return symmetric(s.size / 2)
    case let s as Sphere: return symmetric(Vector3(s.radius, s.radius, s.radius))
    case let s as Ellipsoid: return symmetric(s.radii)
    case let s as Cylinder: return symmetric(Vector3(s.radius, s.radius, s.height / 2))
    case let s as Torus:
      let r = s.majorRadius + s.minorRadius
      return symmetric(Vector3(r, r, s.minorRadius))
    case let s as Disc: return symmetric(Vector3(s.radius, s.radius, 0))
    case let s as PlaneShape: return symmetric(Vector3(s.size.x / 2, s.size.y / 2, 0))
    default:
      let mesh = shape.makeMesh()
      return (mesh.lowerBound, mesh.upperBound)
    }
  }
}
