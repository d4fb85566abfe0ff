// What a record holds beside its core, as far as the dataset's annotations ask for it. Nil, and no member in the file,
// where they do not.

import Geometry
import Stage

/// What annotators add to an instance.
public struct InstanceValues: Equatable, Sendable {
  /// Bounds of the pixels that it would own alone, inside the image; `.some(nil)` where there are none.
  public var amodalBox: PixelBox??
  /// The same on an image plane without end; `.some(nil)` where there are none or they have no end.
  public var fullBox: PixelBox??
  public var amodalMask: CompressedMask?
  public var visibility: VisibilityRecord?
  /// Whose pixels hide it, in order of id; id 0 stands for all that carries no label.
  public var occluders: [OccluderRecord]?
  /// Of the visible pixels; `.some(nil)` where there are none.
  public var orientedBox: OrientedBox2D??
  public var parts: [PartRecord]?
  public var box3D: Box3D?
  public var pose: PoseRecord?
  public var attributes: [NamedValue]?
  public var tracks: [TrackPoint]?

  public init() {}
}

/// Counts of pixels, and what follows from them.
public struct VisibilityRecord: Equatable, Sendable {
  /// Inside the image, with everything else taken away.
  public var amodalPixels: Int
  /// The same on an image plane without end; nil where it has no end or is not counted.
  public var unboundedPixels: Int?
  /// Visible over amodal pixels; nil where there are none.
  public var visibility: Double?
  /// 1 - amodal over unbounded pixels; 1 where those have no end; nil where there are none or they are not counted.
  public var truncation: Double?

  public init(amodalPixels: Int, unboundedPixels: Int?, visibility: Double?, truncation: Double?) {
    self.amodalPixels = amodalPixels
    self.unboundedPixels = unboundedPixels
    self.visibility = visibility
    self.truncation = truncation
  }
}

public struct OccluderRecord: Equatable, Sendable {
  public var id: UInt32
  public var pixels: Int

  public init(id: UInt32, pixels: Int) {
    self.id = id
    self.pixels = pixels
  }
}

/// A point of an instance's surface that is followed over a sequence.
public struct TrackPoint: Equatable, Sendable {
  /// In the picture, raster units, also outside of it; nil where the camera cannot project it.
  public var place: Vector2?
  /// Metres.
  public var world: Vector3
  /// Whether the pixel that it falls into shows the instance there.
  public var isVisible: Bool

  public init(place: Vector2?, world: Vector3, isVisible: Bool) {
    self.place = place
    self.world = world
    self.isVisible = isVisible
  }
}

/// A rectangle of any direction in the picture.
public struct OrientedBox2D: Equatable, Sendable {
  /// In raster units.
  public var center: Vector2
  /// Along and across the direction, pixels.
  public var size: Vector2
  /// From +x towards +y (clockwise as seen), radians, 0 to below pi / 2.
  public var angle: Double

  public init(center: Vector2, size: Vector2, angle: Double) {
    self.center = center
    self.size = size
    self.angle = angle
  }
}

/// The visible pixels of one part of an instance.
public struct PartRecord: Equatable, Sendable {
  /// Part class, from 1.
  public var part: Int
  public var pixels: Int
  public var box: PixelBox
  public var mask: CompressedMask

  public init(part: Int, pixels: Int, box: PixelBox, mask: CompressedMask) {
    self.part = part
    self.pixels = pixels
    self.box = box
    self.mask = mask
  }
}

/// A box in space: nine degrees of freedom.
public struct Box3D: Equatable, Sendable {
  /// In the world, metres.
  public var center: Vector3
  /// Along the box's own axes, metres.
  public var size: Vector3
  /// The box's axes to the world's; determinant +1.
  public var rotation: Matrix3
  /// Where the corners lie in the picture, raster units; nil for those that the camera cannot project: behind it, nearer
  /// than the near plane or outside of what the lens shows. Corner k has the upper end of x, y, z where bit 0, 1, 2 of k is
  /// set.
  public var corners: [Vector2?]

  public init(center: Vector3, size: Vector3, rotation: Matrix3, corners: [Vector2?]) {
    self.center = center
    self.size = size
    self.rotation = rotation
    self.corners = corners
  }
}

/// From the object's frame to the camera's: `camera = R * (scale * object) + t`.
public struct PoseRecord: Equatable, Sendable {
  /// Determinant +1.
  public var rotation: Matrix3
  /// Metres.
  public var translation: Vector3
  /// Along the object's axes; that of x is negative where the object is mirrored.
  public var scale: Vector3
  public var symmetries: [Symmetry]

  public init(rotation: Matrix3, translation: Vector3, scale: Vector3, symmetries: [Symmetry]) {
    self.rotation = rotation
    self.translation = translation
    self.scale = scale
    self.symmetries = symmetries
  }
}
