// Splitting a dataset into train, val, test: lists of frames and annotations of each part. Images stay where they are, so a
// set can be split in several ways, one after the other, and split again when it has grown.
//
//     splits/split.json            the rule
//     splits/train.txt             a frame's number a line
//     annotations/coco-train.json  COCO of those frames

import Annotators
import Documents
import Formats

/// What tells frames apart that may lie in different parts.
public enum SplitKey: Sendable {
  /// Every frame for itself.
  case frame
  /// So many consecutive frames together.
  case sequence(Int)
  /// Frames together that have the same value of what is named; the function gives it for a frame's number.
  case value(name: String, @Sendable (Int) throws(DatasetError) -> String)

  func text(_ frame: Int) throws(DatasetError) -> String {
    switch self {
    case .frame: "frame \(frame)"
    case .sequence(let n): "sequence \(frame / n)"
    case .value(let name, let value): "value \(name) \(try value(frame))"
    }
  }

  var name: String {
    switch self {
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
  try dataset.forEachRecord(threads: threads) { record throws(DatasetError) in
    let i = rule.part(of: try key.text(record.frame))
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
  w.key("by")
  w.string(key.name)
  w.key("salt")
  w.string(rule.salt)
  w.key("parts")
  w.beginArray()
  for (part, frames) in zip(rule.parts, counts) {
    w.beginObject()
    w.key("name")
    w.string(part.name)
    w.key("weight")
    w.integer(part.weight)
    w.key("frames")
    w.integer(frames)
    w.endObject()
  }
  w.endArray()
  w.endObject()
  w.newline()
  return w.bytes
}
