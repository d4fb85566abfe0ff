// `cvat`: CVAT for images 1.1.
//
//     SPLIT.xml            a task: its labels, then an <image> a frame
//     images/000012.png    all pictures
//
// An instance is a <box> of its visible pixels and, with the same `group_id` (its id), its mask: with `bridged` one <polygon> along
// pixel edges, parts and holes joined by bridges without width; with `largest` the largest outline alone, the IoU reported; with
// `rle` a <mask> of run lengths, exact, which readers older than CVAT 2.3 do not know. `--annotations boxes` or `masks` writes one of
// the two alone. Coordinates are continuous: a pixel's edges are whole numbers. An image's id counts from 0 in its split; z_order is
// 0, since what is visible does not overlap. `occluded` is 1 where less than 95 % of what lies in the picture is seen (annotation
// `visibility`; without it 0, which is reported).

import Annotators
import Imaging
import Stage

final class CVATFormat: FormatWriter {
  static let manual = FormatManual(
    name: "cvat", summary: "CVAT for images 1.1: an XML of boxes and polygons a split.",
    carries: [
      .boxes: .carried, .masks: .lossy("parts and holes become one polygon, unless --polygons rle"),
      .visibility: .lossy("one bit, occluded"),
    ], polygons: [.bridged, .largest, .rle], pictures: [.png, .jpeg])

  private let export: FormatExport
  private let hasBoxes: Bool
  private let hasMasks: Bool
  private var files: [OutputFile] = []
  private var writers: [XMLWriter] = []

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    let wanted = export.options.wanted
    hasMasks = wanted?.contains(.masks) ?? true
    hasBoxes = wanted.map { $0.contains(.boxes) || !$0.contains(.masks) } ?? true
    if !export.has("visibility") {
      export.loseAll(.boxes, "occluded is 0: the dataset has no annotation visibility")
    }
    try export.makeFolder("images")
    for split in export.splits {
      var xml = XMLWriter()
      xml.declaration()
      xml.begin("annotations")
      xml.element("version", "1.1")
      xml.begin("meta")
      xml.begin("task")
      xml.element("name", export.dataset.name)
      xml.element("mode", "annotation")
      xml.element("subset", split)
      xml.begin("labels")
      for c in export.classes.list {
        xml.begin("label")
        xml.element("name", c.name)
        xml.element("color", CVATFormat.color(c.id))
        xml.begin("attributes")
        xml.end()
        xml.end()
      }
      for _ in 0..<3 { xml.end() }
      files.append(try export.stream(split + ".xml"))
      writers.append(xml)
    }
    try flush()
  }

  /// "#800000": by the palette of Pascal VOC.
  private static func color(_ id: Int) -> String {
    let (r, g, b) = VOCPalette.color(id)
    return "#"
      + [r, g, b].map { v in
        let text = String(v, radix: 16)
        return text.utf8.count == 1 ? "0" + text : text
      }.joined()
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let picture = try export.placePicture(of: frame, in: "images")
    let s = frame.split
    writers[s].begin(
      "image",
      [
        ("id", "\(frame.index)"), ("name", String(picture.dropFirst("images/".count))),
        ("width", "\(frame.record.width)"), ("height", "\(frame.record.height)"),
      ])
    for i in frame.instances where !i.isIgnored {
      guard let box = i.record.box else { continue }
      let isOccluded = i.record.values.visibility?.visibility ?? 1 < 0.95
      let head: [(StaticString, String)] = [
        ("label", export.classes.list[i.category - 1].name), ("source", "synthetic"),
        ("occluded", isOccluded ? "1" : "0"),
      ]
      let tail: [(StaticString, String)] = [("z_order", "0"), ("group_id", "\(i.record.id)")]
      if hasBoxes {
        writers[s].begin(
          "box",
          head + [
            ("xtl", "\(box.x).00"), ("ytl", "\(box.y).00"), ("xbr", "\(box.x + box.width).00"),
            ("ybr", "\(box.y + box.height).00"),
          ] + tail)
        writers[s].end()
      }
      guard hasMasks else { continue }
      if export.polygons == .rle {
        writers[s].begin("mask", head + CVATFormat.mask(try frame.mask(of: i), in: box) + tail)
      } else {
        writers[s].begin("polygon", head + [("points", CVATFormat.points(try corners(of: i, in: frame)))] + tail)
      }
      writers[s].end()
    }
    writers[s].end()
    try flush()
  }

  private func corners(of i: ExportedInstance, in frame: ExportedFrame) throws(FormatError) -> [LatticePoint] {
    let outlines = try frame.outlines(of: i)
    guard outlines.rings.count > 1 else { return outlines.rings.first?.corners ?? [] }
    if export.polygons == .largest, let largest = outlines.largest {
      export.lose(.masks, "the largest outline alone, its holes filled", iou: largest.iou)
      return largest.ring.corners
    }
    export.lose(.masks, "parts and holes joined by bridges without width")
    return outlines.bridged
  }

  private static func points(_ corners: [LatticePoint]) -> String {
    corners.map { "\($0.x).00,\($0.y).00" }.joined(separator: ";")
  }

  /// CVAT's run lengths: row by row within the box, beginning with pixels outside the mask.
  private static func mask(_ mask: RunLengthMask, in box: PixelBox) -> [(StaticString, String)] {
    let plane = mask.plane
    var runs: [Int] = [0]
    var inside = false
    for y in box.y..<box.y + box.height {
      for x in box.x..<box.x + box.width {
        if (plane[x, y] == 1) != inside {
          inside.toggle()
          runs.append(0)
        }
        runs[runs.count - 1] += 1
      }
    }
    return [
      ("rle", runs.map { "\($0)" }.joined(separator: ", ")), ("left", "\(box.x)"), ("top", "\(box.y)"),
      ("width", "\(box.width)"), ("height", "\(box.height)"),
    ]
  }

  /// Hands what was written to the files.
  private func flush() throws(FormatError) {
    try FormatError.files { () throws(FileError) in
      for s in writers.indices where !writers[s].text.isEmpty {
        try files[s].write(writers[s].text)
        writers[s].removeAll()
      }
    }
  }

  func finish() throws(FormatError) {
    for s in writers.indices { writers[s].end() }
    try flush()
    try FormatError.files { () throws(FileError) in for f in files { try f.commit(sync: false) } }
  }
}
