// Folders of sequences, for formats of tracking.
//
//     SPLIT/000003/seqinfo.ini       what the sequence is, in MOTChallenge's words
//     SPLIT/000003/img1/000001.png   pictures, from 1
//     SPLIT/000003/gt/gt.txt         rows of the format
//     SPLIT/000003/gt/labels.txt     names of the classes, a line each, from class 1
//     seqmaps/SPLIT.txt              "name", then the sequences
//
// A folder's name is the sequence's number, with the camera's name behind it in a rig. Frames of a sequence come one after another
// and lie in one split; pictures are counted from the first that is exported.

import Annotators
import Stage

/// A sequence that is being written.
final class SequenceFolder {
  let name: String
  let split: Int
  /// Relative to the export.
  let path: String
  let gt: OutputFile
  /// How many frames it has.
  fileprivate(set) var count = 0
  fileprivate var lastIndex: Int
  fileprivate var lastTime: Double
  fileprivate var step: Double?
  fileprivate let size: (width: Int, height: Int)

  fileprivate init(
    name: String, split: Int, path: String, gt: OutputFile, place: SequencePlace, size: (width: Int, height: Int)
  ) {
    (self.name, self.split, self.path, self.gt, self.size) = (name, split, path, gt, size)
    (lastIndex, lastTime) = (place.index - 1, place.time)
  }
}

final class SequenceFolders {
  private let export: FormatExport
  private let labels: [UInt8]
  private var maps: [OutputFile] = []
  /// The sequence that is open, by the camera's name, and its number.
  private var open: [String: (number: Int, folder: SequenceFolder)] = [:]

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    labels = Array(export.classes.list.map { $0.name + "\n" }.joined().utf8)
    for split in export.splits {
      try export.makeFolder(split)
      maps.append(try export.stream("seqmaps/\(split).txt"))
    }
    try FormatError.files { () throws(FileError) in for m in maps { try m.write("name\n") } }
  }

  /// The folder of a frame's sequence, with the frame counted and its picture placed: its number there is `count`.
  func add(_ frame: ExportedFrame) throws(FormatError) -> SequenceFolder {
    let (record, who) = (frame.record, export.manual.name)
    guard let place = record.sequence else {
      throw .refused(
        "\(who): frame \(record.frame): found a frame without time, expected one of a sequence (`sequence:` in the scene)"
      )
    }
    let view = record.camera.view
    if let current = open[view], current.number != place.sequence {
      guard current.number < place.sequence else {
        throw .refused(
          "\(who): frame \(record.frame): found sequence \(place.sequence) after \(current.number), expected ascending order"
        )
      }
      try close(current.folder)
      open[view] = nil
    }
    let folder: SequenceFolder
    if let current = open[view] {
      folder = current.folder
    } else {
      folder = try begin(frame, place)
      open[view] = (place.sequence, folder)
    }
    guard folder.split == frame.split else {
      throw .refused(
        "\(who): frame \(record.frame): found sequence \(place.sequence) in \(export.splits[folder.split]) and in "
          + "\(export.splits[frame.split]), expected it in one: `diorama split --by sequence` keeps sequences whole")
    }
    guard place.index == folder.lastIndex + 1 else {
      throw .refused(
        "\(who): frame \(record.frame): found the frame \(place.index) of sequence \(place.sequence) after "
          + "\(folder.lastIndex), expected sequences without gaps: render the frames between")
    }
    if folder.count == 1 { folder.step = place.time - folder.lastTime }
    (folder.lastIndex, folder.lastTime) = (place.index, place.time)
    folder.count += 1
    try export.place("rgb", of: frame, at: "\(folder.path)/img1/\(sixDigits(folder.count)).png")
    return folder
  }

  private func begin(_ frame: ExportedFrame, _ place: SequencePlace) throws(FormatError) -> SequenceFolder {
    let view = frame.record.camera.view
    let name = sixDigits(place.sequence) + (view.isEmpty ? "" : "-" + view)
    let path = export.splits[frame.split] + "/" + name
    try export.write(labels, to: path + "/gt/labels.txt")
    return SequenceFolder(
      name: name, split: frame.split, path: path, gt: try export.stream(path + "/gt/gt.txt"), place: place,
      size: (frame.record.width, frame.record.height))
  }

  /// The frame rate is that of the first two frames; of a single frame, 1.
  private func close(_ s: SequenceFolder) throws(FormatError) {
    let rate = s.step.flatMap { $0 > 0 ? 1 / $0 : nil } ?? 1
    let whole = rate.rounded()
    let rateText = abs(rate - whole) < 1e-6 ? "\(Int(whole))" : decimal(rate, 6)
    let text =
      "[Sequence]\nname=\(s.name)\nimDir=img1\nframeRate=\(rateText)\nseqLength=\(s.count)\nimWidth=\(s.size.width)\n"
      + "imHeight=\(s.size.height)\nimExt=.png\n"
    try export.write(Array(text.utf8), to: s.path + "/seqinfo.ini")
    try FormatError.files { () throws(FileError) in
      try s.gt.commit(sync: false)
      try maps[s.split].write(Array("\(s.name)\n".utf8))
    }
  }

  func finish() throws(FormatError) {
    for s in open.values.sorted(by: { ($0.number, $0.folder.name) < ($1.number, $1.folder.name) }) {
      try close(s.folder)
    }
    open.removeAll()
    try FormatError.files { () throws(FileError) in for m in maps { try m.commit(sync: false) } }
  }
}
