import Documents
import Geometry
import Stage

/// A modifier as a document writes it; the registry reads it later.
struct ModifierSyntax: DocumentValue {
  var node: Node
  static var grammar: Grammar { modifierRegistry.grammar }
  static func decode(_ node: Node) -> ModifierSyntax { ModifierSyntax(node: node) }
}

/// The modifiers of an object, in order.
func decodeModifiers(_ list: [ModifierSyntax]) throws(DocumentError) -> [any Modifier] {
  var modifiers: [any Modifier] = []
  for (i, m) in list.enumerated() {
    do { modifiers.append(try modifierRegistry.decode(m.node)) } catch {
      throw error.inside(index: i).inside("modifiers")
    }
  }
  return modifiers
}

/// Meshes after modifiers, kept as long as they are in use.
struct ModifiedMeshes {
  private struct Key: Hashable {
    var mesh: ObjectIdentifier
    var modifiers: [AnyHashable]
  }

  /// A mesh and the one that its key names, which must not go away before it.
  private struct Made {
    var mesh: Mesh
    /// Of the mesh before each modifier.
    var bounds: [MeshBounds]
    var source: Mesh
  }

  // The keys are value types of the house, never changed after they are stored.
  private struct Table: @unchecked Sendable { var made: [Key: Made] = [:] }
  private var table = Table()
  /// Meshes kept; beyond that all are made anew.
  private static let limit = 64

  mutating func warp(_ source: Mesh, _ modifiers: [any Modifier]) -> KeypointWarp {
    let key = Key(mesh: ObjectIdentifier(source), modifiers: modifiers.map { AnyHashable($0) })
    if let known = table.made[key] {
      return KeypointWarp(mesh: known.mesh, modifiers: modifiers, bounds: known.bounds)
    }
    if table.made.count >= ModifiedMeshes.limit { table.made.removeAll() }
    let (mesh, bounds) = source.modifiedInSteps(by: modifiers)
    table.made[key] = Made(mesh: mesh, bounds: bounds, source: source)
    return KeypointWarp(mesh: mesh, modifiers: modifiers, bounds: bounds)
  }
}

/// The bounds of what lies between two corners, after modifiers: of a lattice of 9 x 9 x 9 points, whose gaps the
/// modifiers, which bend slowly, do not fill with much.
func modifiedBounds(_ lower: Vector3, _ upper: Vector3, _ modifiers: [any Modifier]) -> (Vector3, Vector3) {
  let steps = 8
  var points: [Vector3] = []
  for i in 0...steps {
    for j in 0...steps {
      for k in 0...steps {
        points.append(lower + (upper - lower) * (Vector3(Double(i), Double(j), Double(k)) / Double(steps)))
      }
    }
  }
  var (low, high) = (lower, upper)
  for modifier in modifiers {
    let warp = modifier.warp(lower: low, upper: high)
    (low, high) = (Vector3(repeating: .infinity), Vector3(repeating: -.infinity))
    for i in points.indices {
      points[i] = warp(points[i]).position
      low = pointwiseMin(low, points[i])
      high = pointwiseMax(high, points[i])
    }
  }
  return (low, high)
}
