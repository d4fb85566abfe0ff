// `yolo-obb`: the rectangle of least area around the visible pixels, `class x1 y1 x2 y2 x3 y3 x4 y4`, its corners clockwise as
// seen from the one that is its upper left when it is turned back. See `YOLOFolder`.
//
// A rectangle may reach beyond the picture, and readers drop a whole picture for a value above 1.01: such corners are moved to
// the border, which is counted as a loss. The record's `oriented_box` is taken where it is there, else found in the mask.

import Annotators
import Geometry

final class YOLOOriented: FormatWriter {
  static let manual = FormatManual(
    name: "yolo-obb", summary: "Ultralytics YOLO oriented boxes: a text file of four corners an instance.",
    carries: [
      .orientedBoxes: .lossy("corners beyond the picture are moved to its border")
    ])

  private let folder: YOLOFolder
  private let export: FormatExport

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    folder = try YOLOFolder(export)
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    let (width, height) = (Double(record.width), Double(record.height))
    var rows: [(category: Int, values: [UInt8])] = []
    for i in frame.instances where !i.isIgnored && i.record.box != nil {
      let box: OrientedBox2D
      if let known = i.record.values.orientedBox ?? nil {
        box = known
      } else {
        guard let found = OrientedBox2D(around: try frame.mask(of: i)) else { continue }
        box = found
      }
      var values: [UInt8] = []
      var isCut = false
      for corner in box.corners {
        let inside = Vector2(min(max(corner.x, 0), width), min(max(corner.y, 0), height))
        // Rounding alone is no cut.
        if abs(inside.x - corner.x) > 1e-6 || abs(inside.y - corner.y) > 1e-6 { isCut = true }
        values.appendShare(inside.x / width)
        values.appendShare(inside.y / height)
      }
      if isCut { export.lose(.orientedBoxes, "corners beyond the picture were moved to its border") }
      rows.append((i.category, values))
    }
    try folder.add(frame, rows)
  }

  func finish() throws(FormatError) {}
}

extension OrientedBox2D {
  /// Clockwise as seen, from the end of both sides that point away from the direction and its right.
  var corners: [Vector2] {
    let (c, s) = (StableMath.cos(angle), StableMath.sin(angle))
    let along = Vector2(c, s) * (size.x / 2)
    let across = Vector2(-s, c) * (size.y / 2)
    return [center - along - across, center + along - across, center + along + across, center - along + across]
  }
}
