// The dataset on disk.
//
//     dataset.json                   what it was made from, categories, conventions, counts
//     images/000000.png              RGB
//     labels/instance/000000.png     16-bit ids; semantic/, depth/ and what else the scene asks for likewise, as .png, .npy
//                                    or .exr
//     chunks/000000.jsonl            one frame's record a line
//     annotations/coco.json          derived; can be made again from chunks/ at any time
//     splits/train.txt               frame numbers of a part, where the set was split
//     .part-BOOT-RANDOM/             a running process's unfinished files
//
// In the tar layout the images of a chunk and copies of its records lie in one archive, a WebDataset shard; everything
// else is as above. A record then names a file inside an archive as `shards/000000.tar/000012.png`.
//
//     shards/000000.tar              000012.depth.png, 000012.instance.png, 000012.json, 000012.png, 000012.semantic.png,
//                                    and so on by frame, then by name
//
// Numbers have six digits, or more where they need more.

import Annotators
import Formats

/// A file that every frame has.
struct PlaneKind: Sendable {
  let description: PlaneDescription

  init(_ description: PlaneDescription) { self.description = description }

  /// Its name in records.
  var name: String { description.name }
  var folder: String { description.folder }
  /// "png": how its files end.
  var ending: String { description.file.rawValue }

  /// Relative to the dataset's folder, in the folder layout.
  func file(frame: Int) -> String { "\(folder)/\(sixDigits(frame)).\(ending)" }

  /// The name of the member in a chunk's archive: WebDataset takes what stands before the first point as the sample's key,
  /// the rest as the field's name, whose ending chooses the decoder.
  func member(frame: Int) -> String {
    name == "rgb" ? "\(sixDigits(frame)).\(ending)" : "\(sixDigits(frame)).\(name).\(ending)"
  }
}

/// How the files of frames lie in a dataset.
public enum FileLayout: String, Sendable, CaseIterable {
  /// A file each, in folders by kind.
  case folder
  /// An archive a chunk: WebDataset shards.
  case tar

  /// Relative to the dataset's folder.
  func file(_ kind: PlaneKind, frame: Int, chunk: Int) -> String {
    switch self {
    case .folder: kind.file(frame: frame)
    case .tar: DatasetLayout.archive(chunk) + "/" + kind.member(frame: frame)
    }
  }

  /// The folders that frames' files lie in, relative to the dataset's.
  func folders(_ kinds: [PlaneKind]) -> [String] {
    switch self {
    case .folder: kinds.map(\.folder)
    case .tar: [DatasetLayout.archives]
    }
  }
}

enum DatasetLayout {
  static let header = "dataset.json"
  static let chunks = "chunks"
  static let partPrefix = ".part-"

  static let archives = "shards"

  /// Of the tar layout, relative to the dataset's folder.
  static func archive(_ chunk: Int) -> String { "\(archives)/\(sixDigits(chunk)).tar" }

  /// The copy of a frame's record in its chunk's archive.
  static func recordMember(frame: Int) -> String { "\(sixDigits(frame)).json" }

  /// The archive and the member's name, where a record's file lies in one.
  static func member(_ file: String) -> (archive: String, name: String)? {
    file.hasPrefix(archives + "/") ? TarIndex.member(file) : nil
  }

  static func chunkFile(_ chunk: Int) -> String { "\(chunks)/\(sixDigits(chunk)).jsonl" }

  /// The number in a chunk file's name; nil for other files.
  static func chunkNumber(_ name: String) -> Int? {
    guard name.hasSuffix(".jsonl"), let n = Int(name.dropLast(6)), n >= 0, sixDigits(n) + ".jsonl" == name else {
      return nil
    }
    return n
  }
}
