// `yolo-pose`: boxes with keypoints, `class xc yc w h x1 y1 v1 x2 y2 v2 ...`. See `YOLOFolder`.
//
// One file has one list of keypoints: all classes that have any must agree in their names and in what they become in a flipped
// picture (`kpt_shape`, `flip_idx` and `kpt_names` in data.yaml). Classes without get points of visibility 0. v is 0 where the
// point is not in the picture (x and y are then 0), 1 where it is hidden, 2 where it is seen; x and y are shares of the
// picture's sides in the units of boxes: the first pixel's centre is at half a pixel.

import Annotators

final class YOLOPose: FormatWriter {
  static let manual = FormatManual(
    name: "yolo-pose", summary: "Ultralytics YOLO pose: a text file of boxes and keypoints a picture.",
    carries: [.boxes: .carried, .keypoints: .lossy("the picture's alone, one list of names for all classes")],
    needs: [FormatNeed("keypoints", purpose: "the points of each object")])

  private let folder: YOLOFolder
  private let count: Int

  init(_ export: FormatExport) throws(FormatError) {
    let posed = export.classes.list.filter { !$0.keypoints.isEmpty }
    guard let first = posed.first else {
      throw .refused("yolo-pose: found no class with keypoints, expected one or more")
    }
    for c in posed where c.keypoints != first.keypoints || c.flip != first.flip {
      throw .refused(
        "yolo-pose: found other keypoints in \"\(c.name)\" than in \"\(first.name)\", expected one list for all classes; "
          + "--classes drops some")
    }
    count = first.keypoints.count
    var extra = "kpt_shape: [\(count), 3]\nflip_idx: [\(first.flip.map(String.init).joined(separator: ", "))]\n"
    extra += "kpt_names:\n"
    for c in export.classes.list {
      extra += "  \(c.id - 1): [\(first.keypoints.map(quoted).joined(separator: ", "))]\n"
    }
    folder = try YOLOFolder(export, extra: extra)
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    var rows: [(category: Int, values: [UInt8])] = []
    for i in frame.instances where !i.isIgnored {
      guard let box = i.record.box else { continue }
      var values: [UInt8] = []
      values.appendBox(box, in: record)
      let points = i.record.values.keypoints ?? []
      for k in 0..<count {
        if k < points.count, points[k].visibility != .absent, let p = points[k].image {
          values.appendShare(min(max(p.x / Double(record.width), 0), 1))
          values.appendShare(min(max(p.y / Double(record.height), 0), 1))
          values += " \(points[k].visibility.rawValue)".utf8
        } else {
          values += " 0 0 0".utf8
        }
      }
      rows.append((i.category, values))
    }
    try folder.add(frame, rows)
  }

  func finish() throws(FormatError) {}
}
