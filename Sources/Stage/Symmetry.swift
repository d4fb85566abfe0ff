import Geometry

/// A turn that leaves an object looking as it was: about an axis of its own frame, by any angle, or by whole parts of a
/// turn. A pose estimator must not be blamed for one of them.
public struct Symmetry: Hashable, Sendable {
  /// Of unit length, in the object's frame.
  public var axis: Vector3
  /// A point of the axis, in the object's frame, metres.
  public var offset: Vector3
  /// The turn by 360 degrees / `fold` leaves it alike, from 2 on; nil where every angle does.
  public var fold: Int?

  public init(axis: Vector3, offset: Vector3 = Vector3(), fold: Int? = nil) {
    self.axis = axis
    self.offset = offset
    self.fold = fold
  }
}
