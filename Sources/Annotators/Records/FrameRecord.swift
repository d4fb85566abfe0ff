// What is known of one frame, as values. Every format is made from records alone.
//
// A record is one line of canonical JSON in `chunks/`; `FrameRecord+JSON.swift` is its form. Raising `version` is for
// changes that an older reader would misunderstand.
//
// Every labelled instance of the frame is listed, in drawing order. One that no pixel's centre sees (hidden, out of
// frame, too small) is listed with 0 visible pixels, no box and an empty mask: a dataset can tell "not visible" from
// "not there". Unlabelled instances (id 0) are not listed.

import Geometry
import Imaging
import Stage

/// One frame of a dataset.
public struct FrameRecord: Equatable, Sendable {
  /// 2: `materials` numbers materials rather than the objects' slots.
  public static let version = 2

  /// What the frame was made from: the digest of scene, seed, versions and planes. Frames of one dataset share it.
  public var source: Digest
  /// The frame's number, from 0; also its image id.
  public var frame: Int
  /// Where in time it lies; nil, and no member in the file, where the scene has no time.
  public var sequence: SequencePlace?
  /// In pixels.
  public var width: Int
  public var height: Int
  /// K in raster units (a centred principal point is W/2, H/2), R and t world to camera, OpenCV axes.
  public var camera: Camera
  /// Linear RGB.
  public var background: Vector3
  public var sun: Sun?
  public var ambient: HemisphericLight
  /// In stops.
  public var exposure: Double
  /// Metres a unit of the depth plane.
  public var depthScale: Double
  /// The image and its label planes.
  public var planes: [PlaneRecord]
  public var instances: [InstanceRecord]
  /// Segments of the panoptic plane, numbers of the material plane, labels of the image as a whole: nil where not asked for.
  public var segments: [SegmentRecord]?
  public var materials: [MaterialRecord]?
  public var image: ImageRecord?
  /// Lines that the scene declares, the horizon and vanishing points: members of their own where asked for.
  public var lines = LineValues()

  public init(
    source: Digest, frame: Int, width: Int, height: Int, camera: Camera, background: Vector3, sun: Sun?,
    ambient: HemisphericLight, exposure: Double, depthScale: Double, planes: [PlaneRecord],
    instances: [InstanceRecord]
  ) {
    self.source = source
    self.frame = frame
    self.width = width
    self.height = height
    self.camera = camera
    self.background = background
    self.sun = sun
    self.ambient = ambient
    self.exposure = exposure
    self.depthScale = depthScale
    self.planes = planes
    self.instances = instances
  }

  /// What the frame itself says; without instances.
  public init(_ frame: Frame, number: Int, source: Digest, depthScale: Double, planes: [PlaneRecord]) {
    self.init(
      source: source, frame: number, width: frame.width, height: frame.height, camera: frame.camera,
      background: frame.background, sun: frame.sun, ambient: frame.ambient, exposure: frame.exposure,
      depthScale: depthScale, planes: planes, instances: [])
  }

  /// The plane called `name`.
  public func plane(_ name: String) -> PlaneRecord? { planes.first { $0.name == name } }
}

/// One file of a frame.
public struct PlaneRecord: Equatable, Sendable {
  /// "rgb", "instance", "semantic", "depth".
  public var name: String
  /// Relative to the dataset's folder, with forward slashes.
  public var file: String
  /// Size of the file. It may differ between encoders for the same pixels; the digest does not.
  public var bytes: Int
  /// Of the decoded samples: row by row, channels interleaved, 16-bit samples little-endian.
  public var digest: Digest

  public init(name: String, file: String, bytes: Int, digest: Digest) {
    self.name = name
    self.file = file
    self.bytes = bytes
    self.digest = digest
  }
}

/// One labelled object of a frame.
public struct InstanceRecord: Equatable, Sendable {
  /// From 1, unique in the frame; the value of its pixels in the instance plane.
  public var id: UInt32
  /// From 1; the value of its pixels in the semantic plane.
  public var category: Int
  public var name: String
  /// Number of pixels whose centre sees it.
  public var visiblePixels: Int
  /// Bounds of those pixels; nil where there are none.
  public var box: PixelBox?
  /// Those pixels, in the frame's size.
  public var mask: CompressedMask
  /// The mesh's frame to the world, metres.
  public var objectToWorld: AffineTransform
  /// Of its mesh, all of them.
  public var triangles: Int
  /// What annotators beyond the core have added.
  public var values = InstanceValues()

  public init(
    id: UInt32, category: Int, name: String, visiblePixels: Int, box: PixelBox?, mask: CompressedMask,
    objectToWorld: AffineTransform, triangles: Int
  ) {
    self.id = id
    self.category = category
    self.name = name
    self.visiblePixels = visiblePixels
    self.box = box
    self.mask = mask
    self.objectToWorld = objectToWorld
    self.triangles = triangles
  }

  public init(_ instance: Instance, _ region: VisibleRegion) {
    self.init(
      id: instance.id, category: instance.category, name: instance.name, visiblePixels: region.pixels,
      box: region.box, mask: region.mask.compressed, objectToWorld: instance.objectToWorld,
      triangles: instance.mesh.triangleCount)
  }
}
