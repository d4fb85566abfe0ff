// What the YOLO formats share (Ultralytics): pictures, a label file each, and data.yaml.
//
//     images/SPLIT/000012.png
//     labels/SPLIT/000012.txt   a row an instance; empty where there is none
//     data.yaml                 train, val, test and names
//
// Readers find labels by putting `/labels/` for the last `/images/`. data.yaml has no `path`: a relative one is resolved
// against the reader's own settings, and without it splits count from the file itself. Readers demand `train` and `val`: where
// no split is called train, the first is; where none is called val, the first other one is, but never `test`, else train again.
//
// Classes count from 0: an exported class's id - 1. Values are shares of the picture's sides with eight decimals, rounded half
// up: less than a thousandth of a pixel in any picture. Readers drop rows that are there twice, so those are counted as lost.

import Annotators
import Documents
import Geometry
import Imaging
import Stage

final class YOLOFolder {
  private let export: FormatExport
  private let splits: [String]

  /// - Parameter extra: lines of data.yaml beyond the usual ones.
  init(_ export: FormatExport, extra: String = "") throws(FormatError) {
    self.export = export
    splits = export.splits
    for split in splits {
      try export.makeFolder("images/" + split)
      try export.makeFolder("labels/" + split)
    }
    let train = splits.contains("train") ? "train" : splits[0]
    let val = splits.contains("val") ? "val" : splits.first { $0 != train && $0 != "test" } ?? train
    var yaml = "train: images/\(train)\nval: images/\(val)\n"
    for split in splits where split != train && split != val { yaml += "\(split): images/\(split)\n" }
    yaml += "names:\n"
    for c in export.classes.list { yaml += "  \(c.id - 1): \(quoted(c.name))\n" }
    try export.write(Array((yaml + extra).utf8), to: "data.yaml")
  }

  /// Adds a frame with its rows, each without class and newline.
  func add(_ frame: ExportedFrame, _ rows: [(category: Int, values: [UInt8])]) throws(FormatError) {
    let split = splits[frame.split]
    _ = try export.placePicture(of: frame, in: "images/" + split)
    var text: [UInt8] = []
    var seen: Set<[UInt8]> = []
    for row in rows {
      let line = Array("\(row.category - 1)".utf8) + row.values
      guard seen.insert(line).inserted else {
        export.lose(.boxes, "rows that are there twice are dropped by readers")
        continue
      }
      text += line
      text.append(UInt8(ascii: "\n"))
    }
    try export.write(text, to: "labels/\(split)/\(frame.number).txt")
  }
}

/// A text between double quotes, as YAML and JSON have it.
func quoted(_ text: String) -> String {
  var w = JSONWriter()
  w.string(text)
  return String(decoding: w.bytes, as: UTF8.self)
}

extension [UInt8] {
  /// Appends a space and `numerator / denominator` with eight decimals. Both are 0 or more.
  mutating func appendShare(_ numerator: Int, of denominator: Int) {
    appendShare(scaled: (2 * numerator * 100_000_000 + denominator) / (2 * denominator))
  }

  /// The same of a number from 0 to 1.
  mutating func appendShare(_ x: Double) { appendShare(scaled: Int((x * 1e8).rounded())) }

  private mutating func appendShare(scaled n: Int) {
    append(UInt8(ascii: " "))
    append(UInt8(ascii: "0") + UInt8(n / 100_000_000))
    var rest = n % 100_000_000
    guard rest > 0 else { return }
    append(UInt8(ascii: "."))
    var unit = 10_000_000
    while rest > 0 {
      append(UInt8(ascii: "0") + UInt8(rest / unit))
      rest %= unit
      unit /= 10
    }
  }

  /// Appends centre, width and height of a box as shares of the picture.
  mutating func appendBox(_ b: PixelBox, in frame: FrameRecord) {
    appendShare(2 * b.x + b.width, of: 2 * frame.width)
    appendShare(2 * b.y + b.height, of: 2 * frame.height)
    appendShare(b.width, of: frame.width)
    appendShare(b.height, of: frame.height)
  }
}
