// What a record holds of lines in the picture as a whole. Nil, and no member in the file, where not asked for.

import Geometry

public struct LineValues: Equatable, Sendable {
  /// Those of the frame, in its order, also where nothing of them lies in the image.
  public var polylines: [PolylineRecord]?
  public var horizon: HorizonRecord?
  public var vanishingPoints: [VanishingPoint]?

  public init() {}
}

/// A line that the scene declares, as far as the image shows its place.
public struct PolylineRecord: Equatable, Sendable {
  public var name: String
  /// The scene's `class`; empty where it says none.
  public var kind: String
  /// In the line's direction.
  public var pieces: [Piece]

  /// A stretch inside the image that is seen or hidden as a whole.
  public struct Piece: Equatable, Sendable {
    public var isVisible: Bool
    /// Raster units; at least two.
    public var image: [Vector2]
    /// The same points in camera axes, metres.
    public var camera: [Vector3]

    public init(isVisible: Bool, image: [Vector2], camera: [Vector3]) {
      self.isVisible = isVisible
      self.image = image
      self.camera = camera
    }
  }

  public init(name: String, kind: String, pieces: [Piece]) {
    self.name = name
    self.kind = kind
    self.pieces = pieces
  }
}

/// Where the points at infinity of level ground are seen.
public struct HorizonRecord: Equatable, Sendable {
  /// (a, b, c) of a u + b v + c = 0 with a a + b b = 1 and positive above the horizon, also where it runs outside of the
  /// image; nil under lenses that bend it, and where the camera looks straight up or down.
  public var line: Vector3?
  /// As far as it lies inside the image; raster units.
  public var pieces: [[Vector2]]

  public init(line: Vector3?, pieces: [[Vector2]]) {
    self.line = line
    self.pieces = pieces
  }
}

/// Where parallel lines of a direction meet in the picture.
public struct VanishingPoint: Equatable, Sendable {
  public var name: String
  /// In the world, of unit length.
  public var direction: Vector3
  /// Where they lead to, and where they come from: raster units, also outside the image; nil where the camera cannot see
  /// that way.
  public var image: Vector2?
  public var opposite: Vector2?

  public init(name: String, direction: Vector3, image: Vector2?, opposite: Vector2?) {
    self.name = name
    self.direction = direction
    self.image = image
    self.opposite = opposite
  }
}
