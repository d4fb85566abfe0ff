import Documents
import Geometry

/// Bends space, and the mesh in it. A modifier is one file in `Modifiers/`, one line in `modifierRegistry` and one test
/// that calls `checkModifier`.
///
/// It moves every point by one function of its position. What was closed stays closed: corners that met go to the same
/// place. Normals go with the inverse transpose of the function's derivative, as they do under any map.
public protocol Modifier: DocumentPart, Hashable {
  /// The map for a mesh with these bounds.
  func warp(lower: Vector3, upper: Vector3) -> Warp
  /// The longest edge that still bends well, for a mesh with these bounds, in metres; infinity where straight stays
  /// straight.
  func longestEdge(lower: Vector3, upper: Vector3) -> Double
}

/// A map of space with its derivative: column k is what a step along axis k becomes.
public typealias Warp = (Vector3) -> (position: Vector3, derivative: Matrix3)

/// Every modifier that a scene can name: one line each.
public let modifierRegistry = PartRegistry<any Modifier>(
  kind: "modifier",
  [
    .init(Bend.self) { $0 },
    .init(Twist.self) { $0 },
    .init(Taper.self) { $0 },
    .init(NoiseWarp.self) { $0 },
  ])

/// The corners of a mesh's box.
public struct MeshBounds: Hashable, Sendable {
  public var lower: Vector3
  public var upper: Vector3

  public init(lower: Vector3, upper: Vector3) {
    self.lower = lower
    self.upper = upper
  }
}

/// Where modifiers take a point of the space around a mesh.
///
/// - Parameter bounds: of the mesh before each of them.
public func carried(_ point: Vector3, by modifiers: [any Modifier], _ bounds: [MeshBounds]) -> Vector3 {
  var p = point
  for (modifier, b) in zip(modifiers, bounds) { p = modifier.warp(lower: b.lower, upper: b.upper)(p).position }
  return p
}

/// The axis that a modifier works along.
public enum ModifierAxis: String, DocumentWord {
  case x, y, z

  /// Turns the mesh's frame so that the axis becomes z; a rotation.
  var toZ: Matrix3 {
    switch self {
    case .x: Matrix3(Vector3(0, 1, 0), Vector3(0, 0, 1), Vector3(1, 0, 0))
    case .y: Matrix3(Vector3(0, 0, 1), Vector3(1, 0, 0), Vector3(0, 1, 0))
    case .z: .identity
    }
  }

  /// A warp that is given along z, along this axis, with the bounds turned likewise.
  func oriented(_ lower: Vector3, _ upper: Vector3, _ make: (_ lower: Vector3, _ upper: Vector3) -> Warp) -> Warp {
    let m = toZ
    let back = m.transpose
    let warp = make(m * lower, m * upper)
    return { p in
      let (position, derivative) = warp(m * p)
      return (back * position, back * derivative * m)
    }
  }
}

extension Mesh {
  /// The mesh after the modifiers, one after the other. Triangles are cut smaller where a modifier bends them.
  public func modified(by modifiers: [any Modifier]) -> Mesh { modifiedInSteps(by: modifiers).mesh }

  /// The same, with the bounds of the mesh before each modifier: what `carried` needs. The corners that were there keep
  /// their numbers, and those made by cutting come behind them.
  public func modifiedInSteps(by modifiers: [any Modifier]) -> (mesh: Mesh, bounds: [MeshBounds]) {
    var (mesh, bounds): (Mesh, [MeshBounds]) = (self, [])
    for modifier in modifiers {
      let own = MeshBounds(lower: mesh.lowerBound, upper: mesh.upperBound)
      let fine = mesh.refined(longestEdge: modifier.longestEdge(lower: own.lower, upper: own.upper))
      mesh = fine.warped(modifier.warp(lower: own.lower, upper: own.upper))
      bounds.append(own)
    }
    return (mesh, bounds)
  }

  private func warped(_ warp: Warp) -> Mesh {
    var moved: [Vertex] = []
    moved.reserveCapacity(vertices.count)
    var turned: [SIMD4<Float>] = []
    turned.reserveCapacity(tangents.count)
    for (i, v) in vertices.enumerated() {
      let (position, derivative) = warp(Vector3(v.position))
      // The inverse transpose times the determinant: cross products of the columns.
      let (a, b, c) = (derivative.column0, derivative.column1, derivative.column2)
      let n = Vector3(v.normal)
      let normal = (cross(b, c) * n.x + cross(c, a) * n.y + cross(a, b) * n.z).normalized ?? n
      moved.append(Vertex(position: Vector3f(position) + 0, normal: Vector3f(normal) + 0, uv: v.uv))
      if !tangents.isEmpty {
        let t = derivative * Vector3(Double(tangents[i].x), Double(tangents[i].y), Double(tangents[i].z))
        let level = (t - normal * dot(t, normal)).normalized ?? normal.anyPerpendicular
        turned.append(SIMD4(Vector3f(level), tangents[i].w))
      }
    }
    return Mesh(
      vertices: moved, indices: indices, tangents: turned, colors: colors, materialSlots: materialSlots,
      slotNames: slotNames)
  }
}
