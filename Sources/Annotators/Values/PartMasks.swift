// `part_masks`: for each listed object the visible pixels of those of its parts that its category declares (see `part`), in
// order of part class:
//
//     "parts": [{"part": 1, "pixels": 90, "box": [x, y, w, h], "rle": "..."}]

import Documents
import Imaging
import Rasterization

struct PartMasks: Annotator {
  static let manual = Manual(
    name: "part_masks", summary: "Visible pixels of each object's parts, with boxes and run lengths.",
    sample: "annotations: [part, part_masks]",
    limits: "Of parts that categories declare; those not seen are not listed.")
  static let fields: [Field<PartMasks>] = []

  var hasValues: Bool { true }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let classes = PartClasses(frame)
    let g = frame.rendered.gbuffer
    // Every (instance, part) that is seen is a number of a plane like that of instances.
    var number: [SIMD2<Int>: UInt32] = [:]
    var pairs: [SIMD2<Int>] = []
    var plane = g.instanceIndex
    var last = (pair: SIMD2(-1, 0), number: GBuffer.nothing)
    for k in plane.values.indices where plane.values[k] != GBuffer.nothing {
      let instance = Int(plane.values[k])
      let pair = SIMD2(instance, classes.part(instance, Int(g.triangle.values[k])))
      if pair != last.pair {
        last.pair = pair
        if pair.y == 0 {
          last.number = GBuffer.nothing
        } else if let known = number[pair] {
          last.number = known
        } else {
          last.number = UInt32(pairs.count)
          number[pair] = last.number
          pairs.append(pair)
        }
      }
      plane.values[k] = last.number
    }
    let regions = try VisibleRegionScanner().regions(of: plane, instanceCount: pairs.count)
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      var parts: [PartRecord] = []
      for (i, pair) in pairs.enumerated() where pair.x == k {
        guard let box = regions[i].box else { continue }
        parts.append(
          PartRecord(part: pair.y, pixels: regions[i].pixels, box: box, mask: regions[i].mask.compressed))
      }
      instance.values.parts = parts.sorted { $0.part < $1.part }
    }
  }
}
