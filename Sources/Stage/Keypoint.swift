import Geometry

/// A named frame in a model file, such as a joint.
public struct SceneNode: Hashable, Sendable {
  public var name: String
  /// The node's own axes (those of its file) to the mesh's frame.
  public var toModel: AffineTransform

  public init(name: String, toModel: AffineTransform) {
    self.name = name
    self.toModel = toModel
  }
}

/// A named point of an object.
public struct Keypoint: Hashable, Sendable {
  /// One of its category's `keypoints`.
  public var name: String
  /// In the frame of the object's mesh, metres.
  public var position: Vector3

  public init(_ name: String, _ position: Vector3) {
    self.name = name
    self.position = position
  }
}
