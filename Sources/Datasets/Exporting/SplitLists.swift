import Formats

/// The lists that `diorama split` made, read side by side with the records: a frame's part is looked up as frames go by in
/// order, in memory for one line a part.
struct SplitLists {
  let names: [String]
  private let folder: String
  private var readers: [LineReader] = []
  /// The next frame of each list; nil at its end.
  private var next: [Int?] = []

  /// Nil where the dataset was not split.
  init?(_ dataset: Dataset) throws(DatasetError) {
    let folder = dataset.folder + "/splits"
    guard FileSystem.size(of: folder + "/split.json") != nil else { return nil }
    self.folder = folder
    names = try DatasetError.files { () throws(FileError) in
      try FileSystem.names(in: folder).filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
    }
    .sorted { SplitLists.rank($0) < SplitLists.rank($1) }
    for name in names {
      readers.append(try DatasetError.files { () throws(FileError) in try LineReader("\(folder)/\(name).txt") })
      next.append(nil)
    }
    for i in names.indices { next[i] = try read(i) }
  }

  /// train, val and test in this order, others after them by name.
  private static func rank(_ name: String) -> (Int, String) {
    (["train", "val", "test"].firstIndex(of: name) ?? 3, name)
  }

  /// The index of a frame's part; frames are asked for in ascending order.
  mutating func part(of frame: Int) throws(DatasetError) -> Int {
    var found: Int?
    for i in names.indices {
      while let n = next[i], n < frame { next[i] = try read(i) }
      guard next[i] == frame else { continue }
      guard found == nil else {
        throw .refused(
          "\(folder): found frame \(frame) in \(names[found ?? 0]).txt and in \(names[i]).txt, expected one; "
            + "`diorama split` makes the lists anew")
      }
      found = i
    }
    guard let found else {
      throw .refused(
        "\(folder): found frame \(frame) in no list, expected it in one: the set has grown since; `diorama split` makes "
          + "the lists anew, --no-splits does without")
    }
    return found
  }

  private func read(_ i: Int) throws(DatasetError) -> Int? {
    let reader = readers[i]
    do {
      return try reader.next { (line) throws(DatasetError) -> Int in
        guard let n = Int(String(decoding: line, as: UTF8.self)), n >= 0 else {
          throw .damaged(file: reader.path, "\(reader.lineNumber): found no frame's number, expected one a line")
        }
        return n
      }
    } catch {
      switch error {
      case .file(let e): throw .file(e)
      case .content(let e): throw e
      }
    }
  }
}
