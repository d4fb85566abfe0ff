import Geometry

/// A line that a scene declares for labels, such as the border of a lane; it is not drawn.
public struct Polyline: Hashable, Sendable {
  /// Unique in the frame: `left`, `car[2].edge`.
  public var name: String
  /// What kind of line it is, in the scene's words; empty where it says nothing.
  public var kind: String
  /// In the world, metres; at least two.
  public var points: [Vector3]
  /// Whether the last point is joined to the first.
  public var isClosed: Bool

  public init(name: String, kind: String, points: [Vector3], isClosed: Bool) {
    precondition(points.count >= 2, "a line has two points")
    self.name = name
    self.kind = kind
    self.points = points
    self.isClosed = isClosed
  }
}
