// `occluders`: who hides whom. For each listed object the owners of those of its amodal pixels that it does not own, with
// their numbers, in order of id: "occluded_by": [[3, 120], [7, 4]]. Id 0 stands for all that carries no label. What is
// nearest hides; where two surfaces coincide, the one drawn first. An object is not said to hide itself.

import Documents
import Imaging
import Rasterization
import Stage

struct OccluderAnnotator: Annotator {
  static let manual = Manual(
    name: "occluders", summary: "For each object the ids of those that hide it, with the number of pixels.",
    sample: "annotations: [occluders]", limits: "Only what is nearest counts, not all that lies between.")
  static let fields: [Field<OccluderAnnotator>] = []

  var hasValues: Bool { true }
  var needs: RenderNeeds { .amodal }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let index = frame.rendered.gbuffer.instanceIndex
    // Pixels of each instance of the frame before the one at hand, and those that have any.
    var counts = [Int](repeating: 0, count: frame.frame.instances.count)
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      let mask = try frame.amodal(k).mask
      var touched: [Int] = []
      if try frame.amodal(k).pixels > instance.visiblePixels {
        for row in 0..<mask.rows {
          for w in 0..<mask.stride {
            var bits = mask.words[row * mask.stride + w]
            let first = (mask.y + row) * index.width + mask.x + 64 * w
            while bits != 0 {
              let owner = index.values[first + bits.trailingZeroBitCount]
              bits &= bits &- 1
              // What it does not own someone else does.
              if owner == UInt32(k) || owner == GBuffer.nothing { continue }
              if counts[Int(owner)] == 0 { touched.append(Int(owner)) }
              counts[Int(owner)] += 1
            }
          }
        }
      }
      var byID: [UInt32: Int] = [:]
      for t in touched {
        byID[frame.frame.instances[t].id, default: 0] += counts[t]
        counts[t] = 0
      }
      instance.values.occluders = byID.map { OccluderRecord(id: $0.key, pixels: $0.value) }.sorted { $0.id < $1.id }
    }
  }
}
