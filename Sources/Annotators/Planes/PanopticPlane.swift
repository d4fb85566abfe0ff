// `panoptic`: stuff and things in one plane, 8-bit RGB, id = R + 256 G + 65536 B, 0 where nothing is labelled. A thing's
// segment has its instance id; all objects of a category that the scene declares `stuff: true` are one segment, whose id is
// 2^23 + the category's. The record lists the segments that are seen, in order of id:
//
//     "segments": [{"id": 3, "category": 1, "stuff": false, "pixels": 812, "box": [x, y, w, h]}, ...]

import Documents
import Imaging
import Rasterization
import Stage

struct PanopticPlane: Annotator {
  static let manual = Manual(
    name: "panoptic",
    summary:
      "Things by instance and stuff by category in one plane, id = R + 256 G + 65536 B, with a list of segments.",
    sample: "annotations: [panoptic]", limits: "Things' ids end at 2^23 - 1.")
  static let fields: [Field<PanopticPlane>] = []

  var hasValues: Bool { true }

  /// Added to a stuff category's id.
  static let stuff: UInt32 = 1 << 23

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("panoptic", .png, channels: ["R", "G", "B"], bits: 8, unit: "segment id", isSmooth: false)
  }

  /// The segment of each instance; 0 for what carries no label.
  private func segments(_ frame: FrameAnnotation) throws(LabelError) -> [UInt32] {
    let stuff = Set(frame.dataset.categories.filter(\.isStuff).map(\.id))
    var ids: [UInt32] = []
    for instance in frame.frame.instances {
      if instance.id != 0, stuff.contains(instance.category) {
        ids.append(PanopticPlane.stuff + UInt32(instance.category))
      } else {
        guard instance.id < PanopticPlane.stuff else {
          throw .tooMany(plane: "panoptic", count: Int(instance.id), most: Int(PanopticPlane.stuff) - 1)
        }
        ids.append(instance.id)
      }
    }
    return ids
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    .raster(frame.perInstance(try segments(frame), nothing: 0).idsAsRGB)
  }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    var found: [UInt32: SegmentRecord] = [:]
    for (k, id) in try segments(frame).enumerated() where id != 0 {
      guard let box = frame.regions[k].box else { continue }
      let category = frame.frame.instances[k].category
      var segment =
        found[id]
        ?? SegmentRecord(id: id, category: category, isStuff: id >= PanopticPlane.stuff, pixels: 0, box: box)
      segment.pixels += frame.regions[k].pixels
      segment.box = segment.box.union(box)
      found[id] = segment
    }
    record.segments = found.values.sorted { $0.id < $1.id }
  }
}

extension PixelBox {
  /// The least box around both.
  package func union(_ b: PixelBox) -> PixelBox {
    let (x, y) = (min(self.x, b.x), min(self.y, b.y))
    return PixelBox(
      x: x, y: y, width: max(self.x + width, b.x + b.width) - x, height: max(self.y + height, b.y + b.height) - y)
  }
}
