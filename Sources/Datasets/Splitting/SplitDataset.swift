// Splitting a dataset into train, val, test: lists of frames and annotations of each part. Images stay where they are, so a
// set can be split in several ways, one after the other, and split again when it has grown.
//
//     splits/split.json            the rule
//     splits/train.txt             a frame's number a line
//     annotations/coco-train.json  COCO of those frames

import Annotators
import Documents
import Formats
import Stage

/// What tells frames apart that may lie in different parts.
public enum SplitKey: Sendable {
  /// The frames of a sequence together, as the scene's time has them; in datasets without time every frame for itself.
  case natural
  /// Every frame for itself.
  case frame
  /// So many consecutive frames together.
  case sequence(Int)
  /// Frames together that have the same value of what is named; the function gives it for a frame's number.
  case value(name: String, @Sendable (Int) throws(DatasetError) -> String)

  func text(_ record: FrameRecord) throws(DatasetError) -> String {
    let frame = record.frame
    return switch self {
    case .natural: record.sequence.map { "sequence \($0.sequence)" } ?? "frame \(frame)"
    case .frame: "frame \(frame)"
    case .sequence(let n): "sequence \(frame / n)"
    case .value(let name, let value): "value \(name) \(try value(frame))"
    }
  }

  var name: String {
    switch self {
    case .natural: "sequence or frame"
    case .frame: "frame"
    case .sequence(let n): "sequence of \(n)"
    case .value(let name, _): name
    }
  }
}

/// Writes the lists and annotations of every part, replacing those of an earlier split.
/// - Returns: the number of frames in each part, in their order.
public func splitDataset(
  _ dataset: Dataset, _ rule: SplitRule, by key: SplitKey, threads: Int = 1
) throws(DatasetError) -> [Int] {
  let folder = dataset.folder
  let staging = try DatasetError.files { () throws(FileError) in try StagingFolder(dataset: folder) }
  defer { staging.remove() }
  var counts = rule.parts.map { _ in 0 }
  let (lists, annotations) = try DatasetError.files { () throws(FileError) in
    try FileSystem.makeFolder(folder + "/splits")
    try FileSystem.makeFolder(folder + "/annotations")
    var lists: [OutputFile] = []
    var annotations: [COCOWriter] = []
    for part in rule.parts {
      lists.append(try OutputFile("\(folder)/splits/\(part.name).txt"))
      annotations.append(
        try COCOWriter(dataset.header.description, path: "\(folder)/annotations/coco-\(part.name).json"))
    }
    return (lists, annotations)
  }
  // The sequence and the group of the frame before.
  var cut: (sequence: Int, text: String)?
  try dataset.forEachRecord(threads: threads) { record throws(DatasetError) in
    let text = try key.text(record)
    if case .sequence(let n) = key, let own = record.sequence {
      if let last = cut, last.sequence == own.sequence, last.text != text {
        throw .refused(
          "\(folder): found that groups of \(n) frames cut sequence \(own.sequence) in two, expected the scene's "
            + "sequences: --by sequence")
      }
      cut = (own.sequence, text)
    }
    let i = rule.part(of: text)
    counts[i] += 1
    try DatasetError.files { () throws(FileError) in
      try lists[i].write("\(record.frame)\n".utf8)
      try annotations[i].add(record)
    }
    return true
  }
  try DatasetError.files { () throws(FileError) in
    for list in lists { try list.commit() }
    for writer in annotations { try writer.finish() }
    let file = try OutputFile(folder + "/splits/split.json")
    try file.write(description(rule, key, counts))
    try file.commit()
  }
  return counts
}

private func description(_ rule: SplitRule, _ key: SplitKey, _ counts: [Int]) -> [UInt8] {
  var w = JSONWriter()
  w.beginObject()
  w.member("by", key.name)
  w.member("salt", rule.salt)
  w.key("parts")
  w.beginArray()
  for (part, frames) in zip(rule.parts, counts) {
    w.beginObject()
    w.member("name", part.name)
    w.member("weight", part.weight)
    w.member("frames", frames)
    w.endObject()
  }
  w.endArray()
  w.endObject()
  w.newline()
  return w.bytes
}
