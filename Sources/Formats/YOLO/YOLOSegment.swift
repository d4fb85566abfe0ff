// `yolo-seg`: one polygon an instance, `class x1 y1 x2 y2 ...`, along the edges of the visible pixels. See `YOLOFolder`.
//
// The format has neither holes nor parts. `bridged` joins them by bridges without width: whoever fills the polygon at pixels'
// centres gets the mask back, and whoever draws its border too (OpenCV's fillPoly, in Ultralytics) marks the bridges' pixels
// as well. `largest` writes the largest outline alone, and reports the IoU. The reader's box is that of the polygon: with
// `bridged` the mask's own.

import Annotators

final class YOLOSegment: FormatWriter {
  static let manual = FormatManual(
    name: "yolo-seg", summary: "Ultralytics YOLO segmentation: a text file of polygons a picture.",
    carries: [
      .boxes: .carried, .masks: .lossy("parts and holes become one polygon"),
    ], polygons: [.bridged, .largest])

  private let folder: YOLOFolder
  private let export: FormatExport

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    folder = try YOLOFolder(export)
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    var rows: [(category: Int, values: [UInt8])] = []
    for i in frame.instances where !i.isIgnored && i.record.box != nil {
      let outlines = try frame.outlines(of: i)
      var corners = outlines.rings.first?.corners ?? []
      if outlines.rings.count > 1 {
        if export.polygons == .largest, let largest = outlines.largest {
          corners = largest.ring.corners
          export.lose(.masks, "the largest outline alone, its holes filled", iou: largest.iou)
        } else {
          corners = outlines.bridged
          export.lose(.masks, "parts and holes joined by bridges without width")
        }
      }
      var values: [UInt8] = []
      values.reserveCapacity(corners.count * 22)
      for c in corners {
        values.appendShare(Int(c.x), of: frame.record.width)
        values.appendShare(Int(c.y), of: frame.record.height)
      }
      rows.append((i.category, values))
    }
    try folder.add(frame, rows)
  }

  func finish() throws(FormatError) {}
}
