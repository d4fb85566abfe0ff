// `amodal_masks`: for each listed object the pixels inside the image that it would own with everything else taken away, as
// compressed run lengths in `amodal_rle`. The visible mask is a subset.

import Documents
import Rasterization
import Stage

struct AmodalMasks: Annotator {
  static let manual = Manual(
    name: "amodal_masks", summary: "Pixels of each object with everything else taken away, as compressed run lengths.",
    sample: "annotations: [amodal_masks]", limits: "Inside the image only.")
  static let fields: [Field<AmodalMasks>] = []

  var hasValues: Bool { true }
  var needs: RenderNeeds { .amodal }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    let (width, height) = (frame.frame.width, frame.frame.height)
    try frame.forEachListed(&record) { (instance, k) throws(LabelError) in
      instance.values.amodalMask = RunLengthMask(try frame.amodal(k).mask, width: width, height: height).compressed
    }
  }
}

extension RunLengthMask {
  /// The bits of a rectangle inside the image. As in `VisibleRegionScanner`: bits that differ from those above them are
  /// where runs begin or end, and counting sorts them by column.
  init(_ mask: BitMask, width: Int, height: Int) {
    guard mask.rows > 0, mask.stride > 0 else {
      self.init(width: width, height: height, counts: [UInt32(width * height)])
      return
    }
    var changes: [(column: Int, row: Int)] = []
    var starts = [Int](repeating: 0, count: 64 * mask.stride + 1)
    mask.words.withUnsafeBufferPointer { words in
      for row in 0...mask.rows {
        for w in 0..<mask.stride {
          let own = row < mask.rows ? words[row * mask.stride + w] : 0
          var differ = own ^ (row > 0 ? words[(row - 1) * mask.stride + w] : 0)
          while differ != 0 {
            let column = 64 * w + differ.trailingZeroBitCount
            differ &= differ &- 1
            changes.append((column, row))
            starts[column + 1] += 1
          }
        }
      }
    }
    for c in 0..<64 * mask.stride { starts[c + 1] += starts[c] }
    var rows = [Int](repeating: 0, count: changes.count)
    for c in changes {
      rows[starts[c.column]] = c.row
      starts[c.column] += 1
    }
    // Each start has moved to its column's end.
    var counts: [UInt32] = []
    var (end, i) = (0, 0)
    for column in 0..<64 * mask.stride {
      while i < starts[column] {
        let (top, bottom) = (rows[i], rows[i + 1])
        i += 2
        let start = (mask.x + column) * height + mask.y + top
        if start == end, !counts.isEmpty {
          counts[counts.count - 1] += UInt32(bottom - top)
        } else {
          counts.append(UInt32(start - end))
          counts.append(UInt32(bottom - top))
        }
        end = start + bottom - top
      }
    }
    if end < width * height { counts.append(UInt32(width * height - end)) }
    self.init(width: width, height: height, counts: counts)
  }
}
