// `yolo`: boxes of the visible pixels, `class xc yc w h`. See `YOLOFolder`.

import Annotators

final class YOLODetect: FormatWriter {
  static let manual = FormatManual(
    name: "yolo", summary: "Ultralytics YOLO detection: a text file of boxes a picture.", carries: [.boxes: .carried])

  private let folder: YOLOFolder

  init(_ export: FormatExport) throws(FormatError) { folder = try YOLOFolder(export) }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    var rows: [(category: Int, values: [UInt8])] = []
    for i in frame.instances where !i.isIgnored {
      guard let box = i.record.box else { continue }
      var values: [UInt8] = []
      values.appendBox(box, in: frame.record)
      rows.append((i.category, values))
    }
    try folder.add(frame, rows)
  }

  func finish() throws(FormatError) {}
}
