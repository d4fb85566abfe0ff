import Geometry
import Imaging

/// A triangle mesh in its own frame, ready to be drawn: every vertex has a unit normal and texture coordinates.
///
/// Faces wind counter-clockwise seen from outside (right-handed). A mesh is immutable and shared by the instances that
/// show it.
public final class Mesh: Sendable {
  /// One corner of the surface; 32 bytes, so that a corner is two vector loads.
  public struct Vertex: Hashable, Sendable {
    /// Position in metres, and texture u.
    public var positionU: SIMD4<Float>
    /// Unit normal, outwards, and texture v.
    public var normalV: SIMD4<Float>

    /// Texture coordinates: (0, 0) is the upper left corner of the texture image, v runs downwards.
    @inlinable public init(position: Vector3f, normal: Vector3f, uv: Vector2f) {
      positionU = SIMD4(position, uv.x)
      normalV = SIMD4(normal, uv.y)
    }

    @inlinable public var position: Vector3f { Vector3f(positionU.x, positionU.y, positionU.z) }
    @inlinable public var normal: Vector3f { Vector3f(normalV.x, normalV.y, normalV.z) }
    @inlinable public var uv: Vector2f { Vector2f(positionU.w, normalV.w) }
  }

  public let vertices: [Vertex]
  /// Three vertex indices a triangle.
  public let indices: [UInt32]
  /// Tangents, one a vertex, or empty: xyz is of unit length, perpendicular to the normal or nearly so, and points where u
  /// grows; w is the handedness, 1 or -1: the bitangent, along which v *decreases* (upwards in the image), is
  /// `w * cross(normal, tangent)`. That is the convention of glTF 2.0 and MikkTSpace, in which normal maps are drawn.
  public let tangents: [SIMD4<Float>]
  /// Colours, one a vertex, or empty: linear RGB and opacity, each 0 to 1; they multiply the material's base colour.
  public let colors: [SIMD4<Float>]
  /// For each triangle the smooth piece of surface that it belongs to: triangles joined by shared vertices are one piece.
  /// Pieces meet at hard edges and texture seams. Numbered from 0 in order of first triangle.
  public let pieces: [UInt32]
  /// One more than the highest number in `pieces`.
  public let pieceCount: Int
  /// For each triangle the index of its material in the instance's list; empty where all are 0.
  public let materialSlots: [UInt16]
  /// Names of the material slots; at least one.
  public let slotNames: [String]
  /// True where the surface is closed, consistently wound (each directed edge is met by its opposite exactly once) and
  /// wound outwards (every connected part encloses a positive volume), so that no back face can be seen from outside.
  public let isClosed: Bool
  /// Axis-aligned bounds of the vertices that triangles use.
  public let lowerBound: Vector3
  public let upperBound: Vector3
  /// Digest of all that is drawn.
  public let digest: Digest

  public var triangleCount: Int { indices.count / 3 }

  /// - Parameters:
  ///   - vertices: fewer than 2^31.
  ///   - indices: three a triangle; each below `vertices.count`. At least one triangle.
  ///   - tangents, colors: one a vertex, or empty.
  ///   - materialSlots: one a triangle, each below `slotNames.count`; or empty.
  public init(
    vertices: [Vertex], indices: [UInt32], tangents: [SIMD4<Float>] = [], colors: [SIMD4<Float>] = [],
    materialSlots: [UInt16] = [], slotNames: [String] = ["default"]
  ) {
    precondition(!indices.isEmpty && indices.count % 3 == 0, "a mesh has whole triangles")
    precondition(vertices.count < 1 << 31, "a mesh has fewer than 2^31 vertices")
    precondition(indices.allSatisfy { $0 < UInt32(vertices.count) }, "an index names a vertex")
    precondition(tangents.isEmpty || tangents.count == vertices.count, "a tangent for each vertex, or none")
    precondition(colors.isEmpty || colors.count == vertices.count, "a colour for each vertex, or none")
    precondition(materialSlots.isEmpty || materialSlots.count == indices.count / 3)
    precondition(!slotNames.isEmpty && materialSlots.allSatisfy { Int($0) < slotNames.count })
    self.vertices = vertices
    self.indices = indices
    self.tangents = tangents
    self.colors = colors
    self.materialSlots = materialSlots
    self.slotNames = slotNames
    pieces = MeshTopology.pieces(vertexCount: vertices.count, indices: indices)
    pieceCount = Int(pieces.max() ?? 0) + 1
    isClosed = MeshTopology.isClosed(vertices: vertices, indices: indices)
    var lower = Vector3(repeating: .infinity)
    var upper = Vector3(repeating: -.infinity)
    for i in indices {
      let p = Vector3(vertices[Int(i)].position)
      lower = pointwiseMin(lower, p)
      upper = pointwiseMax(upper, p)
    }
    lowerBound = lower
    upperBound = upper
    var d = vertices.withUnsafeBytes { Digest(of: $0) }
    d = indices.withUnsafeBytes { Digest(of: $0, seed: d.low ^ d.high) }
    d = materialSlots.withUnsafeBytes { Digest(of: $0, seed: d.low ^ d.high) }
    // A mesh without them keeps the digest that it had before there were such. Told apart by their seeds.
    if !tangents.isEmpty { d = tangents.withUnsafeBytes { Digest(of: $0, seed: d.low ^ d.high ^ 1) } }
    if !colors.isEmpty { d = colors.withUnsafeBytes { Digest(of: $0, seed: d.low ^ d.high ^ 2) } }
    digest = d
  }
}

extension Mesh: Equatable {
  public static func == (a: Mesh, b: Mesh) -> Bool { a === b || a.digest == b.digest }
}
