// The dataset on disk.
//
//     dataset.json                   what it was made from, categories, conventions, counts
//     images/000000.png              RGB
//     labels/instance/000000.png     16-bit ids; semantic/ and depth/ likewise
//     chunks/000000.jsonl            one frame's record a line
//     annotations/coco.json          derived; can be made again from chunks/ at any time
//     .part-BOOT-RANDOM/             a running process's unfinished files
//
// Numbers have six digits, or more where they need more.

import Annotators
import ImageCoding

/// A file that every frame has.
struct PlaneKind: Sendable {
  /// Its name in records.
  let name: String
  let folder: String
  let content: PNGEncoder.Content

  static let all = [
    PlaneKind(name: "rgb", folder: "images", content: .picture),
    PlaneKind(name: "instance", folder: "labels/instance", content: .ids),
    PlaneKind(name: "semantic", folder: "labels/semantic", content: .ids),
    PlaneKind(name: "depth", folder: "labels/depth", content: .smooth),
  ]

  /// Relative to the dataset's folder.
  func file(frame: Int) -> String { "\(folder)/\(sixDigits(frame)).png" }
}

enum DatasetLayout {
  static let header = "dataset.json"
  static let chunks = "chunks"
  static let partPrefix = ".part-"

  static func chunkFile(_ chunk: Int) -> String { "\(chunks)/\(sixDigits(chunk)).jsonl" }

  /// The number in a chunk file's name; nil for other files.
  static func chunkNumber(_ name: String) -> Int? {
    guard name.hasSuffix(".jsonl"), let n = Int(name.dropLast(6)), n >= 0, sixDigits(n) + ".jsonl" == name else {
      return nil
    }
    return n
  }
}

func sixDigits(_ n: Int) -> String {
  let s = String(n)
  return String(repeating: "0", count: max(0, 6 - s.utf8.count)) + s
}
