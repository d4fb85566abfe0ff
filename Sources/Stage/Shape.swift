import Documents

/// A parametric mesh. A shape is one file in `Shapes/`, one line in `shapeRegistry` and one test that calls
/// `checkShape`.
public protocol Shape: DocumentPart, Hashable {
  /// The mesh, centred as the shape's manual says. Only arithmetic of `StableMath`: the same bits everywhere.
  func makeMesh() -> Mesh
}
