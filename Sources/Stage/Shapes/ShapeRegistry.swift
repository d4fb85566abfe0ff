import Documents

/// Every shape that a scene can name: one line each.
public let shapeRegistry = PartRegistry<any Shape>(
  kind: "shape",
  [
    .init(Box.self) { $0 },
    .init(RoundedBox.self) { $0 },
    .init(Sphere.self) { $0 },
    .init(Ellipsoid.self) { $0 },
    .init(Cylinder.self) { $0 },
    .init(Cone.self) { $0 },
    .init(Capsule.self) { $0 },
    .init(Torus.self) { $0 },
    .init(Disc.self) { $0 },
    .init(PlaneShape.self) { $0 },
    .init(TextShape.self) { $0 },
    .init(Superquadric.self) { $0 },
    .init(Lathe.self) { $0 },
    .init(Extrusion.self) { $0 },
    .init(Tube.self) { $0 },
    .init(HeightField.self) { $0 },
    .init(Blob.self) { $0 },
    .init(Branch.self) { $0 },
    .init(Screw.self) { $0 },
    .init(Nut.self) { $0 },
    .init(Bracket.self) { $0 },
    .init(Gear.self) { $0 },
  ])

/// Limits that shapes share.
enum ShapeBound {
  /// Lengths in metres: from a micrometre to a thousand kilometres, where single precision holds any shape.
  static let length = Bound.closed(1e-6, 1e6)
  /// Steps around a circle. With 1024 the chord is within 5e-6 of a radius of the arc, and the largest mesh that two
  /// such parameters can ask for has two million triangles.
  static let segments = Bound.closed(3, 1024)
  /// Steps from pole to pole.
  static let rings = Bound.closed(2, 1024)
}
