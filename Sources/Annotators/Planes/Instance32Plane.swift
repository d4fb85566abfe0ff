// `instance32`: the instance plane as 8-bit RGB, id = R + 256 G + 65536 B: for frames of more than 65,535 labelled objects.
// With it and without `instance` a frame may have up to 2^24 - 1.

import Documents
import Imaging
import Stage

struct Instance32Plane: Annotator {
  static let manual = Manual(
    name: "instance32", summary: "Ids of objects as RGB, id = R + 256 G + 65536 B, for more than 65,535 of them.",
    sample: "annotations: [instance32]", limits: "Ids end at 2^24 - 1.")
  static let fields: [Field<Instance32Plane>] = []

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("instance32", .png, channels: ["R", "G", "B"], bits: 8, unit: "instance id", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    let ids = frame.frame.instances.map(\.id)
    let most = ids.max() ?? 0
    guard most < 1 << 24 else { throw .tooMany(plane: "instance32", count: Int(most), most: 1 << 24 - 1) }
    return .raster(frame.perInstance(ids, nothing: 0).idsAsRGB)
  }
}

extension Plane where Element == UInt32 {
  /// Ids below 2^24 as RGB, least first.
  var idsAsRGB: RasterImage {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * values.count)
    for id in values {
      bytes.append(UInt8(truncatingIfNeeded: id))
      bytes.append(UInt8(truncatingIfNeeded: id >> 8))
      bytes.append(UInt8(truncatingIfNeeded: id >> 16))
    }
    return RasterImage(width: width, height: height, channels: 3, samples: .eight(bytes))
  }
}
